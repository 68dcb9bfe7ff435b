/**
 * What every answer that is no success has. Decides the form alone; codes and statuses are each test's.
 */
import { assert } from "@effect/vitest"
import type { Answer } from "./Kit.ts"

/** RFC 9457, with the code beside it. */
export const assertProblem = (answer: Answer, status: number, code: string): void => {
  assert.strictEqual(answer.status, status, answer.text)
  assert.strictEqual(answer.headers.get("content-type"), "application/problem+json")
  assert.strictEqual(answer.json.status, status)
  assert.strictEqual(answer.json.code, code)
  assert.strictEqual(answer.json.type, `urn:problem-type:punctual:${code}`)
  assert.isNotEmpty(answer.json.title)
  assert.isNotEmpty(answer.json.detail)
  assert.isNotEmpty(answer.headers.get("x-request-id"))
}
