/** The example does what it says. */
import { assert, it } from "@effect/vitest"
import type { UserId } from "@punctual/core"
import { upcoming, withPunctual } from "../src/main.ts"

it("answers with promises, refuses with a code, and closes", async () => {
  assert.strictEqual(
    await withPunctual((punctual) => upcoming(punctual, "usr_nobody" as UserId)),
    "refused: calendar_not_connected"
  )
})
