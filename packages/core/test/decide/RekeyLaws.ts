/**
 * The laws of a series that moves: the k-th occurrence that was ahead stands for the k-th that is ahead now, with its bot
 * and all that was asked for it. Like `Laws.ts`, as functions that throw; what moved is worked out a second time here, by
 * listing occurrences.
 */
import { assert } from "@effect/vitest"
import * as fc from "fast-check"
import type { Bot } from "../../src/domain/Bot.ts"
import type { CalendarId } from "../../src/domain/Ids.ts"
import type { Intent } from "../../src/domain/Intent.ts"
import type { Slice } from "../../src/domain/Slice.ts"
import type { Instant } from "../../src/domain/Time.ts"
import { expand } from "../../src/recurrence/Expand.ts"
import type { Occurrence, RecurringSeries } from "../../src/recurrence/Rule.ts"
import type { Deciding, Law } from "./Laws.ts"
import { decided } from "./Decided.ts"
import { committed } from "./Model.ts"
import { timingOf } from "./Patterns.ts"
import { someRequest } from "./SomeRequest.ts"
import {
  calendar,
  eventIntent,
  exclusion,
  meetingOn,
  minute,
  override,
  policy,
  series,
  seriesIntent,
  slice
} from "./Rows.ts"
import { nows, timingPlan } from "./StatePlan.ts"

/** A series as it was and as it is, and what was asked for its occurrences: their places among those ahead. */
export interface Moving {
  readonly now: Instant
  readonly past: RecurringSeries
  readonly since: RecurringSeries
  readonly wished: ReadonlyArray<number>
  readonly excluded: ReadonlyArray<number>
  readonly overridden: ReadonlyArray<number>
  /** All of the series, from a place on, which may lie behind (-1: the one before the first ahead); null: not asked for. */
  readonly all: { readonly from: number; readonly span: number } | null
  /** What is asked for while the move is not decided yet. */
  readonly luck: number
}

const places = fc.subarray([0, 1, 2, 3, 4, 5, 6])

export const moving: fc.Arbitrary<Moving> = fc
  .record({
    now: fc.constantFrom(...nows),
    past: timingPlan,
    since: timingPlan,
    wished: places,
    excluded: places,
    overridden: places,
    luck: fc.nat(1_000_000),
    all: fc.option(fc.record({ from: fc.integer({ min: -3, max: 4 }), span: fc.integer({ min: 1, max: 6 }) }), {
      nil: null
    })
  })
  .map(({ now, past, since, ...asked }) => ({ ...asked, now, past: timingOf(past, now), since: timingOf(since, now) }))

const sync = series("sync", { calendarId: "only" as CalendarId })
const only = calendar(sync.calendarId, { isPrimary: true, window: null })

/** Occurrences that have not ended. */
const ahead = (timing: RecurringSeries, now: Instant, limit = 16): ReadonlyArray<Occurrence> =>
  expand(timing, now - 2 * timing.durationMillis, Infinity, limit + 4)
    .filter(({ end }) => end > now)
    .slice(0, limit)

/** The occurrences that are behind, in order. */
const behind = (timing: RecurringSeries, now: Instant): ReadonlyArray<Occurrence> =>
  expand(timing, now - 200 * 86_400_000, now, 400).filter(({ end }) => end <= now)

const intents = (
  { all, excluded, now, past, wished }: Moving,
  old: ReadonlyArray<Occurrence>
): ReadonlyArray<Intent> => {
  const at = (list: ReadonlyArray<number>) =>
    list.flatMap((place) => (old[place] === undefined ? [] : [meetingOn(sync, old[place].date)]))
  const first = all === null ? undefined : all.from < 0 ? behind(past, now).at(all.from) : old[all.from]
  return [
    ...at(wished).map((meeting) => eventIntent(meeting, { seq: 2 })),
    ...at(excluded).map((meeting) => exclusion(meeting, { seq: 5 })),
    ...(all === null || first === undefined
      ? []
      : [seriesIntent(sync.key, { seq: 3, fromDate: first.date, dateCount: all.span })])
  ]
}

/** The user before the series moved, with every bot made. */
const before = (code: Deciding, subject: Moving): Slice => {
  const old = ahead(subject.past, subject.now)
  const start = slice({
    calendars: [only],
    series: [{ ...sync, timing: subject.past }],
    intents: intents(subject, old),
    overrides: subject.overridden.flatMap((place) =>
      old[place] === undefined
        ? []
        : [override(meetingOn(sync, old[place].date), { joinOffsetMillis: -(place + 2) * minute })]
    )
  })
  return committed(start, decided(start, {}, optionsOf(subject), code).commit)
}

const optionsOf = ({ now }: Moving) => ({ now, policy, isWhole: true, isAll: true })

const moved = (code: Deciding, state: Slice, timing: RecurringSeries, subject: Moving): Slice => {
  const told = {
    ...state,
    mirrorNumber: state.mirrorNumber + 1,
    series: state.series.map((row) => ({ ...row, timing }))
  }
  return committed(told, decided(told, {}, optionsOf(subject), code).commit)
}

const scheduled = ({ bots }: Slice): ReadonlyArray<Bot> => bots.filter(({ status }) => status === "Scheduled")

/** For each place ahead, the occurrence that stands for it now; undefined: none does. */
const counterparts = (subject: Moving): ReadonlyArray<Occurrence | undefined> => {
  const { now, past, since } = subject
  const old = ahead(past, now)
  const young = ahead(since, now)
  const { all } = subject
  const named = [
    ...subject.wished,
    ...subject.excluded,
    ...subject.overridden,
    0,
    ...(all === null ? [] : [all.from, all.from + all.span - 1])
  ]
  const last = old[Math.min(Math.max(...named), old.length - 1)]?.date ?? ""
  const from = [old[0]?.date ?? "", young[0]?.date ?? ""].toSorted()[0] ?? ""
  const between = (timing: RecurringSeries) =>
    expand(timing, now - 40 * 86_400_000, Infinity, 400).filter(({ date }) => date >= from)
  const [mine, theirs] = [between(past), between(since)]
  // The first beyond the last one named counts too: there what is open-ended goes on.
  const count = mine.findIndex(({ date }) => date > last) + 1 || mine.length
  const isSame = mine
    .slice(0, count)
    .every(({ date }, place) => theirs[place] === undefined || theirs[place].date === date)
  if (old.length === 0 || young.length === 0 || isSame)
    return old.map(({ date }) => theirs.find((each) => each.date === date))
  return old.map((_, place) => young[place])
}

export const followsItsOccurrence: Law<Moving> = {
  name: "the bot of the k-th occurrence ahead goes to the k-th that is ahead now, with its id and its changes by hand; what has no counterpart ends, nothing else does",
  holds: (code, subject) => {
    const was = before(code, subject)
    const is = moved(code, was, subject.since, subject)
    const old = ahead(subject.past, subject.now)
    const stands = counterparts(subject)
    for (const intent of is.intents)
      if ("meeting" in intent) assert.isTrue(intent.id.endsWith(intent.meeting), intent.id)
    for (const [place, { date }] of old.entries()) {
      const bot = scheduled(was).find(({ meeting }) => meeting === meetingOn(sync, date))
      if (bot === undefined) continue
      const now = is.bots.find(({ id }) => id === bot.id)
      const target = stands[place]
      if (target === undefined) {
        assert.strictEqual(now?.status, "Cancelled", date)
        continue
      }
      if (target.end <= subject.now) continue
      const lead = subject.overridden.includes(place) ? (place + 2) * minute : policy.leadMillis
      assert.deepStrictEqual(
        [now?.status, now?.meeting, now?.start, now?.end, now?.joinAt],
        ["Scheduled", meetingOn(sync, target.date), target.start, target.end, target.start - lead],
        date
      )
      assert.strictEqual(is.events.find(({ id }) => id === now?.eventId)?.meeting, now?.meeting)
    }
  }
}

export const makesNoOther: Law<Moving> = {
  name: "no bot is made for a series that moved but where it has more occurrences than before",
  holds: (code, subject) => {
    const was = before(code, subject)
    const is = moved(code, was, subject.since, subject)
    const old = ahead(subject.past, subject.now, 40)
    const ids = new Set(was.bots.map(({ id }) => id))
    const stands = new Set(counterparts(subject).map((each) => each?.date))
    for (const bot of scheduled(is).filter(({ id }) => !ids.has(id))) {
      // Beyond the last date that the old pattern had, or one that was behind and is ahead again.
      const date = bot.meeting.slice(3, 13)
      assert.isTrue(old.length < 16 || !stands.has(date), bot.meeting)
    }
    assert.deepStrictEqual(decided(is, {}, optionsOf(subject), code).commands, [])
  }
}

export const moveOnly: Law<Moving> = {
  name: "a bot whose occurrence moved is told so once, and of nothing else: its event, its calendar and its looks are as before",
  holds: (code, subject) => {
    const was = before(code, subject)
    const told = { ...was, series: was.series.map((row) => ({ ...row, timing: subject.since })) }
    const { commands } = decided(told, {}, optionsOf(subject), code)
    for (const command of commands) assert.notStrictEqual(command.kind, "reconfigure")
    const ids = commands.flatMap((command) => (command.kind === "create" ? [] : [command.bot.id]))
    assert.strictEqual(new Set(ids).size, ids.length)
  }
}

export const thereAndBack: Law<Moving> = {
  name: "a series that moves and moves back has what it had",
  holds: (code, subject) => {
    const { now, past, since } = subject
    if (ahead(past, now).length < 16 || ahead(since, now).length < 16) return
    // Moved within its day to where it has ended, a meeting loses its bot, and has another when it is moved back.
    if (counterparts(subject).some((each) => each !== undefined && each.end <= now)) return
    const was = before(code, subject)
    const back = moved(code, moved(code, was, since, subject), past, subject)
    const intent = (state: Slice) => state.intents.map((each) => JSON.stringify(each)).toSorted()
    // What lay behind is counted off for good, and says the same of what is ahead.
    if ((subject.all?.from ?? 0) >= 0) assert.deepStrictEqual(intent(back), intent(was))
    assert.deepStrictEqual(
      back.overrides.map(({ meeting }) => meeting).toSorted(),
      was.overrides.map(({ meeting }) => meeting).toSorted()
    )
    const facts = (state: Slice) =>
      scheduled(state)
        .map(({ id, joinAt, meeting, start }) => `${id} ${meeting} ${start} ${joinAt}`)
        .toSorted()
    assert.deepStrictEqual(facts(back), facts(was))
  }
}

export const meansWhereItIs: Law<Moving> = {
  name: "a request that comes before a series' move was decided means what it would mean afterwards",
  holds: (code, subject) => {
    const was = before(code, subject)
    const told = { ...was, series: was.series.map((row) => ({ ...row, timing: subject.since })) }
    const move = decided(told, {}, optionsOf(subject), code)
    // A series id alone means the next occurrence that has a bot: one that is just being made is none yet.
    if (move.commands.some(({ kind }) => kind === "create")) return
    const then = committed(told, move.commit)
    const at = { luck: subject.luck, slice: was }
    const [early, late] = [told, then].map((state) => {
      const answer = code.decide(state, someRequest(code, at), optionsOf(subject))
      if (!("decision" in answer)) throw new Error(answer.message)
      return { state: committed(state, answer.decision.commit), isRefused: typeof answer.answer === "string" }
    })
    if (early === undefined || late === undefined) return
    assert.deepStrictEqual(joining(early.state), joining(late.state))
    // A bot whose occurrence has no counterpart stands in the way, and can be removed, until its end is decided.
    if (!early.isRefused && !late.isRefused) assert.deepStrictEqual(asked(early.state), asked(late.state))
  }
}

/** What joins, when and how. */
const joining = (state: Slice): ReadonlyArray<string> =>
  scheduled(state)
    .map(({ botName, joinAt, meeting, start }) => `${meeting} ${start} ${joinAt} ${botName}`)
    .toSorted()

/** What is asked for; not by which number. */
const asked = ({ intents, overrides }: Slice): ReadonlyArray<string> =>
  [...intents.map(({ seq: _seq, ...each }) => each), ...overrides].map((each) => JSON.stringify(each)).toSorted()

export const rekeyLaws: ReadonlyArray<Law<Moving>> = [
  followsItsOccurrence,
  makesNoOther,
  moveOnly,
  thereAndBack,
  meansWhereItIs
]
