/**
 * The laws of deciding, C1 to C6, as functions that throw where one is broken. They take the code under test as an
 * argument, so that they can also be held against copies of it that are broken on purpose.
 *
 * Decides what must hold of any user at any time. The laws of writing a decision are in `WritingLaws.ts`, those of a
 * series that moves in `RekeyLaws.ts`, those of keys and rows in `KeyLaws.ts` and `RowLaws.ts`.
 */
import { assert } from "@effect/vitest"
import type { Wanted } from "../../src/decide/desired/Verdict.ts"
import type { Bot } from "../../src/domain/Bot.ts"
import type { MeetingKey } from "../../src/domain/Ids.ts"
import type { Slice } from "../../src/domain/Slice.ts"
import { seriesOfMeeting, singleMeetingKey } from "../../src/domain/MeetingKey.ts"
import type { Subject } from "./Arbitraries.ts"
import type { Deciding } from "./Code.ts"
import { decided } from "./Decided.ts"
import { luckOf } from "./Luck.ts"
import { strongest } from "./Precedence.ts"
import { naiveLock } from "./RuleReading.ts"

/** The code under test. */
export type { Deciding } from "./Code.ts"

export interface Law<A = Subject> {
  readonly name: string
  /** Throws where the law is broken. */
  readonly holds: (code: Deciding, subject: A) => void
}

type Verdicts = ReturnType<Deciding["desired"]>
type Command = ReturnType<Deciding["reconcile"]>[number]

/** What a store hands back: other order of members, no sign on a zero, nothing that was undefined. */
const throughJson = <A>(value: A): A =>
  JSON.parse(JSON.stringify(value), (_, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).toReversed())
      : item
  ) as A

const applied = (
  code: Deciding,
  commands: ReadonlyArray<Command>,
  bots: ReadonlyArray<Bot>,
  { now, slice }: Subject
) => {
  const after = new Map(bots.map((bot) => [bot.id, bot]))
  for (const { bot } of code.applyAll(commands, { userId: slice.userId, now, known: new Set(after.keys()) })) {
    after.set(bot.id, bot)
  }
  return throughJson([...after.values()])
}

const meetingOf = (command: Command): MeetingKey => (command.kind === "create" ? command.meeting : command.bot.meeting)

const isLive = ({ status }: Bot): boolean => status === "Scheduled" || status === "Launching"

export const idempotent: Law = {
  name: "C1 idempotent: once applied, commands leave nothing to say",
  holds: (code, subject) => {
    const { now, policy, slice } = subject
    const verdicts = code.desired(slice, { now, policy })
    const after = applied(code, code.reconcile(verdicts, slice.bots), slice.bots, subject)
    assert.deepStrictEqual(code.reconcile(verdicts, after), [])
    const again = code.desired({ ...slice, bots: after }, { now, policy })
    assert.deepStrictEqual(code.reconcile(again, after), [])
  }
}

/** Bots that have nothing to do with what is wanted: of other meetings, with other times and names, two at a time. */
const strangers = ({ luck, slice }: Subject, verdicts: Verdicts): ReadonlyArray<Bot> => {
  const chance = luckOf(luck)
  const meetings = [...verdicts.keys(), "uid:nobody's" as MeetingKey]
  return slice.bots.flatMap((bot) => {
    const meeting = chance.oneOf(meetings) ?? bot.meeting
    const other = { ...bot, meeting, start: bot.start + chance.below(3), botName: `name ${chance.below(2)}` }
    return chance.below(3) === 0 ? [other, { ...bot, id: `${bot.id}x` as Bot["id"], meeting }] : [other]
  })
}

export const convergent: Law = {
  name: "C2 convergent: from any bots, one application reaches what is wanted",
  holds: (code, subject) => {
    const { now, policy, slice } = subject
    const verdicts = code.desired(slice, { now, policy })
    for (const bots of [slice.bots, strangers(subject, verdicts)]) {
      const after = applied(code, code.reconcile(verdicts, bots), bots, subject)
      for (const [meeting, verdict] of verdicts) {
        const live = after.filter((bot) => bot.meeting === meeting && isLive(bot))
        const scheduled = live.filter(({ status }) => status === "Scheduled")
        if (verdict.kind === "unwanted") assert.deepStrictEqual(scheduled, [])
        if (verdict.kind !== "wanted") continue
        if (verdict.bot.isAnswered) assert.deepStrictEqual(scheduled, [])
        else if (verdict.bot.isCreatable) assert.isNotEmpty(live)
        assert.isAtMost(scheduled.length, 1)
        for (const bot of scheduled) reaches(bot, verdict.bot)
      }
    }
  }
}

const reaches = (bot: Bot, wanted: Wanted): void => {
  const { botName, calendarId, config, customAttributes, end, eventId, joinAt, link, origin, seq, start } = bot
  assert.deepStrictEqual(
    { botName, calendarId, config, customAttributes, end, eventId, joinAt, link, origin, seq, start },
    throughJson({
      botName: wanted.botName,
      calendarId: wanted.event.calendarId,
      config: wanted.config,
      customAttributes: wanted.customAttributes,
      end: wanted.event.end,
      eventId: wanted.event.id,
      joinAt: wanted.joinAt,
      link: wanted.link,
      origin: wanted.origin,
      seq: wanted.seq,
      start: wanted.event.start
    })
  )
}

export const minimal: Law = {
  name: "C3 minimal: each command changes something, none undoes another, and a bot past `Scheduled` is told alone whether it stays",
  holds: (code, subject) => {
    const { now, policy, slice } = subject
    const verdicts = code.desired(slice, { now, policy })
    const commands = code.reconcile(verdicts, slice.bots)
    const said = new Set<string>()
    for (const command of commands) {
      const about = `${command.kind === "cancel" || command.kind === "create" ? "fate" : command.kind} of ${meetingOf(command)}`
      assert.isFalse(said.has(about), about)
      said.add(about)
      if (command.kind === "create") continue
      const isStay = command.kind === "take-back" || command.kind === "keep"
      assert.strictEqual(command.bot.status, isStay ? "Launching" : "Scheduled")
      const [row] = code.applyAll([command], { userId: slice.userId, now })
      assert.strictEqual(row?.expected, command.bot.revision)
      assert.notDeepEqual({ ...row?.bot, revision: 0, updatedAt: 0 }, { ...command.bot, revision: 0, updatedAt: 0 })
      assert.strictEqual(row?.bot.revision, command.bot.revision + 1)
      // The scheduler holds a name and an instant: nothing else is worth telling it.
      const isTold = command.kind === "cancel" || (command.kind === "move" && command.joinAt !== command.bot.joinAt)
      assert.strictEqual(row?.bot.schedule.wanted, command.bot.schedule.wanted + (isTold ? 1 : 0))
    }
  }
}

const isOfChain = ({ kind }: Slice["intents"][number]): boolean => kind === "recurring"

const readsHours = ({ auto, workspace }: Slice): boolean =>
  [...auto.rules, ...(workspace?.policy.rules ?? [])].some(
    ({ when }) => when.hours !== undefined || when.not?.hours !== undefined
  )

export const movesAreMoves: Law = {
  name: "C3 minimal: a meeting that moves is one move of its bot, never a cancel and a create",
  holds: (code, { luck, now, policy, slice }) => {
    const chance = luckOf(luck)
    const state: Slice = code.currentState(slice, now)
    const first = code.desired(state, { now, policy })
    const bots = applied(code, code.reconcile(first, state.bots), state.bots, { luck, now, policy, slice: state })
    const movable = [...first].flatMap(([meeting, verdict]) => {
      const bot = bots.find((each) => each.meeting === meeting && each.status === "Scheduled")
      return verdict.kind === "wanted" && !verdict.bot.event.isVirtual && bot !== undefined
        ? [{ bot, event: verdict.bot.event }]
        : []
    })
    const moved = chance.oneOf(movable)
    if (moved === undefined) return
    const by = [1, -1, 3_600_000, 86_400_000, 40 * 86_400_000][chance.below(5)] ?? 1
    if (moved.event.end + by <= now || bots.some((bot) => bot.meeting === moved.event.meeting && bot !== moved.bot))
      return
    const event = { ...moved.event, start: moved.event.start + by, end: moved.event.end + by }
    const events = state.events.map((each) => (each.id === event.id ? event : each))
    const commands = code.reconcile(code.desired({ ...state, bots, events }, { now, policy }), bots)
    if (readsHours(state)) {
      // At another hour a rule may say otherwise of it.
      const kinds = new Set(commands.filter((each) => meetingOf(each) === event.meeting).map(({ kind }) => kind))
      return assert.isFalse(kinds.has("cancel") && kinds.has("create"))
    }
    // Of two chains, the one that reached it before it moved may not be the one that speaks for it now.
    const isTaken = ({ kind }: Command) => kind === "reconfigure"
    const isChained = moved.bot.origin === "recurring" && state.intents.filter(isOfChain).length > 1
    assert.deepStrictEqual(
      commands.filter((command) => meetingOf(command) === event.meeting && !(isChained && isTaken(command))),
      [
        {
          kind: "move",
          bot: moved.bot,
          joinAt: moved.bot.joinAt + by,
          start: event.start,
          end: event.end,
          reason: "meeting_moved"
        }
      ]
    )
  }
}

/** Commands as a set, and what they write. */
const facts = (code: Deciding, { now, policy, slice }: Subject): ReadonlyArray<string> => {
  const { commands, commit } = decided(slice, {}, { now, policy, isWhole: true }, code)
  const { bots = [], ...intents } = commit
  const sets = Object.entries(intents).map(([member, value]) =>
    Array.isArray(value)
      ? `${member}: ${value
          .map((item) => JSON.stringify(item))
          .toSorted()
          .join()}`
      : `${member}: ${String(value)}`
  )
  return [
    ...commands.map((each) => JSON.stringify(each)),
    ...bots.map((each) => JSON.stringify(each)),
    ...sets
  ].toSorted()
}

export const orderFree: Law = {
  name: "C4 order-free: neither the order of what is known nor knowing it twice changes a command",
  holds: (code, subject) => {
    const { luck, slice } = subject
    const chance = luckOf(luck)
    const shuffled: Slice = {
      ...slice,
      calendars: chance.shuffled(slice.calendars),
      events: chance.doubled(slice.events),
      series: chance.shuffled(slice.series),
      intents: chance.doubled(slice.intents),
      overrides: chance.doubled(slice.overrides),
      bots: chance.doubled(slice.bots)
    }
    assert.deepStrictEqual(facts(code, { ...subject, slice: shuffled }), facts(code, subject))
  }
}

/** What a meeting is decided together with: its series, or the events with its UID, of which it may have been taken apart. */
const componentsOf = ({ events }: Slice) => {
  const families = new Map(events.map(({ family, id }) => [singleMeetingKey(id, null), family]))
  return (meeting: MeetingKey): string => seriesOfMeeting(meeting) ?? families.get(meeting) ?? meeting
}

export const local: Law = {
  name: "C5 local: what is decided about a meeting depends on nothing but its copies, its series and what was asked for them",
  holds: (code, { now, policy, slice }) => {
    const options = { now, policy, isWhole: false }
    const component = componentsOf(slice)
    const whole = decided(slice, {}, options, code)
    const of = (key: string): Slice => ({
      ...slice,
      events: slice.events.filter((row) => component(row.family) === key),
      series: slice.series.filter((row) => row.key === key),
      intents: slice.intents.filter((each) => ("series" in each ? each.series : component(each.meeting)) === key),
      overrides: slice.overrides.filter((each) => component(each.meeting) === key),
      bots: slice.bots.filter((bot) => component(bot.meeting) === key)
    })
    const keys = new Set([
      ...slice.events.map((row) => component(row.family)),
      ...slice.series.map((row) => row.key),
      ...slice.bots.map((bot) => component(bot.meeting))
    ])
    const parts = [...keys].flatMap((key) => {
      const { commands } = decided(of(key), {}, options, code)
      for (const command of commands) assert.strictEqual(component(meetingOf(command)), key)
      return commands
    })
    const texts = (commands: ReadonlyArray<Command>) => commands.map((each) => JSON.stringify(each)).toSorted()
    assert.deepStrictEqual(texts(parts), texts(whole.commands))
  }
}

export const precedence: Law = {
  name: "C6 precedence: locked by the workspace > excluded by the user > asked for by hand > series > chain > auto; a later request lifts; the strongest configures",
  holds: (code, { now, policy, slice }) => {
    const state = code.currentState(slice, now)
    for (const [, verdict] of code.desired(state, { now, policy })) {
      if (verdict.kind !== "wanted") continue
      const { event, origin } = verdict.bot
      assert.isNull(naiveLock(state, event), event.meeting)
      const expected = strongest(code, state, event, origin)
      assert.strictEqual(expected.isExcluded, false, event.meeting)
      assert.strictEqual(origin, expected.origin, event.meeting)
      const override = state.overrides.find(({ meeting }) => meeting === event.meeting)
      const configs = expected.configs.map((config) => code.mergeMembers(config, override?.config ?? {}))
      assert.deepInclude(configs, verdict.bot.config)
    }
  }
}

export const laws: ReadonlyArray<Law> = [idempotent, convergent, minimal, movesAreMoves, orderFree, local, precedence]
