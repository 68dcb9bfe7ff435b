/**
 * One table of DynamoDB: reads that are strongly consistent, writes that may be asked for twice.
 *
 * Decides how often a request is repeated. An answer may get lost after the write was done, so each conditional write
 * carries a name of its own (`writer`); when its repetition finds the condition false because of that very name, the
 * write is done. Transactions carry a token, by which DynamoDB tells their repetition. Never scans.
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb"
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb"
import { Effect, type Scope } from "effect"
import { randomUUID } from "node:crypto"
import { type AwsConnection, clientConfig } from "../../client/Connection.ts"
import { type OnContention, retryDynamo } from "./DynamoRetry.ts"
import { type Action, type Write, getMany, transact, writeMany } from "./Batches.ts"
import { type Condition, type Item, type Key, conditional } from "./Item.ts"
import { type ReadPage, pageReader } from "./Queries.ts"
import { byInstant } from "./TableDefinition.ts"
import type { TableError } from "./TableError.ts"

/** Where the table is, and how it is reached. */
export interface TableOptions extends AwsConnection {
  readonly tableName: string
}

type Result<A> = Effect.Effect<A, TableError>

export interface Table {
  readonly get: (key: Key) => Result<Item | null>
  /** What the service said was its time when it answered just now: `Date`, as it is sent; null where it says none. */
  readonly date: Result<string | null>
  /** A partition's items by sort key, strictly after `after`. */
  readonly partition: (pk: string, after: string | null, limit: number) => Result<ReadonlyArray<Item>>
  /** Keys that the index holds for the partition, up to and with the instant. Eventually consistent. */
  readonly due: (ipk: string, until: string) => Result<ReadonlyArray<Key>>
  /** A page of a range; consistent but for global indexes, which give keys only. */
  readonly page: ReadPage
  readonly put: (item: Item & Key) => Result<void>
  /** False: the condition is. */
  readonly putIf: (item: Item & Key, condition: Condition) => Result<boolean>
  /** Sets attributes (`set` is the expression behind SET); the item afterwards, or null where the condition is false. */
  readonly updateIf: (key: Key, set: string, condition: Condition) => Result<Item | null>
  readonly deleteIf: (key: Key, condition: Condition | null) => Result<void>
  /** In the order of the keys; null where there is nothing. */
  readonly getMany: (keys: ReadonlyArray<Key>) => Result<ReadonlyArray<Item | null>>
  /** In batches that may be repeated; without conditions and not atomic. */
  readonly writeMany: (writes: ReadonlyArray<Write>) => Result<void>
  /** All or none; at most 100 actions. */
  readonly transact: (actions: ReadonlyArray<Action>, onContention?: OnContention) => Result<void>
}

/** Asked for at once; a page also ends at 1 MB. */
const pageItemsMax = 1_000

/** A client for the scope's life. Its own repetitions are off: they could not tell our writers apart. */
export const openClient = (options: TableOptions): Effect.Effect<DynamoDBDocumentClient, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() =>
      DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig(options)), {
        marshallOptions: { removeUndefinedValues: true }
      })
    ),
    (client) => Effect.sync(() => client.destroy())
  )

export const makeTable = (client: DynamoDBDocumentClient, tableName: string): Table => ({
  ...reads(client, tableName),
  ...writes(client, tableName)
})

const reads = (client: DynamoDBDocumentClient, TableName: string) =>
  ({
    get: (Key) =>
      retryDynamo((abortSignal) =>
        client.send(new GetCommand({ TableName, Key, ConsistentRead: true }), { abortSignal })
      ).pipe(Effect.map(({ Item: found }) => found ?? null)),
    date: Effect.suspend(() => dateOf(client, TableName)),
    getMany: (keys) => getMany(client, TableName, keys),
    page: pageReader(client, TableName),
    partition: (pk, after, limit) => {
      const range = { partition: pk, ...(after === null ? {} : { low: `${after}\0` }) }
      const page = pageReader(client, TableName)
      return pages((from, left) => page(range, Math.min(left, pageItemsMax), from), limit)
    },
    due: (ipk, until) => {
      const page = pageReader(client, TableName)
      const found = pages((from) => page({ index: byInstant, partition: ipk, high: until }, null, from), Infinity)
      return Effect.map(found, (items) => items.map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) })))
    }
  }) satisfies Partial<Table>

/** The smallest question there is: an item that nobody writes. */
const dateOf = (client: DynamoDBDocumentClient, TableName: string): Result<string | null> => {
  const seen: { date: string | null } = { date: null }
  const command = () => {
    const made = new GetCommand({ TableName, Key: { pk: "CLOCK", sk: "CLOCK" } })
    made.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args)
        // The SDK says of an answer only that it is one; over HTTP it has headers.
        const { headers = {} } = answer.response as { readonly headers?: Readonly<Record<string, string>> }
        seen.date = headers["date"] ?? null
        return answer
      },
      { step: "deserialize", priority: "high" }
    )
    return made
  }
  return Effect.map(
    retryDynamo((abortSignal) => client.send(command(), { abortSignal })),
    () => seen.date
  )
}

const writes = (client: DynamoDBDocumentClient, TableName: string) =>
  ({
    put: (Item) =>
      Effect.asVoid(retryDynamo((abortSignal) => client.send(new PutCommand({ TableName, Item }), { abortSignal }))),
    putIf: (item, condition) =>
      Effect.suspend(() => {
        const writer = randomUUID()
        const command = () => new PutCommand({ TableName, Item: { ...item, writer }, ...conditional(condition) })
        return retryDynamo((abortSignal) => client.send(command(), { abortSignal })).pipe(
          Effect.as(true),
          Effect.catchIf(isCondition, (error) => Effect.succeed(error.writer === writer))
        )
      }),
    updateIf: (Key, set, condition) => update(client, TableName, Key, set, condition),
    deleteIf: (Key, condition) =>
      retryDynamo((abortSignal) =>
        client.send(new DeleteCommand({ TableName, Key, ...(condition === null ? {} : conditional(condition)) }), {
          abortSignal
        })
      ).pipe(
        Effect.asVoid,
        Effect.catchIf(isCondition, () => Effect.void)
      ),
    writeMany: (all) => writeMany(client, TableName, all),
    transact: (actions, onContention) => transact(client, TableName, actions, onContention)
  }) satisfies Partial<Table>

const update = (
  client: DynamoDBDocumentClient,
  TableName: string,
  Key: Key,
  set: string,
  condition: Condition
): Result<Item | null> =>
  Effect.suspend(() => {
    const writer = randomUUID()
    const { ExpressionAttributeValues, ...rest } = conditional(condition)
    const command = () =>
      new UpdateCommand({
        TableName,
        Key,
        ...rest,
        UpdateExpression: `SET writer = :writer, ${set}`,
        ExpressionAttributeValues: { ...ExpressionAttributeValues, ":writer": writer },
        ReturnValues: "ALL_NEW"
      })
    return retryDynamo((abortSignal) => client.send(command(), { abortSignal })).pipe(
      Effect.map(({ Attributes }): Item | null => Attributes ?? {}),
      Effect.catchIf(isCondition, (error) =>
        error.writer === writer
          ? Effect.map(
              retryDynamo((abortSignal) =>
                client.send(new GetCommand({ TableName, Key, ConsistentRead: true }), { abortSignal })
              ),
              ({ Item: found }) => found ?? null
            )
          : Effect.succeed(null)
      )
    )
  })

/** A page may be empty and still not be the last: what counts is whether it names a place to go on from. */
const pages = Effect.fnUntraced(function* (
  page: (from: Item | null, left: number) => ReturnType<ReadPage>,
  limit: number
) {
  const items: Array<Item> = []
  let from: Item | null = null
  do {
    const read: Effect.Success<ReturnType<ReadPage>> = yield* page(from, limit - items.length)
    items.push(...read.items)
    from = read.next
  } while (from !== null && items.length < limit)
  return items
})

const isCondition = (error: TableError): boolean => error.kind === "condition"
