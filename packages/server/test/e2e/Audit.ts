/**
 * What must be true of a deployment whatever was done to it, judged from outside alone: what the calendars of the
 * simulated Microsoft hold, what reached the bot service, what the API tells. Shares no code with the product.
 *
 * Decides which law is broken, in words. The numbers are those of the project's invariants: S (never), L (in the end),
 * D (what was promised survives).
 */
import { isDeepStrictEqual } from "node:util"
import { type Arrival, type Deployment, demand } from "./Deployment.ts"

/** A meeting as the calendar has it now. */
export interface Meeting {
  readonly subject: string
  readonly start: number
  readonly isCancelled: boolean
}

/** Everything in a mailbox; subjects are unique in these tests. */
export const truthOf = ({ simulator }: Deployment, mailbox: string): ReadonlyMap<string, Meeting> => {
  const box = Object.values(simulator.world().mailboxes).find(({ userPrincipalName }) => userPrincipalName === mailbox)
  const singles = Object.values(box?.items ?? {}).flatMap((item) => (item.kind === "single" ? [item] : []))
  return new Map(
    singles.map(({ details: { isCancelled, subject }, start }) => [subject, { subject, start, isCancelled }])
  )
}

export interface ListedBot {
  readonly bot_id: string
  readonly event_id: string
  readonly scheduled_join_time: string
}

/** All bots that the API says are to join, page by page. */
export const scheduledBots = (url: string, key: string): Promise<ReadonlyArray<ListedBot>> =>
  listedBots(url, key, "limit=100")

/** Those too that have joined, or will not. */
export const allBots = (url: string, key: string): Promise<ReadonlyArray<ListedBot & BotMembers>> =>
  listedBots(url, key, "status=all&limit=100")

const listedBots = async (url: string, key: string, query: string) => {
  const all: Array<ListedBot & BotMembers> = []
  let path = `scheduled_bots?${query}`
  for (;;) {
    const page = await demand("GET", `${url}/api/v1/calendar/${path}`, { key })
    all.push(...page.scheduled_bots)
    if (page.next === null) return all
    path = `scheduled_bots?cursor=${page.next}`
  }
}

/** Laws about what reached the bot service: S1 once, S2 never early and at the right instant, S3 never for the dead. */
export const launchFaults = (
  arrivals: ReadonlyArray<Arrival>,
  launched: ReadonlyMap<string, Meeting>,
  lead: number
): ReadonlyArray<string> => {
  const bots = Map.groupBy(arrivals, ({ subject }) => subject)
  return [
    ...arrivals.flatMap(({ at, joinAt, signed, subject }) => {
      const meeting = launched.get(subject)
      if (meeting === undefined || meeting.isCancelled) return [`S3: a bot came for ${subject}, which is not to be`]
      return [
        ...(signed ? [] : [`${subject}: a call that is not signed`]),
        ...(at < joinAt ? [`S2: ${subject} came ${joinAt - at} ms early`] : []),
        ...(joinAt === meeting.start - lead ? [] : [`S2: ${subject} came for ${joinAt}, not ${meeting.start - lead}`])
      ]
    }),
    ...[...bots].flatMap(([subject, calls]) => {
      const ids = new Set(calls.map(({ id }) => id))
      return ids.size === 1 ? [] : [`S1: ${subject} was given ${ids.size} bots`]
    })
  ]
}

/** Starts of meetings by event id. */
export interface Standing {
  readonly wanted: ReadonlyMap<string, number>
  /** Those that may have a bot and need not. */
  readonly mayStand?: ReadonlyMap<string, number>
  /** How long before its start a meeting is joined. */
  readonly lead: number
}

/** L1, L2: exactly the bots that the calendar and the intents call for, each at its instant; S6: none twice. */
export const standingFaults = (
  bots: ReadonlyArray<ListedBot>,
  { lead, mayStand = new Map(), wanted }: Standing
): ReadonlyArray<string> => {
  const byEvent = Map.groupBy(bots, ({ event_id: event }) => event)
  return [
    ...[...wanted.keys()].filter((event) => !byEvent.has(event)).map((event) => `L1: no bot for ${event}`),
    ...[...byEvent].flatMap(([event, all]) => {
      const start = wanted.get(event) ?? mayStand.get(event)
      if (all.length > 1) return [`S6: ${all.length} bots for ${event}`]
      if (start === undefined) return [`L2: a bot for ${event}, which wants none`]
      const joins = Date.parse(all[0]?.scheduled_join_time ?? "")
      return joins === start - lead ? [] : [`L1: the bot of ${event} joins at ${joins}, not ${start - lead}`]
    })
  ]
}

/** A bot as lists and entries show it. */
export type BotMembers = Readonly<Record<string, unknown>>

/** An entry of a log, as often as somebody was told it. */
export interface Told {
  readonly userId: string
  readonly sequence: number
  readonly id: string
  /** Of the whole entry. */
  readonly digest: string
}

/**
 * S24: whoever reads a log hears each user's entries one after the other from the first, none left out; what is told again
 * has been told before, to the letter.
 */
export const logFaults = (told: ReadonlyArray<Told>): ReadonlyArray<string> => {
  const known = new Map<string, Told>()
  const last = new Map<string, number>()
  return told.flatMap((entry) => {
    const { digest, id, sequence, userId } = entry
    const before = known.get(id)
    if (before !== undefined) return before.digest === digest ? [] : [`S24: ${id} was told in two ways`]
    known.set(id, entry)
    const reached = last.get(userId) ?? 0
    last.set(userId, sequence)
    return sequence === reached + 1 ? [] : [`S24: ${userId} was told ${sequence} after ${reached}`]
  })
}

/** S24: everybody's log and a user's own tell the same of that user. */
export const sameLogFaults = (
  userId: string,
  everybodys: ReadonlyArray<Told>,
  own: ReadonlyArray<Told>
): ReadonlyArray<string> => {
  const [all, mine] = [everybodys, own].map(
    (told) => new Map(told.filter((entry) => entry.userId === userId).map(({ digest, id }) => [id, digest]))
  ) as [Map<string, string>, Map<string, string>]
  return [...new Set([...all.keys(), ...mine.keys()])].flatMap((id) => {
    if (!all.has(id)) return [`S24: ${id} of ${userId} is not in everybody's log`]
    if (!mine.has(id)) return [`S24: ${id} of ${userId} is not in their own log`]
    return all.get(id) === mine.get(id) ? [] : [`S24: the two logs tell ${id} of ${userId} in two ways`]
  })
}

/** S23: bots rebuilt from entries alone are those that the API lists, member by member. */
export const copyFaults = (
  copy: ReadonlyMap<string, BotMembers>,
  bots: ReadonlyArray<ListedBot & BotMembers>
): ReadonlyArray<string> => {
  const listed = new Set(bots.map((bot) => bot.bot_id))
  return [
    ...bots.flatMap((bot) => {
      const told = copy.get(bot.bot_id)
      if (told === undefined) return [`S23: no entry tells of ${bot.bot_id}`]
      return Object.entries(bot)
        .filter(([member, value]) => !isDeepStrictEqual(told[member], value))
        .map(
          ([member, value]) =>
            `S23: ${member} of ${bot.bot_id} is ${JSON.stringify(value)}, and was told last as ${JSON.stringify(told[member])}`
        )
    }),
    ...[...copy.keys()].filter((id) => !listed.has(id)).map((id) => `S23: ${id} was told, and is not listed`)
  ]
}
