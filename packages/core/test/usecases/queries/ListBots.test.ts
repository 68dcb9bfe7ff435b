/** Lists of bots, through the facade and in-memory adapters. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { ask, connected, hour, layer, listed, noon, settle, user, zoom } from "../Host.ts"

/** Every day at 15:00 UTC. */
const daily = {
  rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "noEnd" } },
  startDate: "2026-03-10",
  startTime: 15 * hour,
  durationMillis: hour,
  zone: "UTC"
} as const

it.effect("D: bots are listed with their meetings' names, also beyond the window and after a renaming", () =>
  Effect.gen(function* () {
    const { calendarId, control, punctual } = yield* connected
    yield* control.createSeries(calendarId, { timing: daily, subject: "Stand-up", joinUrl: zoom })
    yield* settle
    const first = (yield* listed).find(({ event }) => event.subject === "Stand-up" && event.start > noon)?.event
    assert.isDefined(first)
    yield* punctual.schedule(user, ask(first.id))
    const far = yield* punctual.schedule(user, ask(first.id, { occurrenceDate: "2026-05-01" }))
    assert.isTrue(far.event.isVirtual)
    const renamed = yield* control.create(calendarId, {
      start: noon + 27 * hour,
      end: noon + 27 * hour + hour,
      subject: "Review",
      joinUrl: zoom
    })
    yield* settle
    const review = (yield* listed).find(({ event }) => event.subject === "Review")?.event
    assert.isDefined(review)
    yield* punctual.schedule(user, ask(review.id))
    yield* control.change(renamed, { subject: "Post-mortem" })
    yield* settle
    assert.deepStrictEqual(
      (yield* punctual.bots(user, { limit: 100, place: null, backwards: false })).items.map(({ subject }) => subject),
      ["Stand-up", "Post-mortem", "Stand-up"]
    )
    const all = yield* punctual.schedule(user, ask(first.id, { allOccurrences: true, occurrenceLimit: 3 }))
    assert.deepStrictEqual([...new Set(all.bots.map(({ subject }) => subject))], ["Stand-up"])
  }).pipe(Effect.provide(layer))
)
