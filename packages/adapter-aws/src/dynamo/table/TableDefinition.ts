/**
 * The one table that everything rests in, as data: for its creation at a local endpoint, for deployment, for tests.
 * Decides the names of keys and indexes. Never talks to DynamoDB and carries no type of its client.
 *
 * Items are addressed by partition and sort key. Local indexes find items within one partition, consistently: they are
 * what decisions are read by. Global indexes lead a worker to what waits, whoever's it is: they hold only what waits, in
 * shards, so that many which wait for the same minute don't meet in one partition. They are eventually consistent:
 * whatever is found through one is checked again by its row, and by the condition of the write that follows.
 */

/** Within a partition, consistent. */
const localIndexes = {
  by_meeting: "ofMeeting",
  by_series: "ofSeries",
  by_master: "ofMaster",
  by_calendar: "ofCalendar",
  by_time: "atTime"
} as const

/** Over all partitions, sharded, eventually consistent. An item may wait once in each. */
const globalIndexes = {
  by_instant: ["ipk", "isk"],
  by_work: ["wpk", "wsk"],
  by_standing: ["upk", "usk"]
} as const

export const byInstant = "by_instant"

export type IndexName = keyof typeof localIndexes | keyof typeof globalIndexes

/** The attributes that an index, or without a name the table, is read by. */
export const keyNames = (index: IndexName | null): readonly [partition: string, sort: string] => {
  if (index === null) return ["pk", "sk"]
  return isGlobal(index) ? globalIndexes[index] : ["pk", localIndexes[index]]
}

export const isGlobal = (index: IndexName): index is keyof typeof globalIndexes => index in globalIndexes

/** Epoch seconds. Only on what may linger: readers compare the instant themselves, since the removal takes days. */
export const timeToLiveAttribute = "ttl"

/** A change would lose what is filed under the old number: it takes a migration. */
export const shards = 16

/** In the shape that CreateTable and the deployment template take alike. Local indexes cannot be added later. */
export const tableDefinition = (tableName: string) => ({
  TableName: tableName,
  BillingMode: "PAY_PER_REQUEST" as const,
  AttributeDefinitions: ["pk", "sk", ...Object.values(localIndexes), ...Object.values(globalIndexes).flat()].map(
    (name) => ({ AttributeName: name, AttributeType: "S" as const })
  ),
  KeySchema: keys("pk", "sk"),
  LocalSecondaryIndexes: Object.entries(localIndexes).map(([IndexName, sort]) => index(IndexName, keys("pk", sort))),
  GlobalSecondaryIndexes: Object.entries(globalIndexes).map(([IndexName, [partition, sort]]) =>
    index(IndexName, keys(partition, sort))
  )
})

export type TableDefinition = ReturnType<typeof tableDefinition>

/** 0 … `shards` − 1, the same for the same text for ever (FNV-1a). */
export const shardOf = (text: string): number => {
  let hash = 0x81_1c_9d_c5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01_00_01_93)
  return (hash >>> 0) % shards
}

/** An instant as a sort key: text of one length, in the order of time. Before 1970 all are alike. */
export const sortable = (instant: number): string => String(Math.max(0, Math.floor(instant))).padStart(16, "0")

const index = (IndexName: string, KeySchema: ReturnType<typeof keys>) => ({
  IndexName,
  KeySchema,
  Projection: { ProjectionType: "KEYS_ONLY" as const }
})

const keys = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: "HASH" as const },
  { AttributeName: sort, KeyType: "RANGE" as const }
]
