/**
 * Events as they changed: what the contract promises whoever keeps a copy of the mirror, asked of the real core over
 * in-memory adapters.
 */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect } from "effect"
import { Store } from "@punctual/core"
import { type Answer, adele } from "../Kit.ts"
import { assertProblem } from "../Problem.ts"
import { base, connected, day, hour, iso, minute, noon, zoom } from "../Whole.ts"

/** Events named after letters, an hour each. */
const host = Effect.gen(function* () {
  const all = yield* connected
  const { calendarId, control, ok, syncChanges } = all
  const ids: Record<string, string> = {}
  for (const [n, subject] of [..."ABCD"].entries()) {
    ids[subject] = yield* control.create(calendarId, { subject, start: noon + n * hour, joinUrl: zoom })
  }
  yield* syncChanges
  const since = (query: string) => ok("GET", `/get_events?updated_since=${query}`)
  return { ...all, ids, since }
})

interface Page {
  readonly results: ReadonlyArray<{ readonly subject: string; readonly is_deleted: boolean }>
}

const namesOf = ({ results }: Page) =>
  results.map(({ is_deleted: isDeleted, subject }) => (isDeleted ? `-${subject}` : subject))

describe("GET /calendar/events?updated_since=", () => {
  it.effect("lists all that changed since a time, and by its `next` what changed since, with what is gone", () =>
    Effect.gen(function* () {
      const { calendarId, control, ids, ok, since, syncChanges } = yield* host
      const all = yield* since(iso(noon - day))
      assert.sameMembers([...namesOf(all)], ["A", "B", "C", "D"])
      assert.deepStrictEqual([all.has_more, all.previous], [false, null])
      const none = yield* since(all.next)
      assert.deepStrictEqual([none.results, none.has_more], [[], false])
      yield* control.remove(ids["B"] ?? "")
      yield* control.change(ids["A"] ?? "", { start: noon + 300 * day, end: noon + 300 * day + hour })
      yield* control.create(calendarId, { subject: "E", start: noon + hour, joinUrl: zoom })
      yield* syncChanges
      const changed = yield* since(none.next)
      assert.includeMembers([...namesOf(changed)], ["-B", "E"])
      assert.notInclude(namesOf(changed), "C")
      assert.deepStrictEqual(changed.results, (yield* since(none.next)).results, "a place may be gone on from again")
      assert.deepStrictEqual(
        (yield* ok("GET", `/events?updated_since=${none.next}`)).results,
        changed.results,
        "the listing that syncs lists the same"
      )
      assert.deepStrictEqual((yield* ok("GET", `/get_events?cursor=${none.next}`)).results, changed.results)
    })
  )

  it.effect("turns pages in the order of changes, and never leaves one out that changed meanwhile", () =>
    Effect.gen(function* () {
      const { control, ids, since, syncChanges } = yield* host
      const first = yield* since(`${iso(noon - day)}&limit=3`)
      assert.deepStrictEqual([first.results.length, first.has_more], [3, true])
      const again = String(first.results[0].subject)
      yield* control.change(ids[again] ?? "", { subject: `${again}2` })
      yield* syncChanges
      const second = yield* since(first.next)
      const left = [..."ABCD"].find((name) => !namesOf(first).includes(name))
      assert.deepStrictEqual([namesOf(second), second.has_more], [[left, `${again}2`], false])
    })
  )

  it.effect("does not raise its place by bots", () =>
    Effect.gen(function* () {
      const { named, ok, since } = yield* host
      const { next } = yield* since(iso(noon - day))
      yield* ok("POST", `/schedule/${(yield* named("C"))[0].id}`, {})
      assert.deepStrictEqual((yield* since(next)).results, [])
    })
  )

  it.effect("follows the calendar named, or all; of one that is left out it tells what is gone", () =>
    Effect.gen(function* () {
      const { accountId, calendarId, control, ok, since, syncChanges } = yield* host
      const team = yield* control.addCalendar(accountId, { summary: "Team" })
      yield* ok("GET", "/calendars")
      yield* control.create(team, { subject: "T", start: noon + hour, joinUrl: zoom })
      yield* syncChanges
      assert.notInclude(namesOf(yield* since(iso(noon - day))), "T", "the primary one by default")
      assert.deepStrictEqual(namesOf(yield* since(`${iso(noon - day)}&calendar_id=${team}`)), ["T"])
      const all = yield* since(`${iso(noon - day)}&calendar_id=all`)
      assert.sameMembers([...namesOf(all)], ["A", "B", "C", "D", "T"])
      yield* ok("PATCH", `/calendars/${team}`, { selected: false })
      yield* syncChanges
      assert.deepStrictEqual(namesOf(yield* since(all.next)), ["-T"])
      assert.strictEqual(
        (yield* since(`${all.next}&calendar_id=all`)).results.length,
        1,
        "what is said again is the same query"
      )
      void calendarId
    })
  )

  it.effect("is 410 once tombstones beyond the place were pruned, and for a place before a disconnect", () =>
    Effect.gen(function* () {
      const { call, context, control, credentials, ids, ok, since, syncChanges } = yield* host
      const before = yield* since(iso(noon - day))
      yield* control.remove(ids["A"] ?? "")
      yield* syncChanges
      const after = yield* since(before.next)
      const store = Context.get(context, Store)
      const kept = { rowsFrom: noon + 2 * day, itemsFrom: noon, series: [] }
      yield* Effect.orDie(store.pruneHistory(adele, kept, 100))
      const of = (text: string): Effect.Effect<Answer> => call("GET", `${base}/get_events?updated_since=${text}`)
      for (const text of [before.next, iso(noon - day)]) {
        const answer = yield* of(text)
        assertProblem(answer, 410, "cursor_expired")
        assert.include(answer.json.detail, "List the events anew")
      }
      assert.strictEqual((yield* of(after.next)).status, 200)
      yield* ok("DELETE", "/disconnect")
      assertProblem(yield* of(after.next), 404, "calendar_not_connected")
      const body = {
        microsoft_client_id: credentials.clientId,
        microsoft_client_secret: credentials.clientSecret,
        microsoft_refresh_token: credentials.refreshToken
      }
      assert.strictEqual((yield* call("POST", `${base}/create_calendar`, { body })).status, 200)
      assertProblem(yield* of(after.next), 410, "cursor_expired")
    })
  )

  it.effect("cuts a page that would become too long, and goes on where it was cut", () =>
    Effect.gen(function* () {
      const { calendarId, control, since, syncChanges } = yield* connected.pipe(
        Effect.map((all) => ({
          ...all,
          since: (query: string) => all.ok("GET", `/get_events?updated_since=${query}`)
        }))
      )
      const long = "x".repeat(30_000)
      for (let n = 0; n < 80; n++) {
        yield* control.create(calendarId, { subject: `M${n} ${long}`, start: noon + n * minute, joinUrl: zoom })
      }
      yield* syncChanges
      const seen: Array<string> = []
      let page = yield* since(`${iso(noon - day)}&limit=100`)
      let pages = 1
      for (; ; pages++) {
        seen.push(...page.results.map(({ subject }: { readonly subject: string }) => subject.split(" ", 1)[0]))
        if (page.has_more !== true) break
        page = yield* since(page.next)
      }
      assert.isAbove(pages, 1)
      assert.lengthOf(new Set(seen), 80)
      assert.lengthOf(seen, 80)
    })
  )

  it.effect("explains where that is asked for", () =>
    Effect.gen(function* () {
      const { since } = yield* host
      const { next, results } = yield* since(`${iso(noon - day)}&explain=true&limit=1`)
      assert.strictEqual(results[0].will_join, false)
      assert.property((yield* since(next)).results[0], "decision")
    })
  )
})
