/**
 * The row of a series, from what a provider tells of it.
 * Decides its ids and on which dates its exceptions lie.
 */
import { seriesId } from "../domain/DeterministicIds.ts"
import { seriesKey } from "../domain/MeetingKey.ts"
import type { ProviderEvent, ProviderSeries } from "../domain/Provider.ts"
import type { Series } from "../domain/Series.ts"
import type { Instant, LocalDate } from "../domain/Time.ts"
import { findMeetingLink } from "../links/Link.ts"
import type { Home } from "./EventRow.ts"
import type { LinkSettings } from "../links/LinkSettings.ts"
import { dateIn } from "./OriginalDate.ts"

/** A series as the provider tells it; what it was decided by is not known here. */
export const seriesRow = (home: Home, series: ProviderSeries, now: Instant, links: LinkSettings = {}): Series => {
  const id = seriesId(home.namespace, series.providerId)
  const row: Series = {
    id,
    calendarId: home.id,
    providerId: series.providerId,
    key: seriesKey(id, series.iCalUid),
    iCalUid: series.iCalUid,
    timing: series.timing,
    decidedTiming: null,
    ruleText: series.ruleText,
    exceptions: null,
    subject: series.subject,
    organizer: series.organizer,
    link: findMeetingLink(series.linkFields, links),
    isCancelled: series.isCancelled,
    facts: series.facts,
    isDeleted: false,
    createdAt: series.createdAt,
    updatedAt: now,
    raw: series.raw,
    rawTruncated: series.rawTruncated
  }
  if (series.cancelledDates === null && series.exceptions === null) return row
  return {
    ...row,
    exceptions: {
      cancelled: [
        ...(series.cancelledDates ?? []),
        ...(series.exceptions ?? []).filter((event) => event.isCancelled).map((event) => exceptionDate(row, event))
      ],
      moved: (series.exceptions ?? [])
        .filter((event) => !event.isCancelled)
        .map((event) => ({ date: exceptionDate(row, event), start: event.start, end: event.end }))
    }
  }
}

const exceptionDate = (series: Series, event: ProviderEvent): LocalDate =>
  dateIn(series, event.originalStart ?? event.start)
