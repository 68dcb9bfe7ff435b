/**
 * Microsoft's own description of the answers, made strict enough to catch a slip.
 *
 * The generated document allows any further member as long as it is an object, which neither Graph nor anyone keeps.
 * Here inherited members are gathered into one list per type and nothing else is allowed, apart from OData's own and
 * the few that Graph has had since. `Schema.test.ts` holds captured payloads against the same reading of it.
 */
import { Ajv, type ValidateFunction } from "ajv"
import { readFileSync } from "node:fs"
import { parse } from "yaml"
import type { Json } from "./Client.ts"

const document = parse(readFileSync(new URL("../fixtures/openapi-subset.yaml", import.meta.url), "utf8")) as Json

const schemas = (document["components"] as Readonly<Record<string, Json>>)["schemas"] as Readonly<Record<string, Json>>

// Members that live Graph sends and the description of 2022 does not know.
const since: Readonly<Record<string, ReadonlyArray<string>>> = {
  "microsoft.graph.event": ["occurrenceId", "uid"],
  "microsoft.graph.calendar": ["groupClassId"],
  "microsoft.graph.subscription": ["notificationContentType"],
  "odata.error.main": ["innerError"]
}

const prefix = "#/components/schemas/"

/** A strict validator for one type of the document. */
export const validatorOf = (type: string): ValidateFunction => {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
  for (const name of Object.keys(schemas)) ajv.addSchema(strict(name), name)
  const validate = ajv.getSchema(type)
  if (validate === undefined) throw new Error(`no type ${type}`)
  return validate as ValidateFunction // schemas here are not asynchronous
}

/** What is wrong with a value, one line each. */
export const faultsOf = (validate: ValidateFunction, value: unknown): ReadonlyArray<string> =>
  validate(value)
    ? []
    : (validate.errors ?? []).map((each) => `${each.instancePath} ${each.message} ${JSON.stringify(each.params)}`)

const strict = (name: string): Json => {
  const schema = schemas[name] ?? {}
  const members = membersOf(name)
  if (Object.keys(members).length === 0) return tightened(schema)
  const further = Object.fromEntries((since[name] ?? []).map((member) => [member, {}]))
  return {
    type: "object",
    properties: { ...members, ...further },
    patternProperties: { "^@odata\\.|^@removed$": {} },
    additionalProperties: false
  }
}

const membersOf = (name: string): Json => {
  const schema = schemas[name] ?? {}
  const parts = Array.isArray(schema["allOf"]) ? (schema["allOf"] as ReadonlyArray<Json>) : [schema]
  return Object.assign(
    {},
    ...parts.map((part) =>
      typeof part["$ref"] === "string"
        ? membersOf(part["$ref"].replace(prefix, ""))
        : Object.fromEntries(
            Object.entries((part["properties"] ?? {}) as Readonly<Record<string, Json>>).map(([key, each]) => [
              key,
              tightened(each)
            ])
          )
    )
  ) as Json
}

// A reference may be null on the wire (recurrence, onlineMeeting), whatever the document says.
const tightened = (schema: Json): Json => {
  if (typeof schema["$ref"] === "string")
    return { anyOf: [{ $ref: schema["$ref"].replace(prefix, "") }, { type: "null" }] }
  const { additionalProperties: _, nullable, items, ...rest } = schema
  const inner = items === undefined ? {} : { items: tightened(items as Json) }
  return nullable === true ? { ...rest, ...inner, type: [schema["type"], "null"] } : { ...rest, ...inner }
}
