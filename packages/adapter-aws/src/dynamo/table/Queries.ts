/**
 * Reading ranges: of a partition, or of an index, page by page, one or several at once in one order.
 *
 * Decides that everything but a global index is read consistently, and that a page which is empty is not the last
 * unless it says so. Never scans.
 */
import { type DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb"
import { Effect, Option, Stream } from "effect"
import { retryDynamo } from "./DynamoRetry.ts"
import type { Item } from "./Item.ts"
import { type IndexName, isGlobal, keyNames } from "./TableDefinition.ts"
import type { TableError } from "./TableError.ts"

/** Items of one partition by sort key, `low` and `high` included. Global indexes give keys only. */
export interface Range {
  readonly index?: IndexName
  readonly partition: string
  readonly low?: string
  readonly high?: string
  readonly backwards?: boolean
  /** Of a local index: only what it holds itself. */
  readonly isKeysOnly?: boolean
}

/** Behind every text that begins alike. */
export const last = "\u{10ffff}"

/** Sort keys that begin with the text. */
export const prefixed = (prefix: string) => ({ low: prefix, high: `${prefix}${last}` })

interface Page {
  readonly items: ReadonlyArray<Item>
  /** Where the next one begins; null: there is none. */
  readonly next: Item | null
}

type Result<A> = Effect.Effect<A, TableError>

/** Reads a page of at most so many items from a place on. */
export type ReadPage = (range: Range, limit: number | null, from: Item | null) => Result<Page>

export const pageReader =
  (client: DynamoDBDocumentClient, TableName: string): ReadPage =>
  (range, limit, from) => {
    if (isEmpty(range)) return Effect.succeed({ items: [], next: null })
    return retryDynamo((abortSignal) =>
      client.send(new QueryCommand(input(TableName, range, limit, from)), { abortSignal })
    ).pipe(Effect.map(({ Items = [], LastEvaluatedKey }) => ({ items: Items, next: LastEvaluatedKey ?? null })))
  }

/** DynamoDB refuses a range that ends before it begins. It compares bytes. */
const isEmpty = ({ high, low }: Range): boolean =>
  low !== undefined && high !== undefined && Buffer.compare(Buffer.from(low), Buffer.from(high)) > 0

const input = (
  TableName: string,
  { backwards = false, high, index, isKeysOnly = false, low, partition }: Range,
  limit: number | null,
  from: Item | null
) => {
  const [pk, sk] = keyNames(index ?? null)
  const isConsistent = index === undefined || !isGlobal(index)
  const bounds = [low === undefined ? null : "#sk >= :low", high === undefined ? null : "#sk <= :high"]
  const bound = low !== undefined && high !== undefined ? ["#sk BETWEEN :low AND :high"] : bounds.filter((b) => b)
  return {
    TableName,
    ConsistentRead: isConsistent,
    KeyConditionExpression: ["#pk = :pk", ...bound].join(" AND "),
    ExpressionAttributeNames: { "#pk": pk, ...(bound.length === 0 ? {} : { "#sk": sk }) },
    ExpressionAttributeValues: {
      ":pk": partition,
      ...(low === undefined ? {} : { ":low": low }),
      ...(high === undefined ? {} : { ":high": high })
    },
    ScanIndexForward: !backwards,
    ...(index === undefined ? {} : { IndexName: index }),
    // DynamoDB brings what a local index doesn't hold from the table.
    ...(index !== undefined && isConsistent && !isKeysOnly ? { Select: "ALL_ATTRIBUTES" as const } : {}),
    ...(limit === null ? {} : { Limit: limit }),
    ...(from === null ? {} : { ExclusiveStartKey: { ...from } })
  }
}

/** The whole of a range. */
export const allOf = (read: ReadPage, range: Range): Effect.Effect<ReadonlyArray<Item>, TableError> =>
  Stream.paginate(null as Item | null, (from) =>
    Effect.map(read(range, null, from), ({ items, next }) => [items, Option.fromNullOr(next)] as const)
  ).pipe(Stream.runCollect)

/**
 * Gives one item after the other, then null for ever. Walked by plain loops: most end by what they have found, some hand
 * out part of an item's group, and a stream would say the same with more machinery for each of thousands of items.
 */
export interface Cursor {
  readonly next: Result<Item | null>
}

/** Several ranges as one, in the order of what `orderOf` says of an item; each is read as far as it is needed. */
export const merged = (
  read: ReadPage,
  ranges: ReadonlyArray<Range>,
  orderOf: (item: Item) => string,
  pageSize: number
): Effect.Effect<Cursor> => Effect.sync(() => begin(read, ranges, orderOf, pageSize))

const begin = (
  read: ReadPage,
  ranges: ReadonlyArray<Range>,
  orderOf: (item: Item) => string,
  pageSize: number
): Cursor => {
  const sources = ranges.map((range) => ({ range, items: [] as Array<Item>, from: null as Item | null, isOver: false }))
  const backwards = ranges[0]?.backwards === true
  const fill = Effect.fnUntraced(function* (source: (typeof sources)[number]) {
    while (source.items.length === 0 && !source.isOver) {
      const page = yield* read(source.range, pageSize, source.from)
      source.items.push(...page.items)
      source.from = page.next
      source.isOver = page.next === null
    }
  })
  return {
    next: Effect.gen(function* () {
      yield* Effect.forEach(sources, fill, { concurrency: readsAtOnce, discard: true })
      let first: (typeof sources)[number] | null = null
      for (const source of sources) {
        const [head] = source.items
        const best = first?.items[0]
        if (head === undefined) continue
        if (best === undefined || orderOf(head) < orderOf(best) !== backwards) first = source
      }
      return first?.items.shift() ?? null
    })
  }
}

/** No fewer than there are shards: a look over all of them takes the time of one. */
const readsAtOnce = 16
