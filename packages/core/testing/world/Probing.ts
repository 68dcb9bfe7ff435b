/**
 * What is tried out in a simulated world that has healed: whether what is told is acted upon soon, whether a forged
 * notification is told apart, and whether lists say what is stored, page by page (D2, S11, S13, S17).
 * Decides only where the answer is certain: people who are connected, with nobody's request under way.
 */
import { Context, Effect, Redacted } from "effect"
import type { Calendar } from "../../src/domain/Calendar.ts"
import type { Place } from "../../src/ports/Store.ts"
import type { Punctual } from "../../src/Punctual.ts"
import { CalendarControl } from "../memory/CalendarMemory.ts"
import { rowOf, tenantOf } from "./Rows.ts"
import { type Person, connectedOf } from "./Model.ts"
import type { Organizer } from "./Organizing.ts"
import { type Ports, type Site, worldPolicy } from "./Site.ts"
import type { Stage } from "./Stage.ts"

const minute = 60_000
const day = 24 * 60 * minute

/** What is told is in the mirror after this long, where nothing is in its way. */
const promptMillis = 2 * minute

/** About as long as a round takes, once what was told has settled. */
const overlapMillisMax = 60

export interface Prober {
  /** Something is forged, and something is changed and told. */
  readonly tryNotifications: () => void
  readonly tryLists: () => void
}

export const makeProber = (
  stage: Stage,
  ports: Ports,
  site: Site,
  organizer: Organizer,
  everybody: ReadonlyArray<Person>
): Prober => {
  const { chance, loop, marks } = stage
  const control = Context.get(ports, CalendarControl)

  /** One chosen calendar of each person that can be told of. */
  const listening = (): ReadonlyArray<readonly [Person, Calendar, string]> =>
    everybody.flatMap((person) => {
      const tenant = tenantOf(stage, ports, person)
      if (!isSettled(person) || tenant === null) return []
      const found = [...tenant.calendars.values()].find(
        ({ connectionId, id, selected, subscription, syncStatus }) =>
          selected &&
          rowOf(tenant, connectionId)?.status === "active" &&
          person.selected.get(id) === "yes" &&
          syncStatus === "ok" &&
          isLive(subscription, loop.now())
      )
      const subscription = found?.subscription ?? null
      return found === undefined || subscription === null ? [] : [[person, found, subscription.id] as const]
    })

  const tell = (
    subscriptionId: string,
    clientState: string,
    kind: "change" | "missed",
    onAccepted: (accepted: number) => void = () => {}
  ): void => {
    const told = { subscriptionId, clientState: Redacted.make(clientState), kind }
    site.ask(
      "notification",
      (punctual) => punctual.receive([told]),
      (answer) => {
        if (answer !== "lost" && answer._tag === "Success") onAccepted(answer.value.accepted)
      }
    )
  }

  const tryForgery = (): void => {
    const before = listening()
    const delivered = marks.notificationDelivered
    const believed = new Set<string>()
    for (const [, , subscriptionId] of before) {
      tell(subscriptionId, "forged", "missed", (accepted) => void (accepted > 0 && believed.add(subscriptionId)))
    }
    loop.runUntil(loop.now() + minute / 2)
    // A true one that was late says the same as a forged one that is believed.
    if (marks.notificationDelivered !== delivered) return
    for (const [person, calendar, subscriptionId] of before) {
      const now = tenantOf(stage, ports, person)?.calendars.get(calendar.id)
      marks.forgeryJudged += 1
      if (believed.has(subscriptionId) || (now !== undefined && isMarked(calendar, now))) {
        stage.fail("S11", `${person.userId} ${calendar.id}: a forged notification was believed`)
      }
    }
  }

  const tryChanges = (): void => {
    const told = new Set<string>()
    const add = () => {
      const added = listening().map(([person, calendar, subscriptionId]) => {
        return { person, calendarId: calendar.id, subscriptionId, key: organizer.add(person, calendar.providerId) }
      })
      for (const { clientState, subscriptionId } of loop.sync(control.takeNotifications)) {
        told.add(subscriptionId)
        tell(subscriptionId, clientState, "change")
      }
      return added
    }
    const first = add()
    // The next one often comes while the first is being read.
    loop.runUntil(loop.now() + worldPolicy.settleMillis + chance.int(0, overlapMillisMax))
    const added = [...first, ...add()]
    loop.runUntil(loop.now() + promptMillis)
    for (const { calendarId, key, person, subscriptionId } of added) {
      // The provider may have forgotten the subscription, and told nobody.
      if (!told.has(subscriptionId)) continue
      marks.judgedPrompt += 1
      const rows = [...(tenantOf(stage, ports, person)?.events.values() ?? [])]
      const isThere = rows.some(({ row }) => row.meeting === key && row.calendarId === calendarId && !row.isDeleted)
      if (!isThere)
        stage.fail("D2", `${person.userId} ${key} was told of ${promptMillis} ms ago and is not in the mirror`)
    }
  }

  const tryLists = (): void => {
    const since = loop.now()
    const asked = everybody.filter(isSettled).map((person) => {
      const listed: Listed = { bots: null, events: null }
      const before = tenantOf(stage, ports, person)
      site.ask(
        `${person.userId} lists`,
        (punctual) => readAll(punctual, person, since),
        (answer) => {
          if (answer !== "lost" && answer._tag === "Success") Object.assign(listed, answer.value)
        }
      )
      return { person, listed, version: before?.version, mirrorNumber: before?.mirrorNumber }
    })
    loop.runUntil(since + minute)
    for (const { listed, mirrorNumber, person, version } of asked) {
      const tenant = tenantOf(stage, ports, person)
      if (tenant === null || listed.bots === null || listed.events === null) continue
      if (tenant.version !== version || tenant.mirrorNumber !== mirrorNumber) continue
      marks.judgedLists += 1
      const bots = [...tenant.bots.values()]
        .filter(({ joinAt, status }) => status === "Scheduled" && joinAt > since + 2 * minute)
        .map(({ id, joinAt }) => ({ at: joinAt, id }))
      const events = [...tenant.events.values()].flatMap(({ row }) =>
        !row.isDeleted && tenant.calendars.get(row.calendarId)?.selected === true && overlaps(row, since)
          ? [{ at: row.start, id: row.id }]
          : []
      )
      const [wantedBots, wantedEvents] = [texts(bots), texts(events)]
      const soon = listed.bots.filter(({ at }) => at > since + 2 * minute).map(textOf)
      if (soon.join() !== wantedBots.join())
        stage.fail("S13", `${person.userId}: bots ${soon.join()} for ${wantedBots.join()}`)
      const shown = listed.events.map(textOf)
      if (shown.join() !== wantedEvents.join()) {
        stage.fail("S17", `${person.userId}: events ${shown.join()} for ${wantedEvents.join()}`)
      }
    }
  }

  return {
    tryNotifications: () => {
      tryForgery()
      tryChanges()
    },
    tryLists
  }
}

const isSettled = (person: Person): boolean => connectedOf(person) === "yes" && person.busy.size === 0

/**
 * Whether something asked for a look at a calendar that nobody has read since. A calendar that was claimed meanwhile says
 * nothing: its sync state may have been lost, or its row made anew.
 */
const isMarked = (before: Calendar, now: Calendar): boolean =>
  now.syncGeneration === before.syncGeneration &&
  now.subscription?.id === before.subscription?.id &&
  // A pass that was under way has its own reason to move the cursor on, and none to forget it.
  (now.changedMark !== before.changedMark ||
    (now.cursor !== before.cursor && (before.leaseUntil === null || now.cursor === null)))

const isLive = (subscription: Calendar["subscription"], now: number): boolean =>
  subscription !== null && subscription.expiresAt > now + 5 * minute

interface Item {
  readonly at: number
  readonly id: string
}

interface Listed {
  bots: ReadonlyArray<Item> | null
  events: ReadonlyArray<Item> | null
}

const textOf = ({ at, id }: Item): string => `${at} ${id}`

const texts = (items: ReadonlyArray<Item>): ReadonlyArray<string> =>
  items.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).map(textOf)

const spanOf = (since: number) => ({ from: since - day, to: since + 8 * day })

const overlaps = (row: { readonly start: number; readonly end: number }, since: number): boolean => {
  const { from, to } = spanOf(since)
  return row.start < to && (row.end > from || row.start >= from)
}

/** Every page of both lists, a few at a time. */
const readAll = Effect.fnUntraced(function* (punctual: Punctual["Service"], person: Person, since: number) {
  const { userId } = person
  const bots: Array<Item> = []
  const events: Array<Item> = []
  for (let place: Place | null = null; ;) {
    const page: {
      readonly items: ReadonlyArray<{ readonly id: string; readonly joinAt: number }>
      readonly hasMore: boolean
    } = yield* punctual.bots(userId, { limit: 2, place, backwards: false })
    bots.push(...page.items.map(({ id, joinAt }) => ({ at: joinAt, id })))
    place = bots.at(-1) ?? null
    if (!page.hasMore) break
  }
  const request = { calendarId: "all", span: spanOf(since), includeDeleted: false, uniqueMeetings: false } as const
  for (let place: Place | null = null; ;) {
    const asked: Parameters<typeof punctual.events>[1] = { ...request, limit: 3, place, backwards: false }
    const page: {
      readonly items: ReadonlyArray<{ readonly event: { readonly id: string; readonly start: number } }>
      readonly hasMore: boolean
    } = yield* punctual.events(userId, asked, "never")
    events.push(...page.items.map(({ event: { id, start } }) => ({ at: start, id })))
    place = events.at(-1) ?? null
    if (!page.hasMore) break
  }
  return { bots, events }
})
