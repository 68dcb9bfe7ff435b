/**
 * Lists of a calendar's events, and of a series' instances.
 *
 * Decides what a list tells, which queries are refused, and what a sync token is: a place in the order of changes and the
 * query it is good for, with no bounds in it. With one, deletions are told; after it has become too old, they never are.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/events/list, …/guides/sync
 */
import { type Instance, instancesOf, isMaster, timesOf } from "../world/Instances.ts"
import type { Calendar, Item, Role, World } from "../world/World.ts"
import { type Reply, notFound, ok, refused, sealed, unsealed } from "../wire/Exchange.ts"
import { cancelledJson, instanceJson, itemJson } from "../wire/Resource.ts"

type Json = Readonly<Record<string, unknown>>

/** What is listed, in an order that outlives changes: a page goes on after the last key. */
interface Listed {
  readonly key: string
  readonly json: Json
}

export const eventsList = (world: World, calendar: Calendar, role: Role, query: URLSearchParams): Reply => {
  const refusal = refusedQuery(query)
  if (refusal !== null) return refusal
  const token = query.get("syncToken")
  const since = token === null ? null : tokenPlace(calendar, token, query)
  if (since !== null && typeof since !== "number") return since
  const isExpanded = query.get("singleEvents") === "true"
  const listed =
    since === null ? present(world, calendar, query, isExpanded) : changed(world, calendar, since, isExpanded)
  const ofTypes = query.getAll("eventTypes")
  const wanted = listed.filter(({ json }) => isOfTypes(json, ofTypes))
  const hasBounds = query.has("timeMin") || query.has("timeMax")
  const hasToken = !query.has("orderBy") && (!hasBounds || world.options.tokensWithBounds)
  return paged(world, calendar, role, query, wanted, hasToken)
}

export const instancesList = (
  world: World,
  calendar: Calendar,
  role: Role,
  masterId: string,
  query: URLSearchParams
): Reply => {
  const master = calendar.items.get(masterId)
  if (master === undefined || !isMaster(master)) return notFound
  const [from, to] = boundsOf(query)
  const listed = instancesOf(calendar, master, from, to)
    .filter(({ exception }) => exception?.isCancelled !== true || query.get("showDeleted") === "true")
    .map((instance) => listedInstance(world, master, instance))
  return paged(world, calendar, role, query, listed, false)
}

/** Beside a sync token these are refused. */
const forbidden = [
  "iCalUID",
  "orderBy",
  "privateExtendedProperty",
  "q",
  "sharedExtendedProperty",
  "timeMin",
  "timeMax",
  "updatedMin"
]

const refusedQuery = (query: URLSearchParams): Reply | null => {
  const invalid = (location: string, message: string) => refused(400, "invalid", message, { location })
  if (query.get("orderBy") === "startTime" && query.get("singleEvents") !== "true") {
    return invalid("orderBy", "The requested ordering is not available for the particular query.")
  }
  if (query.has("syncToken")) {
    const beside = forbidden.find((name) => query.has(name))
    if (beside !== undefined) return invalid(beside, "Sync token cannot be used with these parameters.")
    if (query.get("showDeleted") === "false") return invalid("showDeleted", "Deleted events are always told.")
  }
  const [from, to] = boundsOf(query)
  if (Number.isNaN(from) || Number.isNaN(to)) return refused(400, "badRequest", "Bad Request")
  return from < to
    ? null
    : refused(400, "timeRangeEmpty", "The specified time range is empty.", { domain: "calendar", location: "timeMax" })
}

const boundsOf = (query: URLSearchParams): readonly [from: number, to: number] => [
  query.has("timeMin") ? Date.parse(query.get("timeMin") ?? "") : -Infinity,
  query.has("timeMax") ? Date.parse(query.get("timeMax") ?? "") : Infinity
]

/** The parameters that a token is good for. */
const shapeOf = (query: URLSearchParams): string =>
  JSON.stringify([query.get("singleEvents") ?? "false", query.getAll("eventTypes").toSorted()])

const tokenPlace = (calendar: Calendar, token: string, query: URLSearchParams): number | Reply => {
  const told = unsealed(token)
  const place = told?.["place"]
  if (
    told === null ||
    typeof place !== "number" ||
    told["calendar"] !== calendar.id ||
    told["shape"] !== shapeOf(query)
  ) {
    return refused(400, "invalid", "Invalid sync token value.", { location: "syncToken" })
  }
  return place < calendar.tokensFrom
    ? refused(410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.", {
        domain: "calendar",
        location: "syncToken"
      })
    : place
}

/** What there is, within bounds. Cancelled instances come with the masters, though deleted items were not asked for. */
const present = (
  world: World,
  calendar: Calendar,
  query: URLSearchParams,
  isExpanded: boolean
): ReadonlyArray<Listed> => {
  const [from, to] = boundsOf(query)
  return [...calendar.items.values()].flatMap((item) => {
    if (item.seriesId !== null) return isExpanded ? [] : presentException(world, calendar, item, from, to)
    if (item.isCancelled) return []
    if (!isMaster(item)) return overlaps(item, calendar, from, to) ? [listedItem(item)] : []
    const instances = instancesOf(calendar, item, from, to)
    if (isExpanded) {
      return instances
        .filter(({ exception }) => exception?.isCancelled !== true)
        .map((instance) => listedInstance(world, item, instance))
    }
    const isWithin = world.options.boundsByFirstInstance ? overlaps(item, calendar, from, to) : instances.length > 0
    return isWithin ? [listedItem(item)] : []
  })
}

const presentException = (
  world: World,
  calendar: Calendar,
  item: Item,
  from: number,
  to: number
): ReadonlyArray<Listed> => {
  const original = item.originalStart ?? 0
  const isWithin = item.isCancelled ? original >= from && original < to : overlaps(item, calendar, from, to)
  return isWithin ? [listedException(world, calendar, item)] : []
}

/** What changed since: with an expansion every instance of a changed series, as far as there are any. */
const changed = (world: World, calendar: Calendar, since: number, isExpanded: boolean): ReadonlyArray<Listed> =>
  [...calendar.items.values()]
    .filter((item) => item.changed > since)
    .flatMap((item) => {
      if (item.seriesId !== null) return [listedException(world, calendar, item)]
      if (item.isCancelled) return [{ key: item.id, json: cancelledJson(item, world.options) }]
      return isExpanded && isMaster(item)
        ? instancesOf(calendar, item, -Infinity, Infinity).map((instance) => listedInstance(world, item, instance))
        : [listedItem(item)]
    })

const overlaps = (item: Item, calendar: Calendar, from: number, to: number): boolean => {
  const { end, start } = timesOf(item.members, calendar.timeZone)
  return end > from && start < to
}

const listedItem = (item: Item): Listed => ({ key: item.id, json: itemJson(item) })

const listedInstance = (world: World, master: Item, instance: Instance): Listed => ({
  key: `${master.id} ${instance.id}`,
  json: instanceJson(master, instance, world.options)
})

const listedException = (world: World, calendar: Calendar, item: Item): Listed => {
  if (item.isCancelled) return { key: item.id, json: cancelledJson(item, world.options) }
  const master = calendar.items.get(item.seriesId ?? "")
  const times = timesOf(item.members, calendar.timeZone)
  const originalStart = item.originalStart ?? times.start
  const instance: Instance = { id: item.id, originalStart, times, exception: item }
  return { key: item.id, json: instanceJson(master ?? item, instance, world.options) }
}

const isOfTypes = (json: Json, types: ReadonlyArray<string>): boolean =>
  types.length === 0 || json["status"] === "cancelled" || types.includes(String(json["eventType"]))

/** One page of a list, and how it goes on; the sync token stands on the last alone, as of the first. */
const paged = (
  world: World,
  calendar: Calendar,
  role: Role,
  query: URLSearchParams,
  listed: ReadonlyArray<Listed>,
  hasToken: boolean
): Reply => {
  const given = query.get("pageToken")
  const told = given === null ? null : unsealed(given)
  if (given !== null && typeof told?.["after"] !== "string")
    return refused(400, "invalid", "Invalid Value", { location: "pageToken" })
  const after = String(told?.["after"] ?? "")
  const place = typeof told?.["place"] === "number" ? told["place"] : world.sequence
  const inOrder = listed.toSorted((a, b) => (a.key < b.key ? -1 : 1)).filter(({ key }) => key > after)
  const size = Math.min(Math.max(1, Number(query.get("maxResults") ?? 250) || 250), pageMax, world.options.pageSizeMax)
  const isEmptied = world.options.emptyFirstPage && given === null
  const items = isEmptied ? [] : inOrder.slice(0, size)
  const isLast = !isEmptied && items.length === inOrder.length
  const next = isLast
    ? hasToken
      ? { nextSyncToken: sealed({ place, calendar: calendar.id, shape: shapeOf(query) }) }
      : {}
    : { nextPageToken: sealed({ after: items.at(-1)?.key ?? "", place }) }
  const hasItems = !(query.get("fields") ?? "items").startsWith("nextPageToken")
  return ok({
    kind: "calendar#events",
    etag: `"p${world.sequence}"`,
    summary: calendar.summary,
    updated: updatedOf(calendar),
    timeZone: calendar.timeZone,
    accessRole: role,
    defaultReminders: [],
    ...next,
    ...(hasItems ? { items: items.map(({ json }) => json) } : {})
  })
}

/** When it last changed, so finely that two changes of one millisecond are kept apart. */
const updatedOf = ({ items }: Calendar): string => {
  const last = [...items.values()].reduce((latest, item) => (item.changed > latest.changed ? item : latest), never)
  const micros = String(last.changed % 1_000).padStart(3, "0")
  return new Date(last.updated).toISOString().replace("Z", `${micros}Z`)
}

const never = { changed: 0, updated: 0 }

const pageMax = 2_500
