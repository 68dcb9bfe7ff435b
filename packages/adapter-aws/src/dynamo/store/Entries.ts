/**
 * What a decision writes beside bots, entry by entry: intents, overrides, projected occurrences, which meeting rows are,
 * what series were decided by.
 *
 * Decides what becomes of the row that is there: one listed by the provider is never overwritten by a projected one, and
 * what a decision says about the mirror raises no mirror number, since it has been decided already.
 */
import type {
  CalendarEvent,
  Commit,
  EventId,
  Intent,
  MeetingKey,
  Override,
  Series,
  SharedConfigs,
  UserId
} from "@punctual/core"
import type { Action } from "../table/Batches.ts"
import { type Item, type Key, unchanged } from "../table/Item.ts"
import {
  type Apart,
  apartItems,
  apartOf,
  eventItem,
  mirrorNumberOf,
  seriesItem,
  toEvent,
  toSeries
} from "./items/Mirrored.ts"
import { intentItem, overrideItem } from "./items/Intent.ts"
import { eventKey, intentKey, overrideKey, seriesKeyOf } from "./items/Keys.ts"

export type Entry =
  | { readonly kind: "intent"; readonly intent: Intent }
  | { readonly kind: "no-intent"; readonly id: string }
  | { readonly kind: "override"; readonly override: Override }
  | { readonly kind: "no-override"; readonly meeting: MeetingKey }
  | OfEvent
  | { readonly kind: "decided"; readonly series: Pick<Series, "id" | "decidedTiming" | "exceptions"> }

/** All that is said of one event's row, in this order. */
interface OfEvent {
  readonly kind: "event"
  readonly id: EventId
  /** What is projected there so far goes. */
  readonly isDeleted: boolean
  readonly projected: CalendarEvent | null
  /** What the row that is there then is another meeting of. */
  readonly meeting: MeetingKey | null
}

/** What is deleted comes before what is put, kind by kind; of several entries for one row the last counts. */
export const entriesOf = (userId: UserId, commit: Commit): ReadonlyArray<Entry> => {
  const all: ReadonlyArray<Entry> = [
    ...(commit.deleteIntents ?? []).map((id): Entry => ({ kind: "no-intent", id })),
    ...(commit.putIntents ?? []).map((intent): Entry => ({ kind: "intent", intent })),
    ...(commit.deleteOverrides ?? []).map((meeting): Entry => ({ kind: "no-override", meeting })),
    ...(commit.putOverrides ?? []).map((override): Entry => ({ kind: "override", override })),
    ...eventsIn(commit),
    ...(commit.decidedSeries ?? []).map((series): Entry => ({ kind: "decided", series }))
  ]
  return [...new Map(all.map((entry) => [keyOf(userId, entry).sk, entry])).values()]
}

const eventsIn = ({ deleteVirtual = [], putMeetings = [], putVirtual = [] }: Commit): ReadonlyArray<Entry> => {
  const deleted = new Set(deleteVirtual)
  const projected = new Map(putVirtual.map((event) => [event.id, event]))
  const meetings = new Map(putMeetings.map(({ id, meeting }) => [id, meeting]))
  return [...new Set([...deleted, ...projected.keys(), ...meetings.keys()])].map((id) => ({
    kind: "event",
    id,
    isDeleted: deleted.has(id),
    projected: projected.get(id) ?? null,
    meeting: meetings.get(id) ?? null
  }))
}

export const keyOf = (userId: UserId, entry: Entry): Key => {
  switch (entry.kind) {
    case "intent":
      return intentKey(userId, entry.intent.id)
    case "no-intent":
      return intentKey(userId, entry.id)
    case "override":
      return overrideKey(userId, entry.override.meeting)
    case "no-override":
      return overrideKey(userId, entry.meeting)
    case "event":
      return eventKey(userId, entry.id)
    case "decided":
      return seriesKeyOf(userId, entry.series.id)
  }
}

/** Whether what becomes of the row depends on what is there. */
export const needsKnown = ({ kind }: Entry): boolean => kind === "event" || kind === "decided"

/**
 * What the entries come to over the rows that are there: an action for each at most, and a pointer for each event at most. What
 * intents and overrides refer to is gathered.
 */
export const actionsOf = (
  userId: UserId,
  entries: ReadonlyArray<Entry>,
  knownOf: (entry: Entry) => Item | null,
  configs: SharedConfigs
): ReadonlyArray<Action> => {
  const all = entries.map((entry) =>
    entry.kind === "event" ? ofEvent(userId, entry, knownOf(entry)) : ofOther(userId, entry, knownOf(entry), configs)
  )
  const aparts = apartItems(
    userId,
    all.map(({ apart }) => apart)
  )
  return [...all.flatMap(({ action }) => action ?? []), ...aparts.map((put) => ({ put }))]
}

interface Come {
  /** Null: nothing is to be done. */
  readonly action: Action | null
  readonly apart: Apart | null
}

const ofEvent = (userId: UserId, entry: OfEvent, known: Item | null): Come => {
  const before = known === null ? null : toEvent(known)
  const after = eventAfter(entry, before)
  const apart = after === null ? null : apartOf(before, after)
  if (after === before) return { action: null, apart }
  const condition = unchanged(known)
  return after === null
    ? { action: { remove: keyOf(userId, entry), condition }, apart }
    : { action: { put: eventItem(userId, after, mirrorNumberOf(known)), condition }, apart }
}

const ofOther = (userId: UserId, entry: Exclude<Entry, OfEvent>, known: Item | null, configs: SharedConfigs): Come => ({
  action: actionOf(userId, entry, known, configs),
  apart: null
})

const actionOf = (
  userId: UserId,
  entry: Exclude<Entry, OfEvent>,
  known: Item | null,
  configs: SharedConfigs
): Action | null => {
  switch (entry.kind) {
    case "intent":
      return { put: intentItem(userId, entry.intent, configs) }
    case "override":
      return { put: overrideItem(userId, entry.override, configs) }
    case "no-intent":
    case "no-override":
      return { remove: keyOf(userId, entry) }
    case "decided": {
      if (known === null) return null
      const row = toSeries(known)
      const { decidedTiming, exceptions } = entry.series
      const decided = { ...row, decidedTiming, exceptions: exceptions ?? row.exceptions }
      return { put: seriesItem(userId, decided), condition: unchanged(known) }
    }
  }
}

/** Null: there is none. */
const eventAfter = ({ isDeleted, meeting, projected }: OfEvent, before: CalendarEvent | null): CalendarEvent | null => {
  const isListed = before !== null && !before.isVirtual
  const left = isDeleted && !isListed ? null : before
  const put =
    projected === null || isListed ? left : { ...projected, createdAt: left?.createdAt ?? projected.createdAt }
  return put === null || meeting === null || put.meeting === meeting ? put : { ...put, meeting }
}
