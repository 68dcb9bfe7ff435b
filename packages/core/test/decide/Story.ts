/**
 * One user's story, told step by step: rows come and go, intents are made, time passes, bots are launched; after each step
 * everything is decided and written, as the use cases do it.
 * Decides how requests become intents no further than tests need it. Keeps what it holds in memory.
 */
import type { Decision } from "../../src/decide/Decide.ts"
import { type Change, changing } from "../../src/decide/requests/Change.ts"
import { nextSeq } from "../../src/domain/Sequence.ts"
import type { Bot, BotConfig, BotOrigin } from "../../src/domain/Bot.ts"
import type { CalendarEvent } from "../../src/domain/Event.ts"
import type { MeetingKey } from "../../src/domain/Ids.ts"
import type { CallerHints, Intent, Override } from "../../src/domain/Intent.ts"
import type { Series } from "../../src/domain/Series.ts"
import type { Slice } from "../../src/domain/Slice.ts"
import type { Instant, LocalDate } from "../../src/domain/Time.ts"
import { decided } from "./Decided.ts"
import { committed } from "./Model.ts"
import {
  eventIntent,
  exclusion,
  monday,
  override,
  policy,
  recurringIntent,
  seriesExclusion,
  seriesIntent,
  slice as sliceOf
} from "./Rows.ts"

/** Which commands a decision came to, and why: each once, sorted. */
export const kindsOf = ({ commands }: Pick<Decision, "commands">): ReadonlyArray<string> =>
  [...new Set(commands.map(({ kind, reason }) => `${kind}: ${reason}`))].toSorted()

type About = Pick<CalendarEvent, "meeting"> | MeetingKey

const meetingOf = (about: About): MeetingKey => (typeof about === "string" ? about : about.meeting)

export const story = (members: Partial<Slice> = {}, start: Instant = monday) => {
  let slice = sliceOf(members)
  let now = start

  /** Decides over everything, writes, and makes sure that deciding again has nothing more to say. */
  const decideAll = (change: (slice: Slice) => Change = () => ({})): Decision => {
    const options = { policy, now, isWhole: true, isAll: true }
    const decision = decided(slice, changing(change), options)
    if (!decision.isEmpty) slice = committed(slice, decision.commit)
    const again = decided(slice, {}, options)
    if (!again.isEmpty) throw new Error(`decided again, there was more to say: ${JSON.stringify(again.commands)}`)
    return decision
  }

  const intent = (make: (seq: number) => Intent): Decision =>
    decideAll((seen) => ({ putIntents: [make(nextSeq(seen))] }))

  const setBot = (about: About, members: Partial<Bot>): void => {
    const bot = live(about)
    if (bot === undefined) throw new Error("no live bot")
    slice = {
      ...slice,
      bots: slice.bots.map((each) => (each.id === bot.id ? { ...each, ...members, revision: each.revision + 1 } : each))
    }
  }

  const live = (about: About): Bot | undefined =>
    slice.bots.find(
      ({ meeting, status }) => meeting === meetingOf(about) && (status === "Scheduled" || status === "Launching")
    )

  return {
    decide: decideAll,
    slice: (): Slice => slice,
    now: (): Instant => now,

    /** Time passes. */
    at: (instant: Instant): Decision => {
      now = instant
      return decideAll()
    },
    /** The mirror says something new: rows replace those with their ids. */
    told: (rows: {
      readonly events?: ReadonlyArray<CalendarEvent>
      readonly series?: ReadonlyArray<Series>
    }): Decision => {
      const { events = [], series = [] } = rows
      const isTold = ({ id }: { readonly id: string }): boolean => [...events, ...series].some((row) => row.id === id)
      slice = {
        ...slice,
        mirrorNumber: slice.mirrorNumber + 1,
        events: [...slice.events.filter((row) => !isTold(row)), ...events],
        series: [
          ...slice.series.filter((row) => !isTold(row)),
          ...series.map((row) => ({
            ...row,
            decidedTiming: slice.series.find(({ id }) => id === row.id)?.decidedTiming ?? null
          }))
        ]
      }
      return decideAll()
    },
    set: (members: Partial<Slice>): Decision => {
      slice = { ...slice, ...members }
      return decideAll()
    },

    // What a user asks for.
    schedule: (about: About, config: BotConfig = {}, origin: BotOrigin = "manual", hints?: CallerHints): Decision =>
      intent((seq) => eventIntent(meetingOf(about), { seq, origin, config, ...(hints !== undefined && { hints }) })),
    scheduleAll: ({ key }: Series, fromDate: LocalDate, span: number, config: BotConfig = {}): Decision =>
      intent((seq) => seriesIntent(key, { seq, fromDate, dateCount: span, config })),
    scheduleNext: ({ key }: Series, config: BotConfig = {}, fromDate: LocalDate = "0001-01-01"): Decision =>
      intent((seq) => recurringIntent(key, { seq, fromDate, config })),
    remove: (about: About): Decision =>
      decideAll((seen) => {
        const meeting = meetingOf(about)
        const own = seen.intents.filter((intent) => intent.kind === "event" && intent.meeting === meeting)
        return {
          putIntents: [exclusion(meeting, { seq: nextSeq(seen) })],
          deleteIntents: own.map(({ id }) => id),
          deleteOverrides: [meeting]
        }
      }),
    removeSeries: ({ key }: Series, fromDate: LocalDate): Decision =>
      intent((seq) => seriesExclusion(key, { seq, fromDate })),
    override: (about: About, members: Partial<Override>): Decision =>
      decideAll(() => ({ putOverrides: [override(meetingOf(about), members)] })),

    // What the launch protocol does.
    launching: (about: About): void => setBot(about, { status: "Launching" }),
    launched: (about: About): Decision => {
      setBot(about, { status: "Launched" })
      return decideAll()
    },
    failed: (about: About): Decision => {
      setBot(about, { status: "Failed", statusReason: "launcher_rejected" })
      return decideAll()
    },

    /** The bot that is scheduled or being launched for a meeting. */
    bot: live,
    /** Every bot of a meeting, oldest first. */
    bots: (about: About): ReadonlyArray<Bot> => slice.bots.filter(({ meeting }) => meeting === meetingOf(about)),
    /** Starts of all scheduled bots, in order, as text. */
    starts: (): ReadonlyArray<string> =>
      slice.bots
        .filter(({ status }) => status === "Scheduled")
        .map(({ start }) => new Date(start).toISOString().slice(0, 16))
        .toSorted()
  }
}
