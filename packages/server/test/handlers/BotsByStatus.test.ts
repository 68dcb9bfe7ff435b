/**
 * Bots of any status, and one bot by its id, as the contract promises them.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { otherKey } from "../Kit.ts"
import { assertProblem } from "../Problem.ts"
import { base, connected, hour, minute, noon, zoom } from "../Whole.ts"

/** Three bots: one is cancelled, one is launched, one lies ahead. */
const host = Effect.gen(function* () {
  const all = yield* connected
  const { calendarId, control, named, ok, punctual, syncChanges } = all
  const bots: Array<string> = []
  for (const [n, subject] of ["Gone", "Now", "Later"].entries()) {
    yield* control.create(calendarId, {
      subject,
      start: noon + (n + 1) * hour,
      end: noon + (n + 2) * hour,
      joinUrl: zoom
    })
    yield* syncChanges
    bots.push((yield* ok("POST", `/schedule/${(yield* named(subject))[0].id}`, {})).bot_id)
  }
  const [gone = "", now = "", later = ""] = bots
  yield* ok("DELETE", `/scheduled_bots/${gone}`)
  yield* Effect.forkChild(punctual.run)
  yield* TestClock.adjust(2 * hour + minute)
  const ids = (query: string) =>
    Effect.map(ok("GET", `/scheduled_bots${query}`), ({ scheduled_bots: found }) =>
      found.map(({ bot_id: id }: { readonly bot_id: string }) => id)
    )
  return { ...all, gone, ids, later, now }
})

describe("GET /calendar/scheduled_bots?status=", () => {
  it.effect("lists those ahead unless asked for others, soonest first, and all of them", () =>
    Effect.gen(function* () {
      const { gone, ids, later, now, ok } = yield* host
      assert.deepStrictEqual(yield* ids(""), [later])
      assert.deepStrictEqual(yield* ids("?status=scheduled"), [later])
      assert.deepStrictEqual(yield* ids("?status=launching"), [])
      assert.deepStrictEqual(yield* ids("?status=launched"), [now])
      assert.deepStrictEqual(yield* ids("?status=failed"), [])
      assert.deepStrictEqual(yield* ids("?status=cancelled"), [gone])
      assert.deepStrictEqual(yield* ids("?status=all"), [gone, now, later])
      const first = yield* ok("GET", "/scheduled_bots?status=all&limit=2")
      assert.deepStrictEqual(yield* ids(`?cursor=${first.next}`), [later], "a cursor repeats what was asked for")
      assert.deepStrictEqual(yield* ids(`?cursor=${first.next}&status=all`), [later])
    })
  )

  it.effect("refuses another status than its cursor's, and one that there is not", () =>
    Effect.gen(function* () {
      const { no, ok } = yield* host
      const { next } = yield* ok("GET", "/scheduled_bots?status=all&limit=2")
      assert.strictEqual(yield* no("GET", `/scheduled_bots?cursor=${next}&status=launched`), "400 invalid_cursor")
      assert.strictEqual(yield* no("GET", "/scheduled_bots?status=Scheduled"), "400 invalid_request")
      assert.strictEqual(yield* no("GET", "/scheduled_bots?status="), "400 invalid_request")
    })
  )
})

describe("GET /calendar/bots/{bot_id}", () => {
  it.effect("answers the bot itself, as lists show it, whatever became of it", () =>
    Effect.gen(function* () {
      const { call, gone, later, now, ok } = yield* host
      const { scheduled_bots: listed } = yield* ok("GET", "/scheduled_bots?status=all")
      for (const [n, id] of [gone, now, later].entries())
        assert.deepStrictEqual(yield* ok("GET", `/bots/${id}`), listed[n])
      assertProblem(yield* call("GET", `${base}/bots/bot_nobodys`), 404, "bot_not_found")
      assertProblem(yield* call("GET", `${base}/bots/${gone}`, { key: otherKey }), 404, "calendar_not_connected")
    })
  )
})
