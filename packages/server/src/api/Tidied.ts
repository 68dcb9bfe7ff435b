/**
 * Last touches to the generated OpenAPI document.
 *
 * Decides what the generator can't know: that answers may grow members, what a problem is called, and that `limit` is
 * a number. Changes no meaning: what is refused and answered is decided by the schemas.
 */
import { Predicate } from "effect"
import { pageSizeMax } from "./Fields.ts"

type Json = Record<string, unknown>

/** For `OpenApi.annotations({ transform })` of the whole API. */
export const tidied = (spec: Json): Json => {
  const renamed = JSON.parse(
    JSON.stringify(spec).replaceAll(/"#\/components\/schemas\/(\w+)Encoded"/g, (_, code: string) =>
      JSON.stringify(`#/components/schemas/${problemName(code)}`)
    ),
    limitAsNumber
  ) as Json
  const components = renamed["components"]
  if (!isObject(components) || !isObject(components["schemas"])) return renamed
  const schemas = Object.entries(components["schemas"])
    .map(([name, schema]) => [problemName(name.replace(/Encoded$/, "")), grown(schema)] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
  return { ...renamed, components: { ...components, schemas: Object.fromEntries(schemas) } }
}

/** `bot_not_found` → `BotNotFound`; other names stay. */
const problemName = (code: string): string =>
  code.includes("_") || /^[a-z]/.test(code)
    ? code.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())
    : code

/** Components are what is answered: more members may come. */
const grown = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(grown)
  if (!isObject(schema)) return schema
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([member, value]) => !(member === "additionalProperties" && value === false))
      .map(([member, value]) => [member, grown(value)])
  )
}

const limitAsNumber = (_: string, value: unknown): unknown =>
  isObject(value) && value["name"] === "limit" && value["in"] === "query"
    ? { ...value, schema: { type: "integer", minimum: 1, maximum: pageSizeMax } }
    : value

const isObject = (value: unknown): value is Json => Predicate.isObject(value) && !Array.isArray(value)
