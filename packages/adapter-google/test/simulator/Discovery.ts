/**
 * The part of Google's own description of Calendar v3 that is used here, and whether JSON keeps to it. Decides only what
 * does not: members that the description does not know, and values of another type.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema
  readonly items?: Schema
}

interface Method {
  readonly parameters?: Readonly<Record<string, { readonly location: string }>>
}

interface Discovery {
  readonly commonParameters: Readonly<Record<string, unknown>>
  readonly methods: Readonly<Record<string, Method>>
  readonly schemas: Readonly<Record<string, Schema>>
}

const discovery = JSON.parse(
  readFileSync(join(import.meta.dirname, "../fixtures/discovery-subset.json"), "utf8")
) as Discovery

/** What is wrong with it, as paths; none where nothing is. */
export const faultsOf = (json: unknown, schema: string): ReadonlyArray<string> =>
  faultsIn(json, { $ref: schema }, schema)

/** The names of query parameters that a method takes. */
export const parametersOf = (method: string): ReadonlySet<string> => {
  const { parameters = {} } = discovery.methods[method] ?? unknown(method)
  const own = Object.entries(parameters).flatMap(([name, { location }]) => (location === "query" ? [name] : []))
  return new Set([...own, ...Object.keys(discovery.commonParameters)])
}

const faultsIn = (json: unknown, told: Schema, path: string): ReadonlyArray<string> => {
  const schema = told.$ref === undefined ? told : (discovery.schemas[told.$ref] ?? unknown(told.$ref))
  switch (schema.type) {
    case "array":
      return Array.isArray(json) && schema.items !== undefined
        ? json.flatMap((each, index) => faultsIn(each, schema.items ?? {}, `${path}[${index}]`))
        : [path]
    case "object": {
      if (typeof json !== "object" || json === null) return [path]
      return Object.entries(json).flatMap(([name, value]) => {
        const member = schema.properties?.[name] ?? schema.additionalProperties
        return member === undefined ? [`${path}.${name}`] : faultsIn(value, member, `${path}.${name}`)
      })
    }
    case "string":
    case "boolean":
      return typeof json === schema.type ? [] : [path]
    case "integer":
    case "number":
      return typeof json === "number" ? [] : [path]
    default:
      return []
  }
}

const unknown = (what: string): never => {
  throw new Error(`the description has no ${what}`)
}
