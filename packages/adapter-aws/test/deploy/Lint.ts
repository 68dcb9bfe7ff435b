/**
 * A CloudFormation template, checked against AWS's own specification of resources, as the CDK ships it.
 * Decides whether types and members are known, whether what is required is there and of its kind, and whether every
 * reference leads somewhere. Knows nothing of what the template is for.
 */
import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec"

export interface Template {
  readonly Parameters: Readonly<Record<string, unknown>>
  readonly Conditions: Readonly<Record<string, unknown>>
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties: unknown; readonly Condition?: string }>
  >
  readonly Outputs: Readonly<Record<string, unknown>>
}

const specification = loadAwsServiceSpecSync()
type Property = ReturnType<typeof resourceOf>["properties"][string]
type PropertyType = Property["type"]

const resourceOf = (type: string) => specification.lookup("resource", "cloudFormationType", "equals", type).only()

/** Every fault, each with its path; none: the template is sound. */
export const lint = (template: Template): ReadonlyArray<string> => [
  ...Object.entries(template.Resources).flatMap(([name, { Condition, Properties, Type }]) => [
    ...faultsOfResource(`Resources.${name}`, Type, Properties),
    ...(Condition === undefined || Condition in template.Conditions
      ? []
      : [`Resources.${name}: no condition ${Condition}`])
  ]),
  ...references(template).flatMap(({ attribute, name, path }) => faultOfReference(template, name, attribute, path)),
  ...Object.keys(template.Parameters)
    .filter((name) => !references(template).some((reference) => reference.name === name))
    .map((name) => `Parameters.${name}: nobody uses it`)
]

const faultsOfResource = (path: string, type: string, properties: unknown): ReadonlyArray<string> =>
  specification.lookup("resource", "cloudFormationType", "equals", type).length === 0
    ? [`${path}: there is no ${type}`]
    : faultsOfMembers(path, properties, resourceOf(type).properties)

const faultsOfMembers = (
  path: string,
  value: unknown,
  properties: Readonly<Record<string, Property>>
): ReadonlyArray<string> => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${path}: members are expected`]
  const given = new Map(Object.entries(value))
  return [
    ...[...given].flatMap(([name, member]) => {
      const property = properties[name]
      return property === undefined ? [`${path}.${name}: unknown`] : faultsOf(`${path}.${name}`, member, property.type)
    }),
    ...Object.entries(properties)
      .filter(([name, { required }]) => required === true && !given.has(name))
      .map(([name]) => `${path}.${name}: required`)
  ]
}

const intrinsics = ["Ref", "Fn::GetAtt", "Fn::Sub", "Fn::If"]
const isIntrinsic = (value: unknown): boolean =>
  typeof value === "object" && value !== null && intrinsics.some((name) => name in value)

const faultsOf = (path: string, value: unknown, type: PropertyType): ReadonlyArray<string> => {
  if (isIntrinsic(value) || type.type === "json") return []
  switch (type.type) {
    case "string":
    case "boolean":
      return typeof value === type.type ? [] : [`${path}: a ${type.type} is expected`]
    case "integer":
    case "number":
      return typeof value === "number" ? [] : [`${path}: a number is expected`]
    case "array":
      return Array.isArray(value)
        ? value.flatMap((each, at) => faultsOf(`${path}.${at}`, each, type.element))
        : [`${path}: a list is expected`]
    case "ref":
      return faultsOfMembers(path, value, specification.get("typeDefinition", type.reference.$ref).properties)
    case "union": {
      const faults = type.types.map((each) => faultsOf(path, value, each))
      return faults.some((each) => each.length === 0) ? [] : (faults[0] ?? [])
    }
    default:
      return []
  }
}

interface Reference {
  readonly path: string
  readonly name: string
  readonly attribute: string | null
}

const references = (value: unknown, path = ""): ReadonlyArray<Reference> => {
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([key, member]): ReadonlyArray<Reference> => {
    const here = `${path}.${key}`
    if (key === "Ref") return [{ path: here, name: String(member), attribute: null }]
    if (key === "Fn::GetAtt") return [{ path: here, name: String(member[0]), attribute: String(member[1]) }]
    if (key === "Fn::Sub")
      return [...String(member).matchAll(/\$\{([\w:]+)(?:\.(\w+))?\}/g)].map(([, name = "", attribute = null]) => ({
        path: here,
        name,
        attribute
      }))
    return references(member, here)
  })
}

const faultOfReference = (
  { Parameters, Resources }: Template,
  name: string,
  attribute: string | null,
  path: string
): ReadonlyArray<string> => {
  if (name.startsWith("AWS::") || (attribute === null && name in Parameters)) return []
  const resource = Resources[name]
  if (resource === undefined) return [`${path}: there is no ${name}`]
  const known = specification.lookup("resource", "cloudFormationType", "equals", resource.Type)
  return attribute === null || known.some(({ attributes }) => attribute in attributes)
    ? []
    : [`${path}: ${name} has no ${attribute}`]
}
