/**
 * Completes the generated OpenAPI document.
 *
 * Decides what the generator can't know: that answers may grow members, what a problem is called, that `limit` is a
 * number, how a key is sent, what a body may look like, what a list of rules in a request is, and what each member is (`words/`). Changes no meaning: what is refused and answered is decided by the schemas.
 */
import { rulesMax } from "@punctual/core"
import { Predicate } from "effect"
import { examples } from "./Examples.ts"
import { pageSizeMax } from "./Fields.ts"
import { launchWebhook } from "./LaunchWebhook.ts"
import { listsOfRules, neededOfRules } from "./RuleSchemas.ts"
import { describeApi } from "./words/Describe.ts"

type Json = Record<string, unknown>

/** For `OpenApi.annotations({ transform })` of the whole API. */
export const transformOpenApi = (spec: Json): Json => {
  const renamed = JSON.parse(
    JSON.stringify(spec).replaceAll(/"#\/components\/schemas\/(\w+)Encoded"/g, (_, code: string) =>
      JSON.stringify(`#/components/schemas/${problemName(code)}`)
    ),
    limitAsNumber
  ) as Json
  showExamples(renamed)
  const components = renamed["components"]
  if (!Predicate.isObject(components) || !Predicate.isObject(components["schemas"])) return renamed
  const schemas = Object.entries(withListsOfRules(components["schemas"]))
    .map(([name, schema]) => [problemName(name.replace(/Encoded$/, "")), grown(schema)] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
  return describeApi({
    ...renamed,
    webhooks: launchWebhook,
    components: {
      ...components,
      schemas: Object.fromEntries(schemas),
      securitySchemes: presentable(components["securitySchemes"])
    }
  })
}

/** Lists of rules in requests: any JSON to the generator, told as the rules that are answered, with less that must be there. */
const withListsOfRules = (schemas: Json): Json => ({
  ...schemas,
  ...Object.fromEntries(
    listsOfRules.flatMap(({ item, list, rule }) => [
      [item, { ...objectOf(schemas[rule]), required: [...neededOfRules] }],
      [list, { type: "array", items: { $ref: `#/components/schemas/${item}` }, maxItems: rulesMax }]
    ])
  )
})

const objectOf = (value: unknown): Json => (Predicate.isObject(value) ? value : {})

/**
 * The two ways to send a key, as pages and generators can follow them. `Token` is no scheme that they know: they would
 * take it for Basic and ask for a password. So it is told as the header that it is.
 */
const presentable = (schemes: unknown): unknown => ({
  ...(Predicate.isObject(schemes) ? schemes : {}),
  bearer: { type: "http", scheme: "bearer", description: "Your API key, sent as `Authorization: Bearer <key>`." },
  token: {
    type: "apiKey",
    in: "header",
    name: "Authorization",
    description: "The same key in the guide's form. The value is `Token <key>`, the word and the space included."
  }
})

/** An example with every JSON body. */
const showExamples = (spec: Json): void => {
  for (const operation of operationsOf(spec)) {
    const { request, response } = examples[String(operation["operationId"])] ?? {}
    if (request !== undefined) show(operation["requestBody"], request)
    if (Predicate.isObject(operation["responses"]) && response !== undefined)
      show(operation["responses"]["200"], response)
  }
}

const operationsOf = (spec: Json): ReadonlyArray<Json> =>
  Object.values(Predicate.isObject(spec["paths"]) ? spec["paths"] : {})
    .flatMap((methods) => (Predicate.isObject(methods) ? Object.values(methods) : []))
    .filter(Predicate.isObject)

const show = (body: unknown, example: unknown): void => {
  const content = Predicate.isObject(body) ? body["content"] : undefined
  const json = Predicate.isObject(content) ? content["application/json"] : undefined
  if (Predicate.isObject(json)) json["example"] = example
}

/** `bot_not_found` → `BotNotFound`; other names stay. */
const problemName = (code: string): string =>
  code.includes("_") || /^[a-z]/.test(code)
    ? code.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())
    : code

/** Components are what is answered: more members may come. */
const grown = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(grown)
  if (!Predicate.isObject(schema)) return schema
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([member, value]) => !(member === "additionalProperties" && value === false))
      .map(([member, value]) => [member, grown(value)])
  )
}

const limitAsNumber = (_: string, value: unknown): unknown =>
  Predicate.isObject(value) && value["name"] === "limit" && value["in"] === "query"
    ? { ...value, schema: { type: "integer", minimum: 1, maximum: pageSizeMax } }
    : value
