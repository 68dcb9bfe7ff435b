/**
 * Within a calendar one provider id names one thing: what it was before, when it is told as another kind.
 * Decides under which ids of ours a thing that was told may have stood until now, and which of those rows it retires.
 * Never asks anybody, and retires nothing that is told in the same batch.
 */
import { type Namespace, eventId, seriesId } from "../domain/DeterministicIds.ts"
import type { CalendarEvent } from "../domain/Event.ts"
import type { CalendarId, EventId, SeriesId } from "../domain/Ids.ts"
import type { ChangeItem } from "../domain/Provider.ts"
import type { Series } from "../domain/Series.ts"

/** Rows that are told, or held, together. */
export interface Rows {
  readonly events: ReadonlyArray<CalendarEvent>
  readonly series: ReadonlyArray<Series>
}

/** What to look up. */
export interface FormerNames {
  readonly events: ReadonlyArray<EventId>
  readonly series: ReadonlyArray<SeriesId>
  readonly providerIds: ReadonlyArray<string>
}

/** A page's items without those that a later one takes back, telling the same id as another kind. */
export const lastTold = (items: ReadonlyArray<ChangeItem>): ReadonlyArray<ChangeItem> => {
  const kinds = new Map<string, ChangeItem["kind"]>()
  for (const item of items) {
    if (item.kind === "series") kinds.set(item.series.providerId, item.kind)
    if (item.kind === "event") kinds.set(item.event.providerId, item.kind)
  }
  return items.filter((item) => {
    if (item.kind === "series") return kinds.get(item.series.providerId) === "series"
    if (item.kind === "occurrence") return kinds.get(item.seriesProviderId) !== "event"
    if (item.kind === "removed") return true
    const { providerId, seriesProviderId } = item.event
    return kinds.get(providerId) === "event" && (seriesProviderId === null || kinds.get(seriesProviderId) !== "event")
  })
}

/**
 * A series may have been a single meeting, and a meeting of its own a series or an occurrence of one. An occurrence
 * stands alone while its series is not known, which ordinary ones never do.
 */
export const formerNames = (namespace: Namespace, { events, series }: Rows): FormerNames => {
  const alive = events.filter((row) => !row.isDeleted && row.providerId !== "")
  const alone = alive.filter((row) => row.id === eventId(namespace, row.providerId))
  return {
    events: [
      ...series.filter((row) => !row.isDeleted).map((row) => eventId(namespace, row.providerId)),
      ...alive
        .filter((row) => row.kind === "exception" && row.seriesId !== null)
        .map((row) => eventId(namespace, row.providerId))
    ],
    series: alone.map((row) => seriesId(namespace, row.providerId)),
    providerIds: alone.filter((row) => row.kind !== "single").map((row) => row.providerId)
  }
}

/** Of the rows held under those names, the ones that stand for what is told now as something else. */
export const retired = (calendarId: CalendarId, told: Rows, held: Rows): Rows => {
  const ids = new Set<string>([...told.events, ...told.series].map(({ id }) => id))
  const bearers = new Set([...told.events, ...told.series].flatMap((row) => (row.isDeleted ? [] : [row.providerId])))
  const isRetired = (row: CalendarEvent | Series): boolean =>
    !row.isDeleted && row.calendarId === calendarId && bearers.has(row.providerId) && !ids.has(row.id)
  return { events: held.events.filter(isRetired), series: held.series.filter(isRetired) }
}
