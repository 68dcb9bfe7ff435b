/**
 * Puts words to the OpenAPI document: a description and an example to every member, parameter and operation.
 *
 * They stand beside the schemas, not in them, for two reasons: a name means one thing throughout the contract, so that one
 * sentence serves wherever it stands; and the generator drops annotations of members that are decoded (every date-time).
 * Decides which word a member gets: its owner's, a problem's, its name's. Changes nothing else.
 */
import { Predicate } from "effect"
import { adminWords } from "./AdminWords.ts"
import { botWords } from "./BotWords.ts"
import { changeWords } from "./ChangeWords.ts"
import { composedExample } from "./ComposedExample.ts"
import { connectionWords } from "./ConnectionWords.ts"
import { calendarWords } from "./CalendarWords.ts"
import { decisionWords } from "./DecisionWords.ts"
import { operationWords } from "./OperationWords.ts"
import { problemWords } from "./ProblemWords.ts"
import { requestWords } from "./RequestWords.ts"
import { ruleWords } from "./RuleWords.ts"
import type { Word, Words } from "./Word.ts"

type Json = Record<string, unknown>

const words: Words = {
  ...requestWords,
  ...connectionWords,
  ...calendarWords,
  ...botWords,
  ...changeWords,
  ...ruleWords,
  ...decisionWords,
  ...problemWords,
  ...adminWords
}

/** Where a member stands: in a component or an operation, perhaps within a member of that. */
interface Owner {
  readonly name: string
  readonly member: string | null
}

/** The keys under which a member's word may stand, the nearest first. */
const keysOf = ({ member, name: owner }: Owner, name: string, isProblem: boolean): ReadonlyArray<string> => [
  ...(member === null ? [] : [`${owner}.${member}.${name}`]),
  `${owner}.${name}`,
  ...(isProblem ? [`Problem.${name}`] : []),
  name
]

/** The document with words. What has none keeps what it had. */
export const describeApi = (spec: Json): Json => {
  const components = objectOf(spec["components"])
  const schemas = mapValues(objectOf(components["schemas"]), (schema, name) =>
    describeSchema(schema, { name, member: null })
  )
  return {
    ...spec,
    ...Object.fromEntries(["paths", "webhooks"].map((member) => [member, describeOperations(spec[member])])),
    components: {
      ...components,
      schemas: mapValues(schemas, (schema) => withComposed(schema, schemas))
    }
  }
}

const describeOperations = (items: unknown): Json =>
  mapValues(objectOf(items), (methods) => mapValues(objectOf(methods), describeOperation))

const describeOperation = (operation: unknown): unknown => {
  if (!Predicate.isObject(operation)) return operation
  const id = String(operation["operationId"])
  const owner: Owner = { name: id, member: null }
  const parameters = operation["parameters"]
  return {
    ...operation,
    ...(operationWords[id] !== undefined && { description: operationWords[id] }),
    ...(Array.isArray(parameters) && { parameters: parameters.map((each) => describeParameter(each, owner)) }),
    ...(operation["requestBody"] !== undefined && {
      requestBody: withComposed(describeSchema(operation["requestBody"], owner), {})
    }),
    responses: describeSchema(operation["responses"], owner)
  }
}

/** A parameter is described itself; its schema keeps what it accepts. */
const describeParameter = (parameter: unknown, owner: Owner): unknown => {
  if (!Predicate.isObject(parameter)) return parameter
  const word = wordOf(owner, String(parameter["name"]), false)
  if (word === undefined) return parameter
  const { description: _, examples: __, ...schema } = objectOf(parameter["schema"])
  return {
    ...parameter,
    description: word.description,
    schema: { ...schema, ...(word.default !== undefined && { default: word.default }) },
    ...(word.example !== undefined && { example: word.example })
  }
}

const describeSchema = (schema: unknown, owner: Owner): unknown => {
  if (Array.isArray(schema)) return schema.map((each) => describeSchema(each, owner))
  if (!Predicate.isObject(schema)) return schema
  const isProblem = isProblemSchema(schema)
  return mapValues(schema, (value, keyword) =>
    keyword === "properties" && Predicate.isObject(value)
      ? mapValues(value, (member, name) => {
          const word = wordOf(owner, name, isProblem)
          const inner = objectOf(describeSchema(member, { name: owner.name, member: name }))
          return word === undefined ? inner : { ...inner, ...annotationsOf(word, inner) }
        })
      : dataKeywords.has(keyword)
        ? value
        : describeSchema(value, owner)
  )
}

/** Members that are made of members get an example of theirs. */
const withComposed = (schema: unknown, components: Json): unknown => {
  if (Array.isArray(schema)) return schema.map((each) => withComposed(each, components))
  if (!Predicate.isObject(schema)) return schema
  return mapValues(schema, (value, keyword) => {
    if (dataKeywords.has(keyword)) return value
    if (keyword !== "properties" || !Predicate.isObject(value)) return withComposed(value, components)
    return mapValues(value, (member) => {
      const example = composedExample(member, components)
      const inner = objectOf(withComposed(member, components))
      return "examples" in inner || example === undefined ? inner : { ...inner, examples: [example] }
    })
  })
}

/** What stands under these is data, not schema. */
const dataKeywords: ReadonlySet<string> = new Set(["example", "examples", "default", "enum", "const", "required"])

const annotationsOf = (word: Word, schema: Json): Json => {
  const values = schema["enum"]
  const only = Array.isArray(values) && values.length === 1 ? values : undefined
  return {
    description: word.description,
    ...(word.default !== undefined && { default: word.default }),
    ...(word.example !== undefined ? { examples: [word.example] } : only !== undefined && { examples: only })
  }
}

const wordOf = (owner: Owner, name: string, isProblem: boolean): Word | undefined =>
  keysOf(owner, name, isProblem)
    .filter((key) => Object.hasOwn(words, key))
    .map((key) => words[key])[0]

/** Told by its type's URN. */
const isProblemSchema = (schema: Json): boolean => {
  const type = objectOf(objectOf(schema["properties"])["type"])["enum"]
  return Array.isArray(type) && String(type[0]).startsWith("urn:problem-type:")
}

const mapValues = (members: Json, change: (value: unknown, name: string) => unknown): Json =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [name, change(value, name)]))

const objectOf = (value: unknown): Json => (Predicate.isObject(value) ? value : {})
