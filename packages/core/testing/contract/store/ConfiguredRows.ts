/**
 * Rows of every kind with configurations that they share, for the cases about those.
 *
 * Decides which there are, and that every way to read a user's rows is asked about them.
 */
import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import type { Bot, BotConfig } from "../../../src/domain/Bot.ts"
import type { Intent, Override } from "../../../src/domain/Intent.ts"
import { Store, type StoreError } from "../../../src/ports/Store.ts"
import { botOf, made } from "./Log.ts"
import {
  day,
  event,
  eventIntent,
  now,
  occurrence,
  occurrenceKey,
  override,
  recurringIntent,
  series,
  seriesIntent,
  seriesKey
} from "./Rows.ts"
import { type User, committed, connected, everyone, listed, sliceOf } from "./Users.ts"

/** Larger than what any store keeps in each row, and with what databases trip over. */
export const large = (name: string): BotConfig => ({
  bot_name: name,
  nested: { list: [1, null, -0.001, "two", { "": "\u0000 and \ud800", ü: [[]] }], none: {} },
  prompt: "„Zusammenfassung“ \u0001 ".repeat(60)
})

/** One that names attributes, which bots have as their own. */
export const attributed = (name: string): BotConfig => ({
  ...large(name),
  custom_attributes: { note: "x".repeat(500), event_summary: "of the configuration", list: [1, { deep: null }] }
})

/** As a decision writes it: the configuration's attributes, and the meeting's own. */
export const configured = (row: Bot, config: BotConfig): Bot => ({
  ...row,
  config: structuredClone(config),
  customAttributes: {
    source: "calendar_integration",
    event_id: row.eventId,
    ...structuredClone(config["custom_attributes"] as BotConfig | undefined),
    event_summary: row.meeting
  }
})

export interface Full {
  readonly user: User
  readonly bots: ReadonlyArray<Bot>
  readonly intents: ReadonlyArray<Intent>
  readonly overrides: ReadonlyArray<Override>
}

/** Rows of every kind, with large configurations, equal ones among them, and small ones. */
export const full = Effect.fnUntraced(function* (): Effect.fn.Return<Full, StoreError, Store> {
  const user = yield* connected()
  yield* listed(user, {
    events: [..."abcd"].map((label) => event(label, user.primary)).concat(occurrence("s1", "s", user.primary, 1)),
    series: [series("s", user.primary)]
  })
  const bots = [
    configured(botOf(user, "a"), large("one")),
    configured(botOf(user, "b"), large("one")),
    configured(botOf(user, "c"), attributed("other")),
    botOf(user, "d"),
    { ...configured(botOf(user, "s"), attributed("other")), meeting: occurrenceKey("s", 1) }
  ]
  const intents = [
    eventIntent("i1", "a", { config: large("one") }),
    eventIntent("i2", "d"),
    { ...recurringIntent("i3", "s"), config: attributed("other") },
    { ...seriesIntent("i4", "s"), config: large("of a series") }
  ]
  const overrides = [
    override("b", { config: { ...large("one"), gone: null }, customAttributes: { blob: "y".repeat(900) } }),
    override("c", { config: null, customAttributes: null }),
    override("d")
  ]
  yield* committed(user, { putIntents: intents, putOverrides: overrides, bots: bots.map(made) })
  return { user, bots, intents, overrides }
})

export const byId = <Row extends { readonly id: string }>(rows: ReadonlyArray<Row>): ReadonlyArray<Row> =>
  rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))

/** Every way to read a user's rows answers with these. */
export const assertRead = Effect.fnUntraced(function* ({ bots, intents, overrides, user }: Full) {
  const store = yield* Store
  const { userId } = user
  const expected = byId(bots)
  const meetings = bots.map(({ meeting }) => meeting)
  for (const row of bots) assert.deepStrictEqual(yield* store.bot(userId, row.id), Option.some(row))
  assert.deepStrictEqual(byId(yield* store.botsOf(userId, meetings)), expected)
  const page = { userId, status: null, joinAfter: null, limit: 9, place: null, backwards: false } as const
  assert.deepStrictEqual(byId((yield* store.bots(page)).items), expected)
  const listing = yield* store.botListing({ ...page, backwards: true })
  assert.deepStrictEqual(byId(listing.items), expected)
  assert.deepStrictEqual(listing.connections, [user.connection])
  const shown = yield* store.listing({
    ...page,
    calendarIds: [user.primary],
    span: { from: now - day, to: now + 9 * day },
    includeDeleted: false,
    uniqueMeetings: false
  })
  assert.deepStrictEqual(byId(shown.items.flatMap((item) => item.bots)), expected)
  for (const scope of [
    { kind: "all" },
    { kind: "intended" },
    { kind: "meetings", meetings, series: [seriesKey("s")] }
  ] as const) {
    const slice = yield* sliceOf(user, scope)
    assert.deepStrictEqual(byId(slice.bots), expected, scope.kind)
    assert.deepStrictEqual(byId(slice.intents), intents, scope.kind)
    assert.deepStrictEqual(slice.overrides, overrides, scope.kind)
  }
  const [ahead] = yield* store.slicesOfBots([{ userId, botIds: bots.map(({ id }) => id) }], now)
  assert.deepStrictEqual(ahead, yield* sliceOf(user, { kind: "meetings", meetings, series: [seriesKey("s")] }))
  const own = (found: ReadonlyArray<{ readonly userId: string; readonly bot: Bot }>) =>
    byId(found.filter((each) => each.userId === userId).map(({ bot }) => bot))
  assert.deepStrictEqual(
    own(yield* store.unapplied(everyone)),
    expected.filter(({ schedule }) => schedule.applied < schedule.wanted)
  )
})
