/** The example does what it says. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { program } from "../src/main.ts"

it("moves its bot with the meeting", async () => {
  const { after, before } = await Effect.runPromise(program)
  assert.isDefined(before)
  assert.isDefined(after)
  assert.strictEqual(after.id, before.id)
  assert.strictEqual(after.joinAt - before.joinAt, 3_600_000)
})
