/**
 * The page on rules does what it says: each request of its examples is sent, in order, and the answer holds what is shown.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { adminKey } from "../Kit.ts"
import { hour, noon } from "../Whole.ts"
import { ruled } from "../handlers/Ruled.ts"
import { differing } from "./PageAnswers.ts"

const page = readFileSync(join(import.meta.dirname, "../../../../docs/rules.md"), "utf8")

interface Example {
  readonly method: string
  readonly path: string
  readonly body: unknown
  readonly status: number
  readonly answer: unknown
}

const blocks = [...page.matchAll(/^```json (\S+) (\S.*)\n([\s\S]*?)^```$/gm)].map(([, first, second, text]) => ({
  first: first ?? "",
  second: second ?? "",
  json: text?.trim() === "" ? undefined : (JSON.parse(text ?? "") as unknown)
}))

const examples: ReadonlyArray<Example> = blocks.flatMap(({ first, json, second }, n) => {
  const told = blocks[n + 1]
  if (first === "answer") return []
  assert.strictEqual(told?.first, "answer", `${first} ${second}`)
  return [{ method: first, path: second, body: json, status: Number(told?.second), answer: told?.json }]
})

describe("docs/rules.md", () => {
  it.effect("shows answers that the server gives", () =>
    Effect.gen(function* () {
      const { call, idOf, meeting } = yield* ruled
      yield* meeting("Interview with Kim", { people: ["kim@fabrikam.com"] })
      yield* meeting("Planning", null, { start: noon + 4 * hour })
      yield* meeting("Call with Fabrikam", { people: ["lee@fabrikam.com"] }, { start: noon + 5 * hour })
      for (const { answer, body, method, path, status } of examples) {
        const [, subject] = /\{(.*)\}/.exec(path) ?? []
        const address = subject === undefined ? path : path.replace(/\{.*\}/, yield* idOf(subject))
        const key = path.startsWith("/admin/") ? { key: adminKey } : {}
        const got = yield* call(method, `/api/v1${address}`, { ...key, ...(body !== undefined && { body }) })
        assert.strictEqual(got.status, status, `${method} ${path}: ${got.text}`)
        assert.deepStrictEqual(differing(answer, got.json), [], `${method} ${path}`)
      }
      assert.lengthOf(examples, 9)
    })
  )

  it("would see an answer that differs", () => {
    assert.deepStrictEqual(differing({ a: [1], id: "rule_…" }, { a: [2], id: "bot_1" }), ["$.a.0: 2", "$.id: bot_1"])
    assert.deepStrictEqual(differing({ a: [] }, { a: [1] }), ["$.a: [1]"])
    assert.deepStrictEqual(differing({ a: null }, {}), ["$.a: undefined"])
  })

  it("names every code of a decision, and every cause of a forecast", () => {
    const schemas = readFileSync(join(import.meta.dirname, "../../src/api/DecisionSchemas.ts"), "utf8")
    for (const [, words] of schemas.matchAll(/^const (?:Code|Cause) = Schema\.Literals\(\[([^\]]*)\]\)/gm)) {
      for (const [, word] of (words ?? "").matchAll(/"(\w+)"/g)) assert.include(page, `\`${word}\``)
    }
  })
})
