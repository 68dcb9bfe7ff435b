/**
 * How fast wanted bots are compared with those there are, beside a comparison written out by hand that does the same with
 * no regard for anything else; and what judging a whole user costs.
 * Decides the mixture: 90 of 100 unchanged, 5 moved, 3 new, 2 cancelled, shuffled. What both answer is checked where no
 * clock runs. Figures of one run may be set beside each other, not those of two.
 */
import type { Bot } from "../src/domain/Bot.ts"
import type { CalendarEvent } from "../src/domain/Event.ts"
import type { MeetingKey, ProviderCalendarId } from "../src/domain/Ids.ts"
import { defaultPolicy } from "../src/domain/Policy.ts"
import type { Command } from "../src/decide/reconcile/Command.ts"
import { type JoinRule, rulesMax } from "../src/domain/JoinRule.ts"
import { reconcile } from "../src/decide/reconcile/Reconcile.ts"
import { desired } from "../src/decide/desired/Desired.ts"
import type { Verdict } from "../src/decide/desired/Verdict.ts"
import type { State } from "../src/decide/state/StateIndex.ts"
import { bot } from "../testing/rows/Bot.ts"
import { event } from "../testing/rows/Event.ts"
import { autoSchedule, eventIntent } from "../testing/rows/Intent.ts"
import { calendarId, connectionId, minute } from "../testing/rows/Present.ts"

const sizes = [1_000, 10_000, 100_000, 1_000_000]
const desiredSizes = [1_000, 10_000, 100_000]

/** Each size is compared about so many times in all, in turns with the hand-written way; the best turn counts. */
const comparisons = 4_000_000
const turnsMax = 40
const turnsMin = 5

const now = Date.UTC(2026, 10, 23, 9)

export const run = () => [
  {
    title: "Reconciling: wanted bots against those there are",
    note: "90 % unchanged, 5 % moved, 3 % new, 2 % cancelled; keys of about 40 characters, bots in shuffled order, every configuration an object of its own. Best turn, by processor time; x: how many times slower than the comparison by hand in the same run.",
    rows: sizes.map(compared)
  },
  {
    title: "Judging a whole user",
    note: "Single meetings of one calendar, each with an intent of its own, nine of ten with a bot; best turn, by processor time.",
    rows: desiredSizes.map((size) => judged(size))
  },
  {
    title: "Judging a whole user by the rules of auto-scheduling",
    note: `The same meetings, all covered and none asked for by hand, without rules and with ${rulesMax} that no meeting matches, in turns; x: how many times longer with them.`,
    rows: desiredSizes.map(ruled)
  }
]

/** Of each kind that a person writes; each misses by its first member. */
const manyRules: ReadonlyArray<JoinRule> = Array.from({ length: rulesMax }, (_, nth) => ({
  id: `rule_${nth}`,
  name: `Rule ${nth}`,
  enabled: true,
  when:
    [
      { all_day: true, subject_contains: [`name ${nth}`] },
      { my_response: ["tentative" as const], people: { min: nth } },
      { sensitivity: ["private" as const] },
      { external_people: { min: 1 + nth }, organizer: ["external" as const] }
    ][nth % 4] ?? {},
  then: "skip",
  bot_config: null
}))

const ruled = (size: number) => {
  const { intents: _intents, ...user } = userOf(size)
  const auto = autoSchedule({ enabled: true, seq: 1, coveredUntil: Number.MAX_SAFE_INTEGER })
  const states = [[], manyRules].map((rules) => ({ ...user, intents: [], auto: { ...auto, rules } }))
  const options = { policy: defaultPolicy, now }
  const best = states.map(() => Infinity)
  for (let turn = 0; turn < turnsMin; turn++) {
    for (const [place, state] of states.entries()) {
      best[place] = Math.min(
        best[place] ?? Infinity,
        timed(() => desired(state, options))
      )
    }
  }
  for (const state of states) {
    const wanted = [...desired(state, options).values()].filter(({ kind }) => kind === "wanted").length
    if (wanted !== size) throw new Error(`${wanted} of ${size} meetings are wanted`)
  }
  const [without = 0, beside = 0] = best
  return {
    meetings: size,
    "ms without": round(without),
    "ms with": round(beside),
    x: round(beside / without),
    "us each": Math.round((beside / size) * 1e5) / 100,
    "ns a rule": Math.round(((beside - without) * 1e6) / (size * rulesMax))
  }
}

const compared = (size: number) => {
  const { bots, expected, verdicts } = mixture(size)
  const turns = Math.min(turnsMax, Math.max(turnsMin, Math.round(comparisons / size)))
  check("reconcile", reconcile(verdicts, bots), expected)
  checkByHand(byHand(verdicts, bots), expected)
  let [ours, theirs] = [Infinity, Infinity]
  for (let turn = 0; turn < turns; turn++) {
    ours = Math.min(
      ours,
      timed(() => reconcile(verdicts, bots))
    )
    theirs = Math.min(
      theirs,
      timed(() => byHand(verdicts, bots))
    )
  }
  check("reconcile", reconcile(verdicts, bots), expected)
  return {
    verdicts: size,
    "reconcile ns each": round((ours / size) * 1e6),
    "by hand ns each": round((theirs / size) * 1e6),
    x: Math.round((ours / theirs) * 100) / 100,
    "M verdicts/s": Math.round(size / ours / 10) / 100
  }
}

const judged = (size: number) => {
  const state = userOf(size)
  const options = { policy: defaultPolicy, now }
  const count = (verdicts: ReadonlyMap<MeetingKey, Verdict>): number =>
    [...verdicts.values()].filter(({ kind }) => kind === "wanted").length
  if (count(desired(state, options)) !== size) throw new Error("not every meeting is wanted")
  const turns = Math.min(turnsMax, Math.max(turnsMin, Math.round(comparisons / 10 / size)))
  let best = Infinity
  for (let turn = 0; turn < turns; turn++)
    best = Math.min(
      best,
      timed(() => desired(state, options))
    )
  return { meetings: size, ms: round(best), "us each": Math.round((best / size) * 1e5) / 100 }
}

/** The least that does the work: one map of what there is, one walk over what is wanted, every value compared once. */
const byHand = (verdicts: ReadonlyMap<MeetingKey, Verdict>, bots: ReadonlyArray<Bot>) => {
  const there = new Map<MeetingKey, Bot>()
  for (const bot of bots) if (bot.status === "Scheduled") there.set(bot.meeting, bot)
  const todo = { create: [] as Array<MeetingKey>, move: [] as Array<Bot>, cancel: [] as Array<Bot> }
  for (const [meeting, verdict] of verdicts) {
    const bot = there.get(meeting)
    if (verdict.kind === "wanted") {
      if (bot === undefined) todo.create.push(meeting)
      else if (
        bot.joinAt !== verdict.bot.joinAt ||
        bot.link.url !== verdict.bot.link.url ||
        bot.botName !== verdict.bot.botName ||
        !sameValues(bot.config, verdict.bot.config) ||
        !sameValues(bot.customAttributes, verdict.bot.customAttributes)
      ) {
        todo.move.push(bot)
      }
    } else if (bot !== undefined) todo.cancel.push(bot)
  }
  return todo
}

/** For the flat objects of this benchmark, whose members stand in one order. */
const sameValues = (one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): boolean => {
  for (const member in one) if (one[member] !== other[member]) return false
  return true
}

interface Expected {
  readonly create: number
  readonly move: number
  readonly cancel: number
}

const check = (name: string, commands: ReadonlyArray<Command>, { cancel, create, move }: Expected): void => {
  const count = (kind: Command["kind"]): number => commands.filter((command) => command.kind === kind).length
  if (
    count("create") !== create ||
    count("move") !== move ||
    count("cancel") !== cancel ||
    commands.length !== create + move + cancel
  ) {
    throw new Error(`${name} came to ${commands.length} commands, not ${create} + ${move} + ${cancel}`)
  }
}

const checkByHand = (todo: ReturnType<typeof byHand>, { cancel, create, move }: Expected): void => {
  if (todo.create.length !== create || todo.move.length !== move || todo.cancel.length !== cancel) {
    throw new Error("the comparison by hand came to something else")
  }
}

const mixture = (size: number) => {
  const verdicts = new Map<MeetingKey, Verdict>()
  const bots: Array<Bot> = []
  const expected = { create: 0, move: 0, cancel: 0 }
  for (let place = 0; place < size; place++) {
    const event = eventAt(place)
    const part = place % 100
    const isMoved = part >= 90 && part < 95
    const isNew = part >= 95 && part < 98
    if (!isNew) bots.push(botOf(event, isMoved ? 30 * minute : 0))
    if (isMoved) expected.move++
    if (isNew) expected.create++
    if (part >= 98) expected.cancel++
    verdicts.set(event.meeting, part >= 98 ? { kind: "unwanted", reason: "meeting_cancelled" } : wantedOf(event))
  }
  return { verdicts, bots: shuffled(bots), expected }
}

const wantedOf = (event: CalendarEvent): Verdict => ({
  kind: "wanted",
  bot: {
    event,
    link: { platform: "teams", url: `https://teams.microsoft.com/meet/${event.subject}` },
    joinAt: event.start - minute,
    ...looks(event),
    origin: "manual",
    seq: 1,
    isCreatable: true,
    isAnswered: false,
    rule: null
  }
})

/** As a store hands them over: never the same object twice. */
const looks = ({ providerId, subject }: CalendarEvent) => ({
  botName: "Notes",
  config: { bot_name: "Notes", recording_mode: "speaker_view", language: "de" },
  customAttributes: { source: "calendar_integration", event_id: providerId, event_summary: subject }
})

const botOf = (event: CalendarEvent, shift: number): Bot =>
  bot(event, {
    meeting: `${event.meeting} `.trimEnd() as MeetingKey,
    joinAt: event.start - minute + shift,
    start: event.start + shift,
    end: event.end + shift,
    ...looks(event)
  })

const eventAt = (place: number): CalendarEvent => {
  const name = `${place}`.padStart(9, "0")
  const start = now + 60 * minute + (place % 20_000) * minute
  return event(name, {
    providerId: `AAMkAGI2TG93AAA=${name}`,
    iCalUid: `040000008200E00074C5B7101A82E008${name}`,
    start,
    end: start + 30 * minute,
    link: { platform: "teams", url: `https://teams.microsoft.com/meet/${name}` }
  })
}

const userOf = (size: number): State => {
  const events = Array.from({ length: size }, (_, place) => eventAt(place))
  return {
    connections: [{ id: connectionId, status: "active", email: null }],
    calendars: [
      {
        id: calendarId,
        providerId: "calendar" as ProviderCalendarId,
        connectionId,
        isPrimary: true,
        position: 0,
        selected: true,
        timeZone: null,
        window: { from: now, to: now + 30 * 1440 * minute }
      }
    ],
    auto: autoSchedule({ enabled: true, seq: 1, coveredUntil: now + 1440 * minute }),
    workspace: null,
    events,
    series: [],
    intents: events.map(({ meeting }) => eventIntent(meeting, { config: { bot_name: "Notes" } })),
    overrides: [],
    bots: shuffled(events.filter((_, place) => place % 10 !== 0).map((event) => botOf(event, 0)))
  }
}

/** The same order every time, none that a cache could guess. */
const shuffled = <A>(items: ReadonlyArray<A>): ReadonlyArray<A> => {
  const all = [...items]
  let state = 1
  for (let place = all.length - 1; place > 0; place--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const other = Math.floor((state / 2 ** 32) * (place + 1))
    const held = all[place] as A
    all[place] = all[other] as A
    all[other] = held
  }
  return all
}

/** By the processor's time, collecting garbage included: what else the machine does costs it nothing. */
const timed = (work: () => unknown): number => {
  const before = process.cpuUsage()
  work()
  const { system, user } = process.cpuUsage(before)
  return (system + user) / 1000
}

const round = (value: number): number => Math.round(value * 10) / 10
