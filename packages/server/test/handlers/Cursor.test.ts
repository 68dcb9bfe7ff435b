/**
 * Cursors: nobody else can write one, and turning pages neither repeats a row nor loses one.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Schema } from "effect"
import type { CalendarEvent, EventId, EventsRequest, Place } from "@punctual/core"
import { makeSigning } from "../../src/auth/Signing.ts"
import { BotsCursor, EventsCursor, type Turn, makeCursors, turnsOf } from "../../src/handlers/Cursor.ts"
import { adele, miriam, otherKey, serve } from "../Kit.ts"
import { bot, event, listed } from "../Samples.ts"

const proving = process.env["PROVE"] === "1"
const masterKey = (byte: number) => Redacted.make(new Uint8Array(32).fill(byte))
const cursors = makeCursors(makeSigning([masterKey(7)]))

const content: EventsCursor = {
  at: 1_775_660_400_000,
  id: "evt_abc123",
  backwards: false,
  limit: 20,
  calendarId: null,
  from: 0,
  to: 1_800_000_000_000,
  includeDeleted: false,
  uniqueMeetings: true
}

describe("what a cursor is", () => {
  const cursor = cursors.write(adele, "events", content)

  it("is read back as it was written, by the same user, for the same list", () => {
    assert.deepStrictEqual(cursors.read(adele, "events", EventsCursor, cursor), content)
    assert.isNull(cursors.read(miriam, "events", EventsCursor, cursor))
    assert.isNull(cursors.read(adele, "bots", BotsCursor, cursor))
  })

  it("says nothing of the user", () => {
    assert.notInclude(Buffer.from(cursor.split(".")[0] ?? "", "base64url").toString(), adele)
  })

  it.prop(
    "is refused once any of its characters is another one",
    {
      at: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: cursor.length - 1 })),
      by: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 63 }))
    },
    ({ at, by }) => {
      const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
      const old = cursor.charAt(at)
      const other = old === "." ? "A" : letters.charAt((letters.indexOf(old) + by) % letters.length)
      const forged = `${cursor.slice(0, at)}${other}${cursor.slice(at + 1)}`
      assert.isNull(cursors.read(adele, "events", EventsCursor, forged))
    },
    { arbitrary: { runs: proving ? 20_000 : 1_000 } }
  )

  it.prop(
    "any other text is refused, and never throws",
    { text: Schema.String },
    ({ text }) => {
      assert.isNull(cursors.read(adele, "events", EventsCursor, text))
      assert.isNull(cursors.read(adele, "events", EventsCursor, `${cursor}${text}x`))
    },
    { arbitrary: { runs: proving ? 20_000 : 500 } }
  )

  it("is refused when it is cut, padded, doubled, endless or from an old key", () => {
    const old = makeCursors(makeSigning([masterKey(9)])).write(adele, "events", content)
    const texts = [
      cursor.slice(0, -1),
      `${cursor}=`,
      `${cursor}.${cursor}`,
      `.${cursor}`,
      "x".repeat(1_000_000),
      old,
      "",
      "."
    ]
    for (const text of texts) assert.isNull(cursors.read(adele, "events", EventsCursor, text), text.slice(0, 80))
  })

  it("is still read after the master key was changed, as long as the old one is kept", () => {
    const both = makeCursors(makeSigning([masterKey(8), masterKey(7)]))
    assert.deepStrictEqual(both.read(adele, "events", EventsCursor, cursor), content)
    assert.isNull(cursors.read(adele, "events", EventsCursor, both.write(adele, "events", content)))
  })
})

/** A list as a store keeps it, turned page by page while rows come and go. */
const pageOf = (rows: ReadonlyArray<Place>, turn: Turn | null, limit: number) => {
  const compare = (a: Place, b: Place) => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  const sorted = rows.toSorted(compare)
  if (turn === null) return { items: sorted.slice(0, limit), hasMore: sorted.length > limit }
  const beyond = sorted.filter((row) => (turn.backwards ? compare(row, turn.place) < 0 : compare(row, turn.place) > 0))
  const items = turn.backwards ? beyond.slice(-limit) : beyond.slice(0, limit)
  return { items, hasMore: beyond.length > items.length }
}

const walk = (limit: number, rowsAt: (page: number) => ReadonlyArray<Place>, from: Turn | null, back: boolean) => {
  const seen: Array<string> = []
  let turn = from
  for (let page = 0; page < 1_000; page++) {
    const found = pageOf(rowsAt(page), turn, limit)
    seen.push(...(back ? found.items.toReversed() : found.items).map(({ id }) => id))
    const turns = turnsOf(found, turn)
    const onward = back ? turns.previous : turns.next
    if (onward === null) return { seen, last: turns, items: found.items }
    turn = onward
  }
  return assert.fail("pages without end")
}

describe("turning pages", () => {
  const small = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum }))
  // Few instants, so that many rows share one.
  const rows = Schema.Array(small(5))
  const named = (starts: ReadonlyArray<number>): ReadonlyArray<Place> =>
    starts.map((at, index) => ({ at, id: `evt_${String(index).padStart(3, "0")}` }))
  const runs = proving ? 5_000 : 200

  it.prop(
    "forwards shows every row once, and backwards from the end every row once again",
    { rows, limit: small(6) },
    ({ limit, rows: starts }) => {
      const all = named(starts)
      const sorted = pageOf(all, null, all.length).items.map(({ id }) => id)
      const forward = walk(limit + 1, () => all, null, false)
      assert.deepStrictEqual(forward.seen, sorted)
      if (forward.last.previous === null) return
      const back = walk(limit + 1, () => all, forward.last.previous, true)
      assert.deepStrictEqual(back.seen, sorted.slice(0, sorted.length - forward.items.length).toReversed())
    },
    { arbitrary: { runs } }
  )

  it.prop(
    "rows that stay in their place are shown once, whatever happens to others meanwhile",
    { rows, limit: small(4), moves: Schema.Array(Schema.Tuple([small(50), small(6)])) },
    ({ limit, moves, rows: starts }) => {
      const all = named(starts)
      const moved = new Set(moves.map(([index]) => `evt_${String(index).padStart(3, "0")}`))
      // By the n-th page, the first n moves have happened; 6 is a row that goes.
      const rowsAt = (page: number) => {
        const now = new Map(all.map((row) => [row.id, row]))
        for (const [index, at] of moves.slice(0, page)) {
          const id = `evt_${String(index).padStart(3, "0")}`
          if (at === 6) now.delete(id)
          else now.set(id, { id, at })
        }
        return [...now.values()]
      }
      const { seen } = walk(limit + 1, rowsAt, null, false)
      for (const { id } of all)
        if (!moved.has(id))
          assert.lengthOf(
            seen.filter((each) => each === id),
            1
          )
    },
    { arbitrary: { runs } }
  )

  it.prop(
    "who turns back and then on again sees the page that was left",
    { rows, limit: small(4) },
    ({ limit, rows: starts }) => {
      const all = named(starts)
      const { next } = turnsOf(pageOf(all, null, limit + 1), null)
      if (next === null) return
      const second = pageOf(all, next, limit + 1)
      const { previous } = turnsOf(second, next)
      if (previous === null) return assert.fail("no way back")
      const onward = turnsOf(pageOf(all, previous, limit + 1), previous).next
      if (onward === null) return assert.fail("no way on")
      assert.deepStrictEqual(pageOf(all, onward, limit + 1), second)
    },
    { arbitrary: { runs } }
  )

  it.prop(
    "there is a way back from every page but the first, even from one that came out empty",
    { rows, limit: small(4) },
    ({ limit, rows: starts }) => {
      const all = named(starts)
      const first = pageOf(all, null, limit + 1)
      assert.isNull(turnsOf(first, null).previous)
      const { next } = turnsOf(first, null)
      if (next === null) return
      const kept = first.items
      const empty = pageOf(kept, next, limit + 1)
      const { previous } = turnsOf(empty, next)
      if (previous === null) return assert.fail("no way back")
      assert.deepStrictEqual(pageOf(kept, previous, limit + 1).items, kept.slice(-limit - 1))
    },
    { arbitrary: { runs } }
  )
})

describe("the endpoints", () => {
  const base = "/api/v1/calendar"
  const asked: Array<EventsRequest> = []
  const core = {
    events: (_: unknown, request: EventsRequest, sync: string) =>
      Effect.sync(() => {
        asked.push(request)
        assert.strictEqual(sync, request.place === null ? "auto" : "never")
        const row: CalendarEvent = { ...event, id: `evt_${asked.length}` as EventId }
        return { items: [{ ...listed, event: row }], hasMore: true, staleReason: null }
      }),
    bots: () => Effect.succeed({ items: [bot], hasMore: true })
  }
  const window = "time_min=2026-04-01T00:00:00Z&time_max=2026-05-01T00:00:00Z"

  it.effect("a cursor alone repeats the query it came from", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({ core })
      const first = yield* call("GET", `${base}/events?${window}&calendar_id=all&limit=7&include_deleted=true`)
      const second = yield* call("GET", `${base}/events?cursor=${first.json.next}`)
      assert.strictEqual(second.status, 200, second.text)
      const [one, two] = asked.slice(-2)
      if (one === undefined) return assert.fail("not asked")
      assert.deepStrictEqual(two, {
        ...one,
        place: { at: event.start, id: first.json.results[0].id },
        backwards: false
      })
      const back = yield* call("GET", `${base}/events?cursor=${second.json.previous}&limit=3`)
      assert.strictEqual(back.status, 200)
      assert.isTrue(asked.at(-1)?.backwards)
      assert.strictEqual(asked.at(-1)?.limit, 3, "the size of a page may change")
    })
  )

  it.effect("is 400 invalid_cursor with another query, user or list, or forged", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({ core })
      const { next } = (yield* call("GET", `${base}/events?${window}`)).json
      const bots = (yield* call("GET", `${base}/scheduled_bots`)).json.next
      const wrong: ReadonlyArray<readonly [string, string?]> = [
        [`${base}/events?cursor=${next}&calendar_id=all`],
        [`${base}/events?cursor=${next}&time_min=2026-04-02T00:00:00Z`],
        [`${base}/events?cursor=${next}&time_max=2026-05-02T00:00:00Z`],
        [`${base}/events?cursor=${next}&include_deleted=true`],
        [`${base}/events?cursor=${next}&cleanup_duplicates=true`],
        [`${base}/events?cursor=${next}`, otherKey],
        [`${base}/events?cursor=${bots}`],
        [`${base}/scheduled_bots?cursor=${next}`],
        [`${base}/scheduled_bots?cursor=${bots}`, otherKey],
        [`${base}/events?cursor=${next}x`],
        [`${base}/events?cursor=`],
        [`${base}/get_events?cursor=eyJFdmVudElEIjogIm`]
      ]
      for (const [path, key] of wrong) {
        const answer = yield* call("GET", path, key === undefined ? {} : { key })
        assert.strictEqual(answer.status, 400, path)
        assert.strictEqual(answer.json.code, "invalid_cursor")
      }
      const same = yield* call("GET", `${base}/events?cursor=${next}&${window}&include_deleted=false`)
      assert.strictEqual(same.status, 200, "the same query said again is the same query")
    })
  )
})
