/**
 * The one table that everything rests in, as data: for its creation at a local endpoint, for deployment, for tests.
 * Decides the names of keys and index. Never talks to DynamoDB and carries no type of its client.
 *
 * Items are addressed by partition and sort key alone. The index holds only items that wait for an instant, spread over
 * shards so that many which wait for the same minute don't meet in one partition. It is eventually consistent: whatever
 * is found through it is checked again by the condition of the write that follows.
 */

export const byInstant = "by_instant"

/** Epoch seconds. Only on what may linger: readers compare the instant themselves, since the removal takes days. */
export const timeToLiveAttribute = "ttl"

/** A change would lose what is filed under the old number: it takes a migration. */
export const shards = 16

/** In the shape that CreateTable and the deployment template take alike. */
export const tableDefinition = (tableName: string) => ({
  TableName: tableName,
  BillingMode: "PAY_PER_REQUEST" as const,
  AttributeDefinitions: ["pk", "sk", "ipk", "isk"].map((name) => ({
    AttributeName: name,
    AttributeType: "S" as const
  })),
  KeySchema: keys("pk", "sk"),
  GlobalSecondaryIndexes: [
    { IndexName: byInstant, KeySchema: keys("ipk", "isk"), Projection: { ProjectionType: "KEYS_ONLY" as const } }
  ]
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

const keys = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: "HASH" as const },
  { AttributeName: sort, KeyType: "RANGE" as const }
]
