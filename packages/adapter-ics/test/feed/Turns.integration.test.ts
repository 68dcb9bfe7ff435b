/** A large feed is read in turns: others in the process have theirs between them. No clock judges: turns are counted. */
import { assert, describe, it } from "@effect/vitest"
import { CalendarProvider, type ConnectionId, type UserId } from "@punctual/core"
import { Effect, Redacted, Stream } from "effect"
import { feedCalendarId, feedCredentials, feedLimits, layer, newFeed } from "../../src/feed/index.ts"
import { makeTurns } from "../../src/feed/Turns.ts"
import { contentOf } from "../../src/feed/FeedContent.ts"
import type { Slices } from "../../src/text/Slices.ts"
import { calendar, event } from "../Calendars.ts"
import { agenda, largeFeed } from "./LargeFeed.ts"

const from = Date.UTC(2027, 11, 1)
const window = { from, to: from + 31 * 86_400_000 }

/** Turns of the event loop while something is done. */
const turnsDuring = <A, E>(
  work: Effect.Effect<A, E>
): Effect.Effect<{ readonly result: A; readonly turns: number }, E> =>
  Effect.suspend(() => {
    let turns = 0
    let isOver = false
    const count = (): void => {
      turns++
      if (!isOver) setImmediate(count)
    }
    setImmediate(count)
    return Effect.map(work, (result) => {
      isOver = true
      return { result, turns }
    })
  })

/** What was done between one chance to be left off and the next, at most. */
const stepMax = <A>(work: Slices<A>): number => {
  let most = 0
  for (;;) {
    const step = work.next()
    if (step.done === true) return most
    most = Math.max(most, step.value)
  }
}

describe("a large feed", () => {
  const bytes = Buffer.from(largeFeed(4_000, from, agenda, 700))

  it.effect("is read and told with a turn for others at least every 64 KiB", () =>
    Effect.gen(function* () {
      const feed = newFeed(Redacted.make("https://calendar.example/secret.ics"))
      const provider = yield* CalendarProvider
      const session = yield* provider.open({
        ref: { userId: "usr_a" as UserId, connectionId: "ics_feed_usr_a" as ConnectionId, generation: 1, version: 1 },
        credentials: feedCredentials([feed], 0),
        notBefore: null,
        onRotated: () => Effect.void
      })
      const { result, turns } = yield* turnsDuring(
        Stream.runFold(
          session.changes(feedCalendarId(feed), { window }),
          () => 0,
          (told, { items }) => told + items.length
        )
      )
      assert.strictEqual(result, 4_000)
      // It is read once to be judged, and once more to be told.
      assert.isAtLeast(turns, (2 * bytes.length) / feedLimits.sliceBytes)
    }).pipe(
      Effect.provide(
        layer({
          fetch: () => Promise.resolve({ kind: "whole", bytes, validators: { etag: null, lastModified: null } })
        })
      )
    )
  )

  it.effect("takes one turn at a time, however many are read", () =>
    Effect.gen(function* () {
      const turns = makeTurns(10)
      const done: Array<string> = []
      function* work(name: string): Slices<string> {
        for (let n = 0; n < 3; n++) {
          done.push(`${name}${n}`)
          yield 10
        }
        return name
      }
      const names = yield* Effect.all([turns.take(work("a")), turns.take(work("b"))], { concurrency: "unbounded" })
      assert.deepStrictEqual(names, ["a", "b"])
      assert.deepStrictEqual(done, ["a0", "b0", "a1", "b1", "a2", "b2"])
    })
  )
})

describe("what one entry is", () => {
  const read = (...lines: ReadonlyArray<string>) =>
    contentOf(Buffer.from(calendar(event("UID:one", "DTSTART:20271206T100000Z", ...lines))), {}, feedLimits, window)

  it.each([
    ["many people", Array.from({ length: 20_000 }, (_, n) => `ATTENDEE;CN=Somebody:mailto:somebody-${n}@example.com`)],
    ["a long text", [`DESCRIPTION:${"so it goes on\r\n ".repeat(80_000)}`]],
    ["a file within", [`ATTACH;ENCODING=BASE64;VALUE=BINARY:${"QUJD\r\n ".repeat(200_000)}`]]
  ])("may be left off within it: %s", (_, lines) => {
    // But for a single text, which is read at once and is no longer than so.
    assert.isAtMost(stepMax(read(...lines)), 3 * 1024 * 1024)
    if (lines.length > 1) assert.isAtMost(stepMax(read(...lines)), feedLimits.sliceBytes)
  })

  it("is laid out and marked bit by bit, with all its changes", () => {
    const changes = Array.from({ length: 2_000 }, (_, n) => {
      const start = new Date(from + n * 3_600_000).toISOString().replaceAll(/[-:]|\.000/g, "")
      return event("UID:s", `RECURRENCE-ID:${start}`, `DTSTART:${start}`, "DURATION:PT5M")
    })
    const text = calendar(event("UID:s", "DTSTART:20271201T000000Z", "RRULE:FREQ=HOURLY"), ...changes)
    assert.isAtMost(stepMax(contentOf(Buffer.from(text), {}, feedLimits, window)), feedLimits.sliceBytes)
  })
})
