/**
 * What must be true of a deployment whatever was done to it, judged from outside alone: what the calendars of the
 * simulated Microsoft hold, what reached the bot service, what the API tells. Shares no code with the product.
 *
 * Decides which law is broken, in words. The numbers are those of the project's invariants: S (never), L (in the end),
 * D (what was promised survives).
 */
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
export const scheduledBots = async (url: string, key: string): Promise<ReadonlyArray<ListedBot>> => {
  const all: Array<ListedBot> = []
  let path = "scheduled_bots?limit=100"
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
