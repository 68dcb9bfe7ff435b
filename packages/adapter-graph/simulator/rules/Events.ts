/**
 * GET of events, of instances of a series, and of a calendar's view of a span.
 *
 * Decides what expansion on the server gives: single events, occurrences and exceptions with every member, never the
 * master; and which members of a master come only when asked for by name.
 */
import { type Call, type Reply, parameter, refusal } from "../wire/Exchange.ts"
import { parseIso } from "../world/Dates.ts"
import { type View, type Wire, masterWire, occurrenceName, occurrenceWire, singleWire } from "../wire/EventWire.ts"
import { itemsOf, occurrenceOn, occurrencesBetween } from "../world/Occurrences.ts"
import { overlaps } from "../world/Recurrence.ts"
import type { Series } from "../world/World.ts"
import { entity, page, selectionOf } from "./Listing.ts"
import { type Target, eventOf, isReply, targetOf, viewOf } from "./Target.ts"

export interface Window {
  readonly from: number
  readonly to: number
}

/** The span a request asks for; both ends are required. Without an offset a time is UTC, whatever Prefer says. */
export const windowOf = (call: Call): Window | Reply => {
  const start = parameter(call.query, "startDateTime")
  const end = parameter(call.query, "endDateTime")
  if (start === null || end === null) {
    const message =
      "This request requires a time window specified by the query string parameters StartDateTime and EndDateTime."
    return refusal(call, 400, "ErrorInvalidParameter", message)
  }
  const [from, to] = [parseIso(start), parseIso(end)]
  if (from === null || to === null) {
    return refusal(
      call,
      400,
      "ErrorInvalidParameter",
      "The value of the StartDateTime or EndDateTime parameter is invalid."
    )
  }
  const window = { from: from.instant ?? from.wall, to: to.instant ?? to.wall }
  return window.from < window.to
    ? window
    : refusal(
        call,
        400,
        "ErrorInvalidParameter",
        "The EndDateTime parameter must be later than the StartDateTime parameter."
      )
}

export const calendarView = (call: Call, calendar: string | null): Reply => {
  const target = targetOf(call, calendar)
  if (isReply(target)) return target
  const window = windowOf(call)
  if (isReply(window)) return window
  const view = viewOf(call)
  const found: Array<readonly [number, Wire]> = []
  for (const item of itemsOf(target.source, target.sourceCalendar)) {
    if (item.kind === "single") {
      if (overlaps(item.start, item.end, window.from, window.to)) found.push([item.start, singleWire(view, item)])
      continue
    }
    for (const occurrence of occurrencesBetween(item, window.from, window.to)) {
      found.push([occurrence.start, occurrenceWire(view, item, occurrence)])
    }
  }
  const items = found.toSorted((one, other) => one[0] - other[0]).map(([, wire]) => wire)
  return page(call, contextName(call, target, "calendarView"), items)
}

/** GET /events: singles and masters, unexpanded. */
export const listEvents = (call: Call, calendar: string | null): Reply => {
  const target = targetOf(call, calendar)
  if (isReply(target)) return target
  const view = viewOf(call)
  const items = itemsOf(target.source, target.sourceCalendar)
  return page(
    call,
    contextName(call, target, "events"),
    items.map((item) => (item.kind === "single" ? singleWire(view, item) : masterWire(view, item)))
  )
}

export const getEvent = (call: Call, id: string, within: string | null): Reply => {
  const target = within === null ? null : targetOf(call, within)
  if (target !== null && isReply(target)) return target
  const found = eventOf(call, id, target)
  if (isReply(found)) return found
  const view = viewOf(call)
  const context = `users('${call.mailbox.id}')/events`
  if (found.item.kind === "single") return entity(call, context, singleWire(view, found.item))
  if (found.occurrence !== null) return entity(call, context, occurrenceWire(view, found.item, found.occurrence))
  return entity(call, context, { ...masterWire(view, found.item), ...onRequest(call, view, found.item) })
}

/** GET /events/{id}/instances: occurrences and exceptions of a series, fully populated. */
export const listInstances = (call: Call, id: string, within: string | null): Reply => {
  const target = within === null ? null : targetOf(call, within)
  if (target !== null && isReply(target)) return target
  const found = eventOf(call, id, target)
  if (isReply(found)) return found
  const window = windowOf(call)
  if (isReply(window)) return window
  const { item } = found
  if (item.kind !== "series" || found.occurrence !== null) {
    return refusal(
      call,
      400,
      "ErrorInvalidRequest",
      "Your request can't be completed. The item is not a recurring master."
    )
  }
  const view = viewOf(call)
  const context = `users('${call.mailbox.id}')/events('${encodeURIComponent(id)}')/instances`
  return page(
    call,
    context,
    occurrencesBetween(item, window.from, window.to).map((each) => occurrenceWire(view, item, each))
  )
}

// Both exist since 2026 in v1.0, and both come only when named: the one by $select, the other by $expand or $select.
const onRequest = (call: Call, view: View, series: Series): Wire => {
  const select = selectionOf(call)
  const expand = parameter(call.query, "$expand")?.toLowerCase() ?? ""
  const cancelled = select?.has("cancelledoccurrences") === true
  const exceptions = expand.includes("exceptionoccurrences")
  return {
    ...(cancelled
      ? { cancelledOccurrences: series.cancelled.toSorted().map((date) => occurrenceName(view, series, date)) }
      : {}),
    ...(exceptions ? { exceptionOccurrences: exceptionsOf(view, series) } : {})
  }
}

const exceptionsOf = (view: View, series: Series): ReadonlyArray<Wire> =>
  Object.keys(series.exceptions)
    .toSorted()
    .flatMap((date) => {
      const occurrence = occurrenceOn(series, date)
      return occurrence === null ? [] : [occurrenceWire(view, series, occurrence)]
    })

const contextName = (call: Call, target: Target, name: string): string =>
  target.calendar.isDefault
    ? `users('${call.mailbox.id}')/${name}`
    : `users('${call.mailbox.id}')/calendars('…')/${name}`
