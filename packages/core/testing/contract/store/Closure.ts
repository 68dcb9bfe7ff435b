/**
 * What a store promises about slices of any state: they are closed. Uses the port alone, and the generators for states.
 */
import { assert } from "@effect/vitest"
import { Arbitrary, Effect } from "effect"
import { seriesOfMeeting } from "../../../src/domain/MeetingKey.ts"
import type { Bot } from "../../../src/domain/Bot.ts"
import type { MeetingKey, SeriesKey } from "../../../src/domain/Ids.ts"
import { type Scope, type Slice, Store } from "../../../src/ports/Store.ts"
import { oneOf } from "../../arbitraries/Values.ts"
import { type State, state } from "../../arbitraries/States.ts"
import { freshUserId } from "../../rows/Fresh.ts"
import { connection, listing } from "./Rows.ts"
import { type It, botIdOf, idsOf } from "./Users.ts"

/** Each try fills a user; a database takes its time for that. */
const runs = 40

export const cases = (it: It): void => {
  it.effect.prop(
    "MUST be closed: copies, series, intents, overrides and live bots of whatever is in it, and the occurrences ahead",
    { given: state, which: Arbitrary.array(oneOf([0, 1, 2, 3, 4, 5, 6]), { minLength: 1, maxLength: 2 }) },
    ({ given, which }) =>
      Effect.gen(function* () {
        const store = yield* Store
        const { now } = given.frame
        const all = yield* filled(given)
        const meetings = which.flatMap((n) => all.events[n]?.meeting ?? [])
        const series = which.flatMap((n) => all.series[n]?.key ?? [])
        const scopes: ReadonlyArray<Scope> = [
          { kind: "meetings", meetings, series: [] },
          { kind: "meetings", meetings: [], series },
          { kind: "span", span: { from: now, to: now + 1 } }
        ]
        for (const scope of scopes) {
          const slice = yield* store.slice(all.userId, scope, now)
          assertWithin(slice, all)
          assertHolds(slice, all, closureOf(all, scope, now))
        }
      }),
    { arbitrary: { runs } }
  )
}

interface Reach {
  readonly meetings: Set<MeetingKey>
  readonly series: Set<SeriesKey>
}

/** What a slice of that scope must reach in the whole state, as the port says it. */
const closureOf = (all: Slice, scope: Scope, now: number): Reach => {
  const isNamed = scope.kind === "meetings"
  const meetings = new Set<MeetingKey>(isNamed ? scope.meetings : [])
  const series = new Set<SeriesKey>(isNamed ? scope.series : [])
  const spoken = [
    ...all.intents.flatMap((intent) => ("meeting" in intent ? [intent.meeting] : [])),
    ...all.overrides.map((override) => override.meeting),
    ...all.bots.filter(isLive).map((bot) => bot.meeting)
  ]
  if (scope.kind === "span") {
    for (const { end, meeting, start } of all.events) {
      if (start < scope.span.to && end > scope.span.from) meetings.add(meeting)
    }
    for (const bot of all.bots.filter(isLive)) meetings.add(bot.meeting)
  }
  for (let before = -1; before !== meetings.size + series.size;) {
    before = meetings.size + series.size
    for (const { meeting, seriesKey } of all.events)
      if (seriesKey !== null && meetings.has(meeting)) series.add(seriesKey)
    for (const key of series) {
      for (const meeting of spoken) if (seriesOfMeeting(meeting) === key) meetings.add(meeting)
      if (!all.intents.some((intent) => seriesOf(intent) === key)) continue
      for (const { end, meeting, seriesKey } of all.events) if (seriesKey === key && end > now) meetings.add(meeting)
    }
  }
  return { meetings, series }
}

const seriesOf = (intent: Slice["intents"][number]): SeriesKey | null =>
  "series" in intent ? intent.series : seriesOfMeeting(intent.meeting)

const isLive = ({ status }: Bot): boolean => status === "Scheduled" || status === "Launching"

const assertHolds = (slice: Slice, all: Slice, { meetings, series }: Reach): void => {
  const ofMeeting = ({ meeting }: { readonly meeting: MeetingKey }): boolean => meetings.has(meeting)
  const held = idsOf<string>([...slice.events, ...slice.series, ...slice.intents, ...slice.bots])
  assert.includeMembers(held, [
    ...idsOf<string>(all.events.filter(ofMeeting)),
    ...idsOf<string>(all.series.filter(({ key }) => series.has(key))),
    ...idsOf<string>(
      all.intents.filter((intent) => ("series" in intent ? series.has(intent.series) : ofMeeting(intent)))
    ),
    ...idsOf<string>(all.bots.filter(isLive).filter(ofMeeting))
  ])
  assert.includeDeepMembers([...slice.overrides], all.overrides.filter(ofMeeting))
}

/** Nothing in a slice is otherwise than in the whole. */
const assertWithin = (slice: Slice, all: Slice): void => {
  // A decision is spared what the provider said of an event, but of what was projected.
  const known = all.events.map((row) => (row.isVirtual ? row : { ...row, raw: null }))
  assert.includeDeepMembers(known, [...slice.events])
  assert.includeDeepMembers([...all.series], [...slice.series])
  assert.includeDeepMembers([...all.intents], [...slice.intents])
  assert.includeDeepMembers([...all.overrides], [...slice.overrides])
  assert.includeDeepMembers([...all.bots], slice.bots.filter(isLive))
}

/** Writes a state for a new user and answers the whole of it as the store holds it. */
const filled = Effect.fnUntraced(function* ({ frame: { now }, slice }: State) {
  const store: Store["Service"] = yield* Store
  const userId = yield* freshUserId
  const row = connection(userId)
  yield* store.saveConnection(row, null)
  const calendarIds = [...new Set([...slice.events, ...slice.series].map((each) => each.calendarId))]
  yield* store.listCalendars(
    row,
    calendarIds.map((id) => listing(row.id, id, { id })),
    now
  )
  for (const calendarId of calendarIds) {
    const claim = yield* store.claimCalendar(userId, calendarId, now, now + 1)
    if (claim._tag === "None") return assert.fail(`no claim on ${calendarId}`)
    const ofCalendar = (each: { readonly calendarId: string }): boolean => each.calendarId === calendarId
    yield* store.putMirror(claim.value, {
      events: slice.events.filter(ofCalendar),
      series: slice.series.filter(ofCalendar)
    })
  }
  const { version } = yield* store.slice(userId, { kind: "meetings", meetings: [], series: [] }, now)
  yield* store.commit({
    userId,
    version,
    decided: null,
    decideAt: null,
    putIntents: slice.intents,
    putOverrides: slice.overrides,
    bots: slice.bots.map((bot, n) => ({ bot: { ...bot, id: botIdOf(userId, `${n}`) }, expected: null }))
  })
  return yield* store.slice(userId, { kind: "all" }, now)
})
