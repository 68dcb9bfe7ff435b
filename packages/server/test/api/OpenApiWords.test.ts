/**
 * What the document says of each member, parameter and operation: that nothing is left without a word, and that every word
 * is said of something.
 */
import { assert, describe, it } from "@effect/vitest"
import { Ajv2020 } from "ajv/dist/2020.js"
import formats from "ajv-formats"
import { OpenApi } from "effect/http-api"
import { Api } from "../../src/api/index.ts"
import { adminWords } from "../../src/api/words/AdminWords.ts"
import { changeWords } from "../../src/api/words/ChangeWords.ts"
import { botWords } from "../../src/api/words/BotWords.ts"
import { calendarWords } from "../../src/api/words/CalendarWords.ts"
import { connectionWords } from "../../src/api/words/ConnectionWords.ts"
import { operationWords } from "../../src/api/words/OperationWords.ts"
import { decisionWords } from "../../src/api/words/DecisionWords.ts"
import { ruleWords } from "../../src/api/words/RuleWords.ts"
import { problemWords } from "../../src/api/words/ProblemWords.ts"
import { requestWords } from "../../src/api/words/RequestWords.ts"

type Json = Record<string, unknown>

interface Member {
  readonly at: string
  readonly schema: Json
  readonly isRequired: boolean
}

const spec = JSON.parse(JSON.stringify(OpenApi.fromApi(Api))) as {
  readonly paths: Record<string, Record<string, Operation>>
  readonly webhooks: Record<string, Record<string, Operation>>
  readonly components: Json
}

interface Operation extends Json {
  readonly operationId: string
  readonly parameters?: ReadonlyArray<Json & { readonly name: string }>
  readonly requestBody?: Json
}

const operations = [...Object.values(spec.paths), ...Object.values(spec.webhooks)].flatMap((methods) =>
  Object.values(methods)
)

/** Every property of every schema; what stands under an example is none. */
const membersOf = (value: unknown, at: string): ReadonlyArray<Member> => {
  if (Array.isArray(value)) return value.flatMap((each, n) => membersOf(each, `${at}/${n}`))
  if (typeof value !== "object" || value === null) return []
  const schema = value as Json
  const properties = Object.entries((schema["properties"] ?? {}) as Record<string, Json>)
  const required = (schema["required"] ?? []) as ReadonlyArray<string>
  return [
    ...properties.map(([name, member]) => ({
      at: `${at}.${name}`,
      schema: member,
      isRequired: required.includes?.(name) ?? false
    })),
    ...Object.entries(schema).flatMap(([key, inner]) =>
      ["example", "examples", "default"].includes(key) ? [] : membersOf(inner, `${at}/${key}`)
    )
  ]
}

const members = membersOf({ paths: spec.paths, webhooks: spec.webhooks, components: spec.components }, "")

const parameters = operations.flatMap((operation) =>
  (operation.parameters ?? []).map((parameter) => ({ at: `${operation.operationId}.${parameter.name}`, parameter }))
)

/** A sentence, or several: begins with a capital, a number or code, and ends. */
const isSentence = (text: unknown): boolean => typeof text === "string" && /^[A-Z0-9`].{10,}[.]$/s.test(text)

describe("D: what the OpenAPI document says", () => {
  it("describes every property of every schema: none is without", () => {
    const bare = members.filter(({ schema }) => !isSentence(schema["description"])).map(({ at }) => at)
    assert.deepStrictEqual(bare, [])
    assert.isAbove(members.length, 400, "properties were looked at")
  })

  it("describes every operation past its summary, and every parameter", () => {
    const bare = operations.filter(({ description, summary }) => !isSentence(description) || description === summary)
    assert.deepStrictEqual(
      bare.map(({ operationId }) => operationId),
      []
    )
    const mute = parameters.filter(({ parameter }) => !isSentence(parameter["description"])).map(({ at }) => at)
    assert.deepStrictEqual(mute, [])
    assert.isAbove(parameters.length, 25, "parameters were looked at")
  })

  it("says what counts where something is left out of a request", () => {
    const says = (text: unknown, fallback: unknown) => fallback !== undefined || /Default: |Absent /.test(String(text))
    const bodies = operations.flatMap(({ operationId, requestBody }) => membersOf(requestBody, operationId))
    const optional = [
      ...bodies
        .filter(({ isRequired }) => !isRequired)
        .map(({ at, schema }) => ({ at, says: says(schema["description"], schema["default"]) })),
      ...parameters
        .filter(({ parameter }) => parameter["required"] !== true)
        .map(({ at, parameter }) => ({
          at,
          says: says(parameter["description"], (parameter["schema"] as Json)["default"])
        }))
    ]
    assert.deepStrictEqual(
      optional.filter((each) => !each.says).map(({ at }) => at),
      []
    )
    assert.isAbove(optional.length, 30, "members that may be left out were looked at")
  })

  it("names the unit of every time", () => {
    const isTime = (schema: Json): boolean =>
      schema["format"] === "date-time" ||
      ["allOf", "anyOf", "oneOf"].some((keyword) => ((schema[keyword] ?? []) as ReadonlyArray<Json>).some(isTime))
    const times = members.filter(({ schema }) => isTime(schema))
    const mute = times.filter(({ schema }) => !/RFC 3339/.test(String(schema["description"])))
    assert.deepStrictEqual(
      mute.map(({ at }) => at),
      []
    )
    const nullable = times.filter(({ schema }) => schema["format"] !== "date-time")
    assert.isAbove(nullable.length, 5, "times that may be null were looked at")
    assert.isAbove(times.length - nullable.length, 15, "times were looked at")
  })

  it("shows an example of everything, and each is what its schema says", () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true })
    formats.default(ajv)
    ajv.addSchema({ ...spec, $id: "punctual" })
    const led = (schema: unknown) => JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"punctual#/')) as object
    const shown = [
      ...members.map(({ at, schema }) => ({
        at,
        schema,
        example: (schema["examples"] as ReadonlyArray<unknown>)?.[0]
      })),
      ...parameters.map(({ at, parameter }) => ({
        at,
        schema: parameter["schema"],
        example: parameter["example"] ?? ((parameter["schema"] as Json)["examples"] as ReadonlyArray<unknown>)?.[0]
      }))
    ]
    for (const { at, example, schema } of shown) {
      assert.isDefined(example, at)
      const isValid = ajv.compile(led(schema))
      assert.isTrue(isValid(example), `${at}: ${ajv.errorsText(isValid.errors)}`)
    }
  })

  it("tells a calendar's id from a connection's, and a bot's trouble from a connection's", () => {
    const said = (end: string) =>
      members.filter(({ at }) => at.endsWith(end)).map(({ schema }) => String(schema["description"]))
    for (const owner of ["ScheduledBot", "EventBot"]) {
      assert.match(said(`/${owner}.status_message`)[0] ?? "", /bot service/)
    }
    for (const owner of ["ConnectionAnswer", "ConnectionState", "ConnectionOverview"]) {
      assert.match(said(`/${owner}.status_message`)[0] ?? "", /what to do/)
      assert.match(said(`/${owner}.calendar_id`)[0] ?? "", /connection's id/)
    }
    for (const list of ["subscription_results", "failed_calendars"]) {
      assert.match(said(`${list}/items.calendar_id`)[0] ?? "", /calendar's id at its provider/)
    }
  })

  it("has no word that is said of nothing, or twice under one name", () => {
    const lists = [
      requestWords,
      connectionWords,
      calendarWords,
      botWords,
      changeWords,
      ruleWords,
      decisionWords,
      problemWords,
      adminWords
    ]
    const names = lists.flatMap((list) => Object.keys(list))
    assert.deepStrictEqual(
      names.filter((name, n) => names.indexOf(name) !== n),
      []
    )
    const said = new Set([
      ...members.map(({ schema }) => schema["description"]),
      ...parameters.map(({ parameter }) => parameter["description"])
    ])
    const idle = lists.flatMap((list) =>
      Object.entries(list)
        .filter(([, { description }]) => !said.has(description))
        .map(([name]) => name)
    )
    assert.deepStrictEqual(idle, [])
    assert.sameMembers(
      Object.keys(operationWords),
      operations.map(({ operationId }) => operationId)
    )
  })
})
