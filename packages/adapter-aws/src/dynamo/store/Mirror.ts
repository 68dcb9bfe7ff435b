/**
 * The mirror: what the provider listed, under a claim.
 *
 * Decides which members of a known row stay and what counts as a change. A batch is written in parts, each a transaction
 * of its own that holds by the claim: what it changed, the mirror number that rose with it, and the rows that it saw.
 * A row that says what it said before isn't written again, unless the provider's own item reads otherwise; that it was seen
 * stands apart, and goes by itself.
 */
import {
  type CalendarEvent,
  type Claim,
  type EventId,
  Fenced,
  type Instant,
  type MirrorCounts,
  type Series,
  addCounts,
  countedAs,
  noCounts
} from "@punctual/core"
import { Effect } from "effect"
import { randomUUID } from "node:crypto"
import { isDeepStrictEqual } from "node:util"
import type { Action } from "../table/Batches.ts"
import { type Item, type Key, unchanged } from "../table/Item.ts"
import type { Table } from "../table/Table.ts"
import { timeToLiveAttribute } from "../table/TableDefinition.ts"
import type { TableError } from "../table/TableError.ts"
import { holds, ofClaim } from "./Claims.ts"
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
import { counting } from "./items/Calendar.ts"
import { updateItem } from "./items/Update.ts"
import { isOfGeneration } from "./items/Connection.ts"
import { stateItem } from "./items/State.ts"
import { calendarKey, changeKey, connectionKey, eventKey, seenKey, seriesKeyOf, stateKey } from "./items/Keys.ts"
import { inRequests, unitsMax, unitsOf } from "./Requests.ts"
import { type HeldState, heldState } from "./States.ts"
import { optimisticRetry } from "./OptimisticRetry.ts"

/** Rows of the mirror, as they are written and found. */
export interface Rows {
  readonly events: ReadonlyArray<CalendarEvent>
  readonly series: ReadonlyArray<Series>
}

export const putMirror = Effect.fnUntraced(function* (
  table: Table,
  claim: Claim,
  rows: Rows
): Effect.fn.Return<number, TableError | Fenced> {
  const given = [...lastOfEach(rows.events).map(eventRow(claim)), ...lastOfEach(rows.series).map(seriesRow(claim))]
  let changed = 0
  const parts = inRequests(given, ({ units }) => units, partMax)
  for (const part of parts.length === 0 ? [[]] : parts) {
    changed += yield* optimisticRetry(putPart(table, claim, part))
  }
  return changed
})

/** Forty rows without bodies, or a few with large ones. */
const partMax = { items: 40, size: unitsMax }

/** A row to be put, whichever kind it is. */
interface Given {
  readonly id: string
  readonly key: Key
  readonly updatedAt: Instant
  /** Write units that it takes in a transaction. */
  readonly units: number
  /** What is to be written over the known item, as the mirror's next number; null: it says what it said before. */
  readonly over: (known: Item | null, next: number) => Over | null
}

interface Over {
  readonly put: Item & Key
  /** Null: the provider's own item alone reads otherwise, which is no change of the row. */
  readonly concerns: Concerns | null
  /** As what it counts; null: as nothing. */
  readonly counted: keyof MirrorCounts | null
  /** By what else it is to be found. */
  readonly apart: Apart | null
}

/** What is to be decided anew when a row changed: families, which stay when a decision makes a row another meeting's. */
export interface Concerns {
  readonly families: ReadonlyArray<string>
  readonly series: ReadonlyArray<string>
}

const putPart = Effect.fnUntraced(function* (
  table: Table,
  claim: Claim,
  part: ReadonlyArray<Given>
): Effect.fn.Return<number, TableError | Fenced> {
  const { calendar, connection, leaseUntil, userId } = claim
  const calendarAt = calendarKey(userId, calendar.id)
  const connectionAt = connectionKey(userId, connection.id)
  const [found = null, connected = null, claimed = null, ...items] = yield* table.getMany([
    stateKey(userId),
    connectionAt,
    calendarAt,
    ...part.map(({ key }) => key)
  ])
  if (!holds(claim, connected, claimed)) return yield* new Fenced()
  if (part.length === 0) return 0
  const held = heldState(userId, found)
  const next = held.state.mirrorNumber + 1
  const writes = part.flatMap((row, at) => {
    const known = items[at] ?? null
    const write = row.over(known, next)
    return write === null ? [] : [{ ...write, known, id: row.id }]
  })
  const changes = writes.flatMap(({ concerns }) => concerns ?? [])
  const seen = {
    ...seenKey(userId, calendar.id, calendar.syncGeneration, randomUUID()),
    ids: part.map(({ id }) => id),
    [timeToLiveAttribute]: Math.ceil(leaseUntil / 1000) + seenSeconds
  }
  const counts = writes.reduce(
    (sum, { counted }) => (counted === null ? sum : addCounts(sum, { ...noCounts, [counted]: 1 })),
    noCounts
  )
  const updated = writes.flatMap(({ counted, id }) => (counted === null ? [] : [id as EventId]))
  yield* table.transact([
    ...(changes.length === 0 ? [] : raised(held, changes, { ids: updated, at: latestIn(part) })),
    { check: connectionAt, condition: isOfGeneration(connection.generation) },
    updated.length === 0
      ? { check: calendarAt, condition: ofClaim(claim) }
      : { update: calendarAt, ...counting(counts), condition: ofClaim(claim) },
    { put: seen },
    ...apartItems(
      userId,
      writes.map(({ apart }) => apart)
    ).map((put) => ({ put })),
    ...writes.map(({ known, put }) => ({ put, condition: unchanged(known) }))
  ])
  return changes.length
})

/** What was seen serves the round under way; a day is longer than any. */
const seenSeconds = 24 * 60 * 60

const latestIn = (part: ReadonlyArray<Given>): Instant => Math.max(...part.map(({ updatedAt }) => updatedAt))

/** Events that a write changed, and when the latest of them was told. */
interface Updated {
  readonly ids: ReadonlyArray<EventId>
  readonly at: Instant
}

/** Raises the mirror number, and notes by it what there is to decide, and what changed. */
export const raised = (
  { item, state }: HeldState,
  changes: ReadonlyArray<Concerns>,
  { at, ids }: Updated
): ReadonlyArray<Action> => {
  const mirrorNumber = state.mirrorNumber + 1
  return [
    { put: stateItem({ ...state, mirrorNumber }), condition: unchanged(item) },
    {
      put: {
        ...changeKey(state.userId, mirrorNumber),
        families: JSON.stringify([...new Set(changes.flatMap(({ families }) => families))]),
        series: JSON.stringify([...new Set(changes.flatMap(({ series }) => series))])
      }
    },
    ...(ids.length === 0 ? [] : [{ put: updateItem(state.userId, { mirrorNumber, ids, at }) }])
  ]
}

const eventRow =
  ({ userId }: Claim) =>
  (given: CalendarEvent): Given => {
    const event = asStored(given)
    return {
      id: event.id,
      key: eventKey(userId, event.id),
      units: unitsOf(JSON.stringify(event)),
      updatedAt: event.updatedAt,
      over: (item, next) => {
        const known = item === null ? null : toEvent(item)
        if (known !== null && isElsewhere(known, event)) return null
        const row = known === null ? event : keepMeeting(known, event)
        if (known === null || !isSame(known, row)) {
          const concerns = { families: [row.family], series: [] }
          const put = eventItem(userId, row, next)
          return { put, concerns, counted: countedAs(known, row), apart: apartOf(known, row) }
        }
        const fresh = withItem(known, row)
        if (fresh === null) return null
        return { put: eventItem(userId, fresh, mirrorNumberOf(item)), concerns: null, counted: null, apart: null }
      }
    }
  }

const seriesRow =
  ({ userId }: Claim) =>
  (given: Series): Given => {
    const series = asStored(given)
    return {
      id: series.id,
      key: seriesKeyOf(userId, series.id),
      units: unitsOf(JSON.stringify(series)),
      updatedAt: series.updatedAt,
      over: (item) => {
        const known = item === null ? null : toSeries(item)
        if (known !== null && isElsewhere(known, series)) return null
        const row = known === null ? series : keepDecided(known, series)
        if (known === null || !isSame(known, row)) {
          const concerns = { families: [], series: [row.key] }
          return { put: seriesItem(userId, row), concerns, counted: null, apart: null }
        }
        const fresh = withItem(known, row)
        return fresh === null ? null : { put: seriesItem(userId, fresh), concerns: null, counted: null, apart: null }
      }
    }
  }

/** Moved to another calendar, which told of it first: what ends is its stay in this one. */
const isElsewhere = (known: CalendarEvent | Series, given: CalendarEvent | Series): boolean =>
  given.isDeleted && !known.isDeleted && known.calendarId !== given.calendarId

const keepMeeting = (known: CalendarEvent, row: CalendarEvent): CalendarEvent => ({
  ...row,
  createdAt: known.createdAt,
  // What a decision took apart stays so until the next one.
  meeting: known.family === row.family ? known.meeting : row.meeting
})

const keepDecided = (known: Series, row: Series): Series => ({
  ...row,
  createdAt: known.createdAt,
  decidedTiming: known.decidedTiming,
  exceptions: row.exceptions ?? known.exceptions
})

/**
 * When a row was told says nothing about what it says: `updatedAt` is when it last changed. Neither does the provider's own
 * item, which is kept up to date and shown.
 */
const isSame = <Row extends CalendarEvent | Series>(known: Row, row: Row): boolean => {
  const { raw, rawTruncated, updatedAt } = known
  return isDeepStrictEqual(known, { ...row, raw, rawTruncated, updatedAt })
}

/** The known row with the item as it was told now; null: it reads as before. */
const withItem = <Row extends CalendarEvent | Series>(known: Row, { raw, rawTruncated }: Row): Row | null =>
  rawTruncated === known.rawTruncated && isDeepStrictEqual(known.raw, raw) ? null : { ...known, raw, rawTruncated }

/** As it will be read again. */
const asStored = <Row>(row: Row): Row => JSON.parse(JSON.stringify(row)) as Row

/** A transaction may write a row only once. */
const lastOfEach = <Row extends { readonly id: string }>(rows: ReadonlyArray<Row>): ReadonlyArray<Row> => [
  ...new Map(rows.map((row) => [row.id, row])).values()
]
