/**
 * Several items in one request: read or written in batches, or all or none.
 *
 * Decides how a batch is cut and that what DynamoDB left undone is asked for again, and that alone. Batches have no
 * conditions and are not atomic: what is written through them must bear to be written twice.
 */
import {
  BatchGetCommand,
  BatchWriteCommand,
  type BatchWriteCommandInput,
  type DynamoDBDocumentClient,
  TransactWriteCommand
} from "@aws-sdk/lib-dynamodb"
import { Effect } from "effect"
import { randomUUID } from "node:crypto"
import { type OnContention, retryDynamo } from "./DynamoRetry.ts"
import { type Condition, type Item, type Key, conditional } from "./Item.ts"
import { TableError } from "./TableError.ts"

/** One write of a batch; of several to one key the last counts. */
export type Write = { readonly put: Item & Key } | { readonly remove: Key }

/** One part of a transaction; no two may touch one key. A `check` alone writes nothing. */
export type Action =
  | { readonly put: Item & Key; readonly condition?: Condition }
  | { readonly remove: Key; readonly condition?: Condition }
  /** `set` is the expression behind SET. */
  | { readonly update: Key; readonly set: string; readonly values: Item; readonly condition: Condition }
  | { readonly check: Key; readonly condition: Condition }

/** DynamoDB's own limits, items in one request. */
export const transactionActionsMax = 100
const readsMax = 100
const writesMax = 25

type Requests = NonNullable<BatchWriteCommandInput["RequestItems"]>[string]

/** In the order of the keys; null where there is nothing. Strongly consistent. */
export const getMany = (
  client: DynamoDBDocumentClient,
  TableName: string,
  keys: ReadonlyArray<Key>
): Effect.Effect<ReadonlyArray<Item | null>, TableError> =>
  Effect.gen(function* () {
    const found = new Map<string, Item>()
    const distinct = [...new Map(keys.map(({ pk, sk }) => [textOf({ pk, sk }), { pk, sk }])).values()]
    for (const part of chunksOf(distinct, readsMax)) {
      let left: ReadonlyArray<Item> = part
      yield* retryDynamo(async (abortSignal) => {
        const RequestItems = { [TableName]: { Keys: [...left], ConsistentRead: true } }
        const answer = await client.send(new BatchGetCommand({ RequestItems }), { abortSignal })
        for (const item of answer.Responses?.[TableName] ?? []) found.set(textOf(item), item)
        left = answer.UnprocessedKeys?.[TableName]?.Keys ?? []
        if (left.length > 0) throw undone(left.length)
      })
    }
    return keys.map((key) => found.get(textOf(key)) ?? null)
  })

/** Repeatable; when it fails some may be written. */
export const writeMany = (
  client: DynamoDBDocumentClient,
  TableName: string,
  writes: ReadonlyArray<Write>
): Effect.Effect<void, TableError> =>
  Effect.gen(function* () {
    const last = new Map(writes.map((write) => [textOf("put" in write ? write.put : write.remove), write]))
    for (const part of chunksOf([...last.values()], writesMax)) {
      let left: Requests = part.map((write) =>
        "put" in write ? { PutRequest: { Item: write.put } } : { DeleteRequest: { Key: { ...write.remove } } }
      )
      yield* retryDynamo(async (abortSignal) => {
        const RequestItems = { [TableName]: left }
        const answer = await client.send(new BatchWriteCommand({ RequestItems }), { abortSignal })
        left = answer.UnprocessedItems?.[TableName] ?? []
        if (left.length > 0) throw undone(left.length)
      })
    }
  })

/**
 * All or none. A false condition fails with kind `condition` and a reason for each action, in their order; more than
 * `transactionActionsMax` actions with kind `too_large`, unasked. A repetition after a lost answer is the same
 * transaction to DynamoDB, by its token.
 */
export const transact = (
  client: DynamoDBDocumentClient,
  TableName: string,
  actions: ReadonlyArray<Action>,
  onContention?: OnContention
): Effect.Effect<void, TableError> =>
  Effect.suspend(() => {
    if (actions.length === 0) return Effect.void
    if (actions.length > transactionActionsMax) {
      const detail = `a transaction takes at most ${transactionActionsMax} actions, not ${actions.length}`
      return Effect.fail(new TableError({ kind: "too_large", detail, reasons: [], writer: null }))
    }
    const ClientRequestToken = randomUUID()
    const TransactItems = actions.map((action) => itemOf(TableName, action))
    return Effect.asVoid(
      retryDynamo(
        (abortSignal) => client.send(new TransactWriteCommand({ ClientRequestToken, TransactItems }), { abortSignal }),
        onContention
      )
    )
  })

const itemOf = (TableName: string, action: Action) => {
  const held = action.condition === undefined ? {} : conditional(action.condition)
  if ("put" in action) return { Put: { TableName, Item: action.put, ...held } }
  if ("update" in action) return { Update: updateOf(TableName, action) }
  if ("remove" in action) return { Delete: { TableName, Key: { ...action.remove }, ...held } }
  return { ConditionCheck: { TableName, Key: { ...action.check }, ...conditional(action.condition) } }
}

/** Whoever wrote over what was read before it finds another writer. */
const updateOf = (TableName: string, { condition, set, update, values }: Extract<Action, { readonly update: Key }>) => {
  const { ExpressionAttributeValues, ...rest } = conditional(condition)
  return {
    TableName,
    Key: { ...update },
    ...rest,
    UpdateExpression: `SET writer = :writer, ${set}`,
    ExpressionAttributeValues: { ...ExpressionAttributeValues, ...values, ":writer": randomUUID() }
  }
}

const textOf = ({ pk, sk }: { readonly pk?: unknown; readonly sk?: unknown }): string => JSON.stringify([pk, sk])

export const chunksOf = <A>(all: ReadonlyArray<A>, size: number): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, part) => all.slice(part * size, (part + 1) * size))

/** DynamoDB leaves undone what it has no throughput for. */
const undone = (count: number): Error =>
  Object.assign(new Error(`${count} of a batch left undone`), { name: "ThrottlingException" })
