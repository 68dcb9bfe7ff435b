/**
 * The page on the log over HTTP does what it says: each of its commands is sent, in order, and the answer holds what is shown.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { adminKey, apiKey } from "../Kit.ts"
import { connected, hour, noon, zoom } from "../Whole.ts"
import { differing } from "./PageAnswers.ts"

const page = readFileSync(join(import.meta.dirname, "../../../../docs/http-changes.md"), "utf8")

const commands = [...page.matchAll(/^```bash\ncurl "\$PUNCTUAL(\S+)" --header "Authorization: Token \$(\w+)"\n```$/gm)]
const answers = [...page.matchAll(/^```json answer (\d+)\n([\s\S]*?)^```$/gm)]

/** Runs until nothing moves without the clock. */
const settled = Effect.gen(function* () {
  for (let turn = 0; turn < 20; turn++) yield* Effect.promise(() => new Promise((done) => setImmediate(done)))
})

describe("docs/http-changes.md", () => {
  it.effect("shows answers that the server gives", () =>
    Effect.gen(function* () {
      const { calendarId, call, control, named, ok, syncChanges } = yield* connected
      const meeting = yield* control.create(calendarId, { subject: "Review", start: noon + 2 * hour, joinUrl: zoom })
      yield* syncChanges
      const eventId: string = (yield* named("Review"))[0].id
      const { bot_id: botId } = yield* ok("POST", `/schedule/${eventId}`, { bot_config: { bot_name: "Notes" } })
      const later = { start: noon + 3 * hour, end: noon + 4 * hour }
      const moved = Effect.andThen(control.change(meeting, later), syncChanges)
      const deleted = Effect.andThen(control.remove(meeting), syncChanges)
      let next = ""
      assert.lengthOf(commands, answers.length)
      assert.isAtLeast(commands.length, 8)
      for (const [n, [, path = "", key]] of commands.entries()) {
        const url = path.replace("$NEXT", next).replace("$EVENT", eventId).replace("$BOT", botId)
        if (path.includes("updated_since=$NEXT")) yield* deleted
        const asked = yield* Effect.forkChild(call("GET", url, { key: key === "ADMIN_KEY" ? adminKey : apiKey }))
        if (path.includes("wait=")) {
          yield* settled
          assert.isUndefined(asked.pollUnsafe(), "it is held")
          yield* moved
        }
        const answer = yield* Fiber.join(asked)
        const [, status, text = ""] = answers[n] ?? []
        assert.strictEqual(answer.status, Number(status), `${path}: ${answer.text}`)
        assert.deepStrictEqual(differing(JSON.parse(text), answer.json), [], path)
        next = answer.json.next ?? next
      }
    })
  )
})
