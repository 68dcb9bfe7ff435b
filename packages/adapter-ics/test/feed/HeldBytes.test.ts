/** When the bytes of a feed are given back: at once when nobody reads them, and never while somebody does. */
import { assert, describe, it } from "@effect/vitest"
import { CalendarProvider, type ConnectionId, type UserId } from "@punctual/core"
import { Effect, Redacted, Stream } from "effect"
import { feedCalendarId, feedCredentials, layer, newFeed } from "../../src/feed/index.ts"
import { calendar, event } from "../Calendars.ts"

const window = { from: Date.UTC(2027, 11, 1), to: Date.UTC(2027, 11, 31) }

/** On more than one page. */
const entries = 500

const diary = (edition: number): string =>
  calendar(
    ...Array.from({ length: entries }, (_, n) =>
      event(`UID:meeting-${n}`, "DTSTART:20271206T100000Z", `SUMMARY:Edition ${n === 0 ? edition : 0}`)
    )
  )

/** Each answer is another edition; `freed` are those that were given back. */
const scene = Effect.gen(function* () {
  const freed: Array<number> = []
  const state = { edition: 0 }
  const fetched = () => {
    const edition = state.edition
    const written = Buffer.from(diary(edition))
    const memory = new ArrayBuffer(written.length)
    const bytes = Buffer.from(memory)
    written.copy(bytes)
    const free = (): void => {
      freed.push(edition)
      memory.transfer(0)
    }
    return { kind: "whole" as const, bytes, validators: { etag: null, lastModified: null }, free }
  }
  const feed = newFeed(Redacted.make("https://calendar.example/secret.ics"))
  const session = yield* CalendarProvider.pipe(
    Effect.flatMap((provider) =>
      provider.open({
        ref: { userId: "usr_a" as UserId, connectionId: "ics_feed_usr_a" as ConnectionId, generation: 1, version: 1 },
        credentials: feedCredentials([feed], 0),
        notBefore: null,
        onRotated: () => Effect.void
      })
    ),
    Effect.provide(layer({ fetch: () => Promise.resolve(fetched()) }))
  )
  const pages = (from: { readonly window: typeof window } | { readonly cursor: string }) =>
    session.changes(feedCalendarId(feed), from)
  const pass = (from: Parameters<typeof pages>[0]) =>
    Stream.runFold(
      pages(from),
      () => ({ items: 0, cursor: "" }),
      (told, { cursor, items }) => ({ items: told.items + items.length, cursor: cursor ?? told.cursor })
    )
  return { freed, state, pages, pass, ask: session.event(feedCalendarId(feed), "meeting-7") }
})

describe("the bytes of a feed", () => {
  it.effect("are given back when another edition takes their place, and when they say nothing new", () =>
    Effect.gen(function* () {
      const { ask, freed, pass, state } = yield* scene
      const first = yield* pass({ window })
      assert.strictEqual(first.items, entries)
      // A question is answered from what is held.
      yield* ask
      assert.deepStrictEqual(freed, [])
      state.edition = 1
      const second = yield* pass({ cursor: first.cursor })
      assert.strictEqual(second.items, 1)
      assert.deepStrictEqual(freed, [0])
      // The same once more: what was held was dropped to make room, and what came instead is not kept.
      yield* pass({ cursor: second.cursor })
      assert.deepStrictEqual(freed, [0, 1, 1])
    })
  )

  it.effect("stay while somebody reads them, though another edition has taken their place", () =>
    Effect.gen(function* () {
      const { freed, pages, pass, state } = yield* scene
      let items = 0
      let seen: ReadonlyArray<number> | null = null
      yield* Stream.runForEach(pages({ window }), (page) =>
        Effect.gen(function* () {
          items += page.items.length
          if (seen !== null) return
          state.edition = 1
          yield* pass({ window })
          seen = [...freed]
        })
      )
      assert.deepStrictEqual(seen, [])
      assert.strictEqual(items, entries)
      assert.deepStrictEqual(freed, [0])
    })
  )
})
