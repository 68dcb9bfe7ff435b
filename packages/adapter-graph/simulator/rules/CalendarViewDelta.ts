/**
 * calendarView/delta: the changes of one calendar within a window that the token remembers.
 *
 * Decides which items a round tells of and in which form: occurrences with seven members, a changed series sent again
 * whole with its master, `@removed` for what went away or changed outside the window. A deleted occurrence is told by
 * its absence alone. Source: Graph's delta-query-events page and the reports listed in the README.
 */
import { happens, hexFrom, shuffled } from "../world/Chance.ts"
import { contextOf } from "./Listing.ts"
import { eventId } from "../world/ItemId.ts"
import {
  type View,
  type Wire,
  masterWire,
  occurrenceIdOf,
  occurrenceWire,
  removedWire,
  singleWire,
  thinOccurrenceWire
} from "../wire/EventWire.ts"
import { type Call, type Outcome, type Reply, ok, parameter, refusal, replied } from "../wire/Exchange.ts"
import { occurrencesBetween } from "../world/Occurrences.ts"
import { overlaps } from "../world/Recurrence.ts"
import { type SyncToken, beforeAll, openToken, sealToken } from "../wire/SyncToken.ts"
import type { Change, Mailbox, Series, World } from "../world/World.ts"
import { windowOf } from "./Events.ts"
import { type Target, isReply, targetOf, viewOf } from "./Target.ts"

export const calendarViewDelta = (call: Call, calendar: string | null): Outcome => {
  const target = targetOf(call, calendar)
  if (isReply(target)) return replied(call.world, target)
  const given = parameter(call.query, "$skiptoken") ?? parameter(call.query, "$deltatoken")
  const refused = refuseQuery(call)
  if (refused !== null) return replied(call.world, refused)
  if (given === null || given === "") return firstRound(call, target)
  const token = openToken(given)
  if (token === null || token.mailbox !== call.mailbox.id || token.calendar !== target.calendar.serial) {
    return replied(
      call.world,
      refusal(call, 400, "ErrorInvalidUrlQuery", "The sync token is malformed or belongs to another resource.")
    )
  }
  if (isStale(call, target, token)) return replied(call.world, gone(call, call.world.options.delta.goneLocation))
  if (parameter(call.query, "$skiptoken") !== null) return pageOf(call, target, token)
  return nextRound(call, target, token)
}

/** 410: the token is worthless. `location` is the place of a fresh round, which only some answers carry. */
export const gone = (call: Pick<Call, "world" | "request" | "now">, location: boolean): Reply => {
  const message = "The sync state generation is not found; generation=149;[highest=157][157][155][156]."
  const reply = refusal(call, 410, call.world.options.delta.goneCode, message)
  return location ? { ...reply, headers: { location: freshRound(call) } } : reply
}

// The same window again, with an empty token: following it begins anew.
const freshRound = ({ request }: Pick<Call, "request">): string => {
  const query = new URLSearchParams(request.query)
  const token = openToken(parameter(query, "$deltatoken") ?? parameter(query, "$skiptoken") ?? "")
  const window =
    token === null
      ? ""
      : `startDateTime=${new Date(token.from).toISOString()}&endDateTime=${new Date(token.to).toISOString()}&`
  return `${request.origin}${request.path}?${window}$deltatoken=`
}

const unsupported = new Set(["$select", "$expand", "$filter", "$orderby", "$search", "$top", "$skip", "$count"])

const refuseQuery = (call: Call): Reply | null => {
  if (call.world.options.delta.unsupportedQuery === "ignore") return null
  for (const name of call.query.keys()) {
    if (!unsupported.has(name.toLowerCase())) continue
    const message =
      "The following parameters are not supported with change tracking over the 'CalendarView' resource: '$orderby, $filter, $select, $expand, $search, $top'."
    return refusal(call, 400, "ErrorInvalidUrlQuery", message)
  }
  return null
}

const isStale = (call: Call, target: Target, token: SyncToken): boolean => {
  const { tokenLifetimeMinutes } = call.world.options.delta
  const isOld = tokenLifetimeMinutes > 0 && call.now - token.issuedAt > tokenLifetimeMinutes * 60_000
  return isOld || token.generation !== target.source.generation
}

const firstRound = (call: Call, target: Target): Outcome => {
  const window = windowOf(call)
  if (isReply(window)) return replied(call.world, window)
  return pageOf(call, target, {
    mailbox: call.mailbox.id,
    calendar: target.calendar.serial,
    ...window,
    since: beforeAll,
    until: target.source.changes.length,
    index: 0,
    rested: false,
    generation: target.source.generation,
    issuedAt: call.now
  })
}

const nextRound = (call: Call, target: Target, token: SyncToken): Outcome => {
  const { delta } = call.world.options
  const [isLate, seed] = happens(call.world.seed, delta.late)
  const [isReplay, nextSeed] = happens(seed, delta.replay)
  const world = { ...call.world, seed: nextSeed }
  return pageOf({ ...call, world }, target, {
    ...token,
    since: isReplay ? Math.max(0, token.since - 5) : token.since,
    until: isLate ? token.since : target.source.changes.length,
    index: 0,
    rested: false
  })
}

const pageOf = (call: Call, target: Target, token: SyncToken): Outcome => {
  const { delta } = call.world.options
  const [isEmpty, seed] = happens(call.world.seed, token.rested ? 0 : delta.emptyPage)
  if (isEmpty) return answer(call, { ...call.world, seed }, [], { ...token, rested: true }, false)
  const view = viewOf(call)
  const told = toldOf(target, token)
  const sizeMax = call.prefer.pageSize ?? delta.pageSize
  const items: Array<Wire> = []
  let index = token.index
  let current = seed
  // A series is never split over pages, so a page may be longer than was asked for.
  for (let change = told[index]; change !== undefined && items.length < sizeMax; change = told[++index]) {
    const [wires, next] = wiresOf(view, target, token, change, current)
    items.push(...wires)
    current = next
  }
  const [mixed, last] = disturbed(call, items, current)
  return answer(call, { ...call.world, seed: last }, mixed, { ...token, index, rested: false }, index >= told.length)
}

const answer = (call: Call, world: World, items: ReadonlyArray<Wire>, token: SyncToken, isLast: boolean): Outcome => {
  const path = `${call.request.origin}${call.request.path}`
  const issued = { ...token, issuedAt: call.now }
  const link = isLast
    ? { "@odata.deltaLink": `${path}?$deltatoken=${sealToken({ ...issued, since: token.until, index: 0 })}` }
    : { "@odata.nextLink": `${path}?$skiptoken=${sealToken(issued)}` }
  const body = { "@odata.context": contextOf(call, "Collection(event)"), ...link, value: items }
  return replied(world, ok(body, { "preference-applied": "odata.track-changes" }))
}

// One entry per item, where it first changed in the round: that order stands still while pages are turned.
const toldOf = (target: Target, token: SyncToken): ReadonlyArray<Change> => {
  const seen = new Set<string>()
  return target.source.changes.slice(Math.max(0, token.since), token.until).filter((change) => {
    const key = `${change.serial} ${change.moves}`
    if (change.calendar !== target.sourceCalendar || seen.has(key)) return false
    seen.add(key)
    return true
  })
}

const wiresOf = (
  view: View,
  target: Target,
  token: SyncToken,
  change: Change,
  seed: number
): readonly [ReadonlyArray<Wire>, number] => {
  const item = target.source.items[change.serial]
  const isHere = item !== undefined && item.calendar === change.calendar && item.moves === change.moves
  const isFirst = token.since === beforeAll
  if (!isHere) return [isFirst ? [] : tombstones(view, target.source, token, change), seed]
  if (item.kind === "single") {
    if (overlaps(item.start, item.end, token.from, token.to)) {
      return [[{ "@odata.type": "#microsoft.graph.event", ...singleWire(view, item) }], seed]
    }
    return [isFirst ? [] : outside(view, change), seed]
  }
  const [isMissing, next] = happens(seed, view.options.delta.masterMissing)
  const wires = seriesWires(view, item, token, !isMissing)
  return [wires.length === 0 && !isFirst ? outside(view, change) : wires, next]
}

const seriesWires = (view: View, series: Series, token: SyncToken, withMaster: boolean): ReadonlyArray<Wire> => {
  const occurrences = occurrencesBetween(series, token.from, token.to)
  if (occurrences.length === 0) return []
  const each = occurrences.map((occurrence) =>
    occurrence.exception === null
      ? thinOccurrenceWire(view, series, occurrence)
      : { "@odata.type": "#microsoft.graph.event", ...occurrenceWire(view, series, occurrence) }
  )
  return withMaster ? [{ "@odata.type": "#microsoft.graph.event", ...masterWire(view, series) }, ...each] : each
}

const idOfChange = (view: View, change: Change, occurrence: number | null): string =>
  eventId({ mailbox: view.mailbox, serial: change.serial, moves: change.moves, occurrence }, view.prefer.immutableIds)

const outside = (view: View, change: Change): ReadonlyArray<Wire> =>
  view.options.delta.removedOutsideWindow ? [removedWire(idOfChange(view, change, null))] : []

const tombstones = (view: View, source: Mailbox, token: SyncToken, change: Change): ReadonlyArray<Wire> => {
  const own = removedWire(idOfChange(view, change, null))
  const deleted = source.deletedSeries[change.serial]
  if (view.options.delta.seriesTombstones === "master" || deleted === undefined) return [own]
  const series = { ...deleted, moves: change.moves }
  const dates = occurrencesBetween(series, token.from, token.to).map((occurrence) => occurrence.date)
  return [own, ...dates.map((date) => removedWire(occurrenceIdOf(view, series, date)))]
}

// What a rough day adds: an item twice, tombstones of strangers, another order.
const disturbed = (call: Call, items: ReadonlyArray<Wire>, seed: number): readonly [ReadonlyArray<Wire>, number] => {
  const { delta } = call.world.options
  const [isDuplicate, one] = happens(seed, delta.duplicate)
  const [isUnknown, two] = happens(one, delta.unknownRemoved)
  const [isShuffled, three] = happens(two, delta.shuffle)
  const copy = items[call.world.tick % Math.max(1, items.length)]
  const stranger = {
    mailbox: call.mailbox.id,
    serial: 0xf000_0000 + Number.parseInt(hexFrom(`stranger ${call.world.tick}`, 6), 16),
    moves: 0,
    occurrence: null
  }
  const all = [
    ...items,
    ...(isDuplicate && copy !== undefined ? [copy] : []),
    ...(isUnknown ? [removedWire(eventId(stranger, call.prefer.immutableIds))] : [])
  ]
  return isShuffled ? shuffled(three, all) : [all, three]
}
