/**
 * What random histories do to a store.
 * Decides the operations, how often each comes, and that every history begins with connected users. Never compares.
 */
import { Effect, Option } from "effect"
import * as fc from "fast-check"
import { botChange, launchChange } from "../../src/domain/BotChange.ts"
import type { CalendarId, MeetingKey, SeriesKey, UserId } from "../../src/domain/Ids.ts"
import type { Commit } from "../../src/domain/Slice.ts"
import type { Claim, StoreError } from "../../src/ports/Store.ts"
import { connection as connectionRow, hour } from "../contract/store/Rows.ts"
import { autoSchedule, override } from "../rows/Intent.ts"
import { connecting, everythingOfLogs, logReading, logWriting } from "./LogSteps.ts"
import { type Answer, type Shape, type Step, step } from "./Step.ts"
import {
  bot,
  botsQuery,
  calendarId,
  calendarIds,
  connectionOf,
  event,
  eventsQuery,
  inAnyOrder,
  instant,
  intent,
  listingsOf,
  meeting,
  platforms,
  scope,
  series,
  some,
  span,
  taken,
  user,
  users
} from "./Universe.ts"
import { everythingOfWorkspaces, workspaceReading, workspaceWriting } from "./WorkspaceSteps.ts"

export type { Step } from "./Step.ts"

/** Both stores give out claims in the same order; this is one of those so far. */
const underClaim = <A>(
  name: string,
  parts: fc.Arbitrary<A>,
  run: (store: Shape, claim: Claim, given: A) => Answer
): fc.Arbitrary<Step> =>
  step(name, fc.tuple(fc.nat(7), parts), (store, [index, given], claims) => {
    const claim = claims[index % Math.max(claims.length, 1)]
    return claim === undefined ? Effect.succeed("no claim") : run(store, claim, given)
  })

const taking = (claim: Effect.Effect<Option.Option<Claim>, StoreError>, claims: Array<Claim>): Answer =>
  Effect.tap(claim, (taken) => Effect.sync(() => Option.isSome(taken) && claims.push(taken.value)))

const oneEach = <Row extends { readonly id: string }>(rows: ReadonlyArray<Row>): ReadonlyArray<Row> => [
  ...new Map(rows.map((row) => [row.id, row])).values()
]

const optional = <A>(item: fc.Arbitrary<A>) => fc.option(item, { nil: undefined })

/** The revision that a write expects: most often the right one, whatever that is. */
const expected = fc.oneof(
  { arbitrary: fc.constant("right" as const), weight: 12 },
  { arbitrary: fc.constantFrom(null, 1, 2), weight: 1 }
)

const decision = fc.record({
  userId: user,
  stale: fc.constantFrom(0, 0, 0, 0, 0, 1),
  isDecided: fc.boolean(),
  decideAt: fc.option(instant),
  auto: optional(fc.boolean()),
  pausedUntil: optional(fc.option(instant)),
  marksJudging: optional(fc.boolean()),
  judged: optional(fc.nat(9)),
  putZones: optional(some(fc.record({ id: calendarId, eventsZone: fc.constantFrom(null, "Europe/Berlin", "UTC") }))),
  putIntents: optional(some(intent)),
  deleteIntents: optional(some(meeting)),
  overrides: optional(some(meeting)),
  deleteOverrides: optional(some(meeting)),
  putVirtual: optional(some(event.map((row) => ({ ...row, isVirtual: true }))).map(oneEach)),
  deleteVirtual: optional(some(event.map(({ id }) => id))),
  putMeetings: optional(some(taken).map(oneEach)),
  decidedSeries: optional(some(series).map(oneEach)),
  bots: some(fc.tuple(bot, expected))
})

const byId = <Row extends { readonly id: string }>(rows: ReadonlyArray<Row>) =>
  rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))

const commitOf = (store: Shape, given: typeof decision extends fc.Arbitrary<infer A> ? A : never) =>
  Effect.flatMap(store.slice(given.userId, { kind: "all" }, 0), ({ bots, mirrorNumber, version }) => {
    const known = new Map(bots.map((row) => [row.id, row]))
    const told = { at: given.decideAt ?? 0, subject: null, cause: "user" as const }
    const { auto, decidedSeries, isDecided, overrides, stale, ...parts } = given
    const revisions = new Map(bots.map(({ id, revision: held }) => [id, held]))
    const named = new Map(
      parts.bots.map(([row, asked]) => [
        row.id,
        {
          bot: row,
          expected: asked === "right" ? (revisions.get(row.id) ?? null) : asked,
          change: botChange(known.get(row.id) ?? null, row, told)
        }
      ])
    )
    const made: Commit = {
      ...(Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as unknown as Commit),
      version: Math.max(0, version - stale),
      decided: isDecided ? mirrorNumber : null,
      bots: [...named.values()],
      ...(auto === undefined ? {} : { auto: autoSchedule({ enabled: auto, seq: 1 }) }),
      ...(overrides === undefined
        ? {}
        : {
            putOverrides: overrides.map((key) => override(key, { joinOffsetMillis: 1 }))
          }),
      ...(decidedSeries === undefined ? {} : { decidedSeries })
    }
    return store.commit(made)
  })

const limit = fc.integer({ min: 1, max: 4 })
const patch = fc.record({ selected: fc.boolean(), dueAt: instant, reset: fc.boolean() }, { requiredKeys: [] })

const writing: ReadonlyArray<fc.Arbitrary<Step>> = [
  underClaim("putMirror", fc.tuple(some(event), some(series)), (store, claim, [events, masters]) => {
    const own = <Row extends { readonly id: string; readonly calendarId: CalendarId }>(rows: ReadonlyArray<Row>) =>
      oneEach(rows.filter((row) => row.calendarId === claim.calendar.id))
    return store.putMirror(claim, { events: own(events), series: own(masters) })
  }),
  step("commit", decision, commitOf),
  step("writeBot", fc.tuple(user, bot, fc.nat(9), expected), (store, [userId, row, index, asked]) =>
    Effect.flatMap(store.slice(userId, { kind: "all" }, 0), ({ bots }) => {
      const held = bots[index % Math.max(bots.length, 1)] ?? row
      // A bot that is over stays so: two live ones of a meeting are the database's own to refuse.
      const status = held.status === "Failed" ? held.status : row.status
      const { config, joinAt } = row
      const written = { ...held, status, joinAt, config, revision: held.revision + 1 }
      const change = launchChange(held, written, { at: row.joinAt, subject: null })
      return store.writeBot(userId, written, asked === "right" ? held.revision : (asked ?? 9), change)
    })
  ),
  ...workspaceWriting,
  ...logWriting,
  step("markApplied", fc.tuple(user, bot), (store, [userId, row]) =>
    store.markApplied([{ userId, botId: row.id, revision: row.revision }])
  )
]

const turning: ReadonlyArray<fc.Arbitrary<Step>> = [
  connecting,
  step("listCalendars", fc.tuple(connectionOf, fc.subarray([...calendarIds]), instant), (store, [of, ids, now]) =>
    store.listCalendars(
      of,
      listingsOf(of.userId).filter(({ connectionId, id }) => connectionId === of.id && ids.includes(id)),
      now
    )
  ),
  step("patchCalendar", fc.tuple(connectionOf, calendarId, patch), (store, given) => store.patchCalendar(...given)),
  step("subscribe", fc.tuple(connectionOf, calendarId, fc.option(instant)), (store, [of, id, expiresAt]) =>
    store.patchCalendar(of, id, {
      subscription: expiresAt === null ? null : { id: `${of.userId} ${id}`, clientStateHash: "", expiresAt }
    })
  ),
  step("dropMirror", fc.tuple(connectionOf, calendarId, instant), (store, given) => store.dropMirror(...given, 10_000)),
  step("markChanged", fc.tuple(some(fc.record({ userId: user, calendarId })), instant), (store, given) =>
    store.markChanged(...given)
  ),
  step("claimNext", fc.tuple(instant, fc.subarray([...users])), (store, [now, leftOut], claims) =>
    taking(store.claimNext(now, now + hour, leftOut), claims)
  ),
  step("claimCalendar", fc.tuple(user, calendarId, instant), (store, [userId, id, now], claims) =>
    taking(store.claimCalendar(userId, id, now, now + hour), claims)
  ),
  underClaim(
    "finishPass",
    fc.tuple(span, instant, instant, instant),
    (store, claim, [window, syncedAt, againAt, dueAt]) =>
      store.finishPass(claim, { cursor: "c", window, basedAt: syncedAt, syncedAt, endedAt: syncedAt, againAt, dueAt })
  ),
  underClaim("failPass", fc.tuple(instant, fc.boolean()), (store, claim, [dueAt, reset]) =>
    store.failPass(claim, { syncStatus: "failed", syncError: "no", endedAt: dueAt, dueAt, reset })
  ),
  underClaim("extendLease", instant, (store, claim, until) => store.extendLease(claim, until))
]

const erasing: ReadonlyArray<fc.Arbitrary<Step>> = [
  step("erase", connectionOf, (store, { id, userId }) => store.erase(userId, id, 10_000))
]

const reading: ReadonlyArray<fc.Arbitrary<Step>> = [
  ...workspaceReading,
  ...logReading,
  step("slice", fc.tuple(user, scope, instant), (store, given) => store.slice(...given)),
  fc
    .tuple(user, some(series.map(({ key }) => key)), fc.array(meeting, { maxLength: 2 }))
    .map((asked) => changesOf(...asked)),
  user.map((userId) => askedFor(userId)),
  step("events", eventsQuery, (store, query) => store.events(query)),
  step("listing", eventsQuery, (store, query) => store.listing(query)),
  step("account", user, (store, userId) => store.account(userId)),
  step("page of bots", botsQuery, (store, query) => store.bots(query)),
  step("listing of bots", botsQuery, (store, query) => store.botListing(query)),
  step("botsOf", fc.tuple(user, some(meeting)), (store, given) => store.botsOf(...given)),
  // Bots of two users may stand at one instant with one id: their order is nobody's concern.
  step("due and behind", instant, (store, at) =>
    Effect.map(
      Effect.all([store.dueBots(at, 99), store.unapplied(99), store.handedOver(at, null, 99)]),
      ([due, ...lists]) => [
        inAnyOrder(due.map(({ at: dueAt, botId, status, userId }) => [userId, botId, status, dueAt])),
        ...lists.map((rows) => inAnyOrder(rows.map(({ bot: row, userId }) => [userId, row.id])))
      ]
    )
  ),
  underClaim("unseen", fc.tuple(span, limit), (store, claim, [given, max]) => store.unseen(claim, given, null, max)),
  step("mirrored", fc.tuple(user, calendarId, some(event)), (store, [userId, id, rows]) =>
    Effect.map(
      store.mirrored(userId, id, {
        events: rows.slice(0, 1).map((row) => row.id),
        series: [],
        providerIds: rows.map(({ providerId }) => providerId)
      }),
      (found) => ({ events: byId(found.events), series: byId(found.series) })
    )
  ),
  step("occurrencesOf", fc.tuple(user, some(series.map(({ id }) => id))), (store, given) =>
    store.occurrencesOf(...given)
  ),
  step("subscriptions", some(fc.tuple(user, calendarId)), (store, given) =>
    Effect.map(store.subscriptions(given.map(([userId, id]) => `${userId} ${id}`)), inAnyOrder)
  ),
  step("subscriptionsEnding", fc.tuple(instant, limit), (store, given) => store.subscriptionsEnding(...given)),
  step("lagging", fc.tuple(instant, limit), (store, [now, max]) => store.lagging(now, null, max)),
  step("lists of users", limit, (store, max) =>
    Effect.all([store.autoUsers(null, max), store.connectedUsers(null, max), store.disconnecting(max)])
  ),
  step("nextDue", fc.subarray([...users]), (store, leftOut) => store.nextDue(leftOut))
]

/** What fills the stores comes more often than what empties them. */
export const steps: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.oneof(...writing), weight: 30 },
  { arbitrary: fc.oneof(...turning), weight: 15 },
  { arbitrary: fc.oneof(...reading), weight: 25 },
  { arbitrary: fc.oneof(...erasing), weight: 1 }
)

/** Users are connected and have calendars, each claimed: from nothing few histories would get that far. */
export const prelude: Step = {
  toString: () => "prelude",
  run: (store, claims) =>
    Effect.forEach(users, (userId) =>
      Effect.gen(function* () {
        for (const each of platforms) {
          const row = connectionRow(userId, { platform: each })
          yield* store.saveConnection(row, null)
          const own = listingsOf(userId).filter(({ connectionId }) => connectionId === row.id)
          yield* store.listCalendars(row, own, 0)
        }
        for (const id of calendarIds) yield* taking(store.claimCalendar(userId, id, 0, hour), claims)
      })
    )
}

/** What there is to decide of a user. */
export const changesOf = (
  userId: UserId,
  besides: ReadonlyArray<SeriesKey> = [],
  meetings: ReadonlyArray<MeetingKey> = []
): Step => ({
  isChanges: true,
  toString: () => `changes of ${userId} ${besides.join()} ${meetings.join()}`,
  run: (store) => store.slice(userId, { kind: "changed", series: besides, meetings }, 0)
})

const askedFor = (userId: UserId): Step => ({
  toString: () => `series asked for by ${userId}`,
  run: (store) => Effect.map(store.intendedSeries(userId), inAnyOrder)
})

/** All that the stores hold. */
export const everything: ReadonlyArray<Step> = [
  everythingOfWorkspaces,
  everythingOfLogs,
  {
    toString: () => "everything",
    run: (store) =>
      Effect.forEach(users, (userId) => Effect.all([store.slice(userId, { kind: "all" }, 0), store.nextDue([])]))
  },
  ...users.map((userId) => changesOf(userId)),
  ...users.map(askedFor)
]
