/** Hosts and gateways that a host application names in its policy: what is read of a calendar is read with them. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { ask, connected, hour, layer, layerWith, listed, noon, settle, user } from "../Host.ts"

const own = layerWith({
  links: {
    hosts: { jitsi: ["jitsi.example.org"] },
    gateways: [{ host: "gate.example.org", path: "/go", parameter: "to" }]
  }
})

const room = (name: string): string => `https://jitsi.example.org/${name}`

const daily = {
  rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "noEnd" } },
  startDate: "2026-03-10",
  startTime: 15 * hour,
  durationMillis: hour,
  zone: "UTC"
} as const

/** An event, a series and one changed occurrence of it, as they are read. */
const read = Effect.gen(function* () {
  const { calendarId, control, punctual } = yield* connected
  yield* control.create(calendarId, {
    start: noon + hour,
    end: noon + 2 * hour,
    subject: "Single",
    joinUrl: `https://gate.example.org/go?to=${encodeURIComponent(room("single"))}`
  })
  const series = yield* control.createSeries(calendarId, { timing: daily, subject: "Series", joinUrl: room("series") })
  yield* control.changeOccurrence(series, "2026-03-11", { subject: "Exception", joinUrl: room("exception") })
  yield* settle
  const rows = yield* listed
  const linkOf = (subject: string) => rows.find(({ event }) => event.subject === subject)?.event.link?.url ?? null
  return { punctual, rows, links: ["Single", "Series", "Exception"].map(linkOf) }
})

describe("hosts and gateways of the policy", () => {
  it.effect("count for events, series and exceptions", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* read).links, [room("single"), room("series"), room("exception")])
    }).pipe(Effect.provide(own))
  )

  it.effect("count for a link that a caller gives", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* connected
      yield* control.createSeries(calendarId, { timing: daily, subject: "Bare", joinUrl: null })
      yield* settle
      const seriesId = (yield* listed).find(({ event }) => event.subject === "Bare")?.event.seriesId ?? null
      assert.isNotNull(seriesId)
      const request = { eventId: seriesId, config: {}, after: null, rule: null, link: room("said") }
      const { bot } = yield* punctual.scheduleNext(user, request)
      assert.deepStrictEqual(bot.link, { platform: "jitsi", url: room("said") })
    }).pipe(Effect.provide(own))
  )

  it.effect("give a bot, which joins there", () =>
    Effect.gen(function* () {
      const { punctual, rows } = yield* read
      const single = rows.find(({ event }) => event.subject === "Single")?.event
      assert.isDefined(single)
      const { bot } = yield* punctual.schedule(user, ask(single.id))
      assert.deepStrictEqual(bot.link, { platform: "jitsi", url: room("single") })
    }).pipe(Effect.provide(own))
  )

  it.effect("without them these are no links", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* read).links, [null, null, null])
    }).pipe(Effect.provide(layer))
  )
})
