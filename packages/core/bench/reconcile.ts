/**
 * How fast wanted bots are compared with those there are, beside a comparison written out by hand that does the same with
 * no regard for anything else.
 * Decides the mixture: 90 of 100 unchanged, 5 moved, 3 new, 2 cancelled, shuffled. What both answer is checked where no
 * clock runs. Figures of one run may be set beside each other, not those of two.
 */
import type { Bot } from "../src/domain/Bot.ts"
import type { CalendarEvent } from "../src/domain/Event.ts"
import type { MeetingKey } from "../src/domain/Ids.ts"
import type { Command } from "../src/decide/reconcile/Command.ts"
import { reconcile } from "../src/decide/reconcile/Reconcile.ts"
import type { Verdict } from "../src/decide/desired/Verdict.ts"
import { minute } from "../testing/rows/Present.ts"
import { botOf, eventAt, looks, round, shuffled, timed } from "./Users.ts"

const sizes = [1_000, 10_000, 100_000, 1_000_000]

/** Each size is compared about so many times in all, in turns with the hand-written way; the best turn counts. */
const comparisons = 4_000_000
const turnsMax = 40
const turnsMin = 5

export const run = () => ({
  title: "Reconciling: wanted bots against those there are",
  note: "90 % unchanged, 5 % moved, 3 % new, 2 % cancelled; keys of about 40 characters, bots in shuffled order, every configuration an object of its own. Best turn, by processor time; x: how many times slower than the comparison by hand in the same run.",
  rows: sizes.map(compared)
})

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
