/**
 * What a decision writes beside bots, entry by entry: intents, overrides, projected occurrences, what series were decided
 * by.
 *
 * Decides what becomes of the row that is there: one listed by the provider is never overwritten by a projected one, and
 * what a decision says about the mirror raises no mirror number, since it has been decided already.
 */
import type { CalendarEvent, Commit, EventId, Intent, MeetingKey, Override, Series, UserId } from "@punctual/core"
import type { Action } from "../table/Batches.ts"
import { type Item, type Key, unchanged } from "../table/Item.ts"
import { eventItem, seriesItem, toEvent, toSeries } from "./items/Mirrored.ts"
import { intentItem, overrideItem } from "./items/Intent.ts"
import { eventKey, intentKey, overrideKey, seriesKeyOf } from "./items/Keys.ts"

export type Entry =
  | { readonly kind: "intent"; readonly intent: Intent }
  | { readonly kind: "no-intent"; readonly id: string }
  | { readonly kind: "override"; readonly override: Override }
  | { readonly kind: "no-override"; readonly meeting: MeetingKey }
  /** `isAnew`: what is projected there so far is deleted by the same decision. */
  | { readonly kind: "projected"; readonly event: CalendarEvent; readonly isAnew: boolean }
  | { readonly kind: "not-projected"; readonly id: EventId }
  | { readonly kind: "decided"; readonly series: Pick<Series, "id" | "decidedTiming" | "exceptions"> }

/** What is deleted comes before what is put, kind by kind; of several entries for one row the last counts. */
export const entriesOf = (userId: UserId, commit: Commit): ReadonlyArray<Entry> => {
  const deleted = new Set(commit.deleteVirtual)
  const all: ReadonlyArray<Entry> = [
    ...(commit.deleteIntents ?? []).map((id): Entry => ({ kind: "no-intent", id })),
    ...(commit.putIntents ?? []).map((intent): Entry => ({ kind: "intent", intent })),
    ...(commit.deleteOverrides ?? []).map((meeting): Entry => ({ kind: "no-override", meeting })),
    ...(commit.putOverrides ?? []).map((override): Entry => ({ kind: "override", override })),
    ...(commit.deleteVirtual ?? []).map((id): Entry => ({ kind: "not-projected", id })),
    ...(commit.putVirtual ?? []).map((event): Entry => ({ kind: "projected", event, isAnew: deleted.has(event.id) })),
    ...(commit.decidedSeries ?? []).map((series): Entry => ({ kind: "decided", series }))
  ]
  return [...new Map(all.map((entry) => [keyOf(userId, entry).sk, entry])).values()]
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
    case "projected":
      return eventKey(userId, entry.event.id)
    case "not-projected":
      return eventKey(userId, entry.id)
    case "decided":
      return seriesKeyOf(userId, entry.series.id)
  }
}

/** Whether what becomes of the row depends on what is there. */
export const needsKnown = ({ kind }: Entry): boolean =>
  kind === "projected" || kind === "not-projected" || kind === "decided"

/** Null: nothing is to be done. */
export const actionOf = (userId: UserId, entry: Entry, known: Item | null): Action | null => {
  switch (entry.kind) {
    case "intent":
      return { put: intentItem(userId, entry.intent) }
    case "override":
      return { put: overrideItem(userId, entry.override) }
    case "no-intent":
    case "no-override":
      return { remove: keyOf(userId, entry) }
    case "projected": {
      const row = known === null ? null : toEvent(known)
      if (row !== null && !row.isVirtual) return null
      const event = row === null || entry.isAnew ? entry.event : { ...entry.event, createdAt: row.createdAt }
      return { put: eventItem(userId, event), condition: unchanged(known) }
    }
    case "not-projected":
      return known === null || !toEvent(known).isVirtual
        ? null
        : { remove: keyOf(userId, entry), condition: unchanged(known) }
    case "decided": {
      if (known === null) return null
      const row = toSeries(known)
      const { decidedTiming, exceptions } = entry.series
      const decided = { ...row, decidedTiming, exceptions: exceptions ?? row.exceptions }
      return { put: seriesItem(userId, decided), condition: unchanged(known) }
    }
  }
}
