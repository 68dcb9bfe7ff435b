/**
 * A connection as an item.
 * Decides by what writes are fenced (generation, revision, whether it stands at all), and which list it stands in: those who
 * are connected, those whose rows are being erased.
 */
import type { Connection } from "@punctual/core"
import { randomUUID } from "node:crypto"
import type { Condition, Item, Key } from "../../table/Item.ts"
import { connectionKey, fit, inShard } from "./Keys.ts"

/** With a writer's name of its own. */
export const connectionItem = (connection: Connection): Item & Key => ({
  ...connectionKey(connection.userId, connection.id),
  writer: randomUUID(),
  row: JSON.stringify(connection),
  generation: connection.generation,
  revision: connection.revision,
  isStanding: isStanding(connection) ? true : undefined,
  ...standing(connection)
})

export const toConnection = (item: Item): Connection => JSON.parse(item["row"] as string) as Connection

export const toConnectionOrNull = (item: Item | null | undefined): Connection | null =>
  item === null || item === undefined ? null : toConnection(item)

export const isConnectionItem = (item: Item): boolean => String(item["sk"]).startsWith("CON#")

/** In the order in which they were connected. */
export const connectionsIn = (items: ReadonlyArray<Item>): ReadonlyArray<Connection> =>
  items.map(toConnection).toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))

export const isStanding = ({ status }: Connection): boolean => status !== "disconnected"

export const isDisconnecting = ({ status, statusReason }: Connection): boolean =>
  status === "disconnected" && statusReason === "erasing"

/** Of a write that holds only while the connection is of that generation. */
export const isOfGeneration = (generation: number): Condition => ({
  expression: "generation = :generation",
  values: { ":generation": generation }
})

/** Of a write that holds only while the connection says what was read. */
export const isOfRevision = ({ revision }: Connection): Condition => ({
  expression: "revision = :revision",
  values: { ":revision": revision }
})

/** Of a write that holds only while nobody connects it again. */
export const isTombstone: Condition = { expression: "attribute_exists(pk) AND attribute_not_exists(isStanding)" }

/** In `by_standing`. Of a user's connections all stand together. */
export const connectedList = "CONNECTED"
export const erasingList = "ERASING"

const standing = (connection: Connection): Item => {
  const list = isStanding(connection) ? connectedList : isDisconnecting(connection) ? erasingList : null
  const { userId } = connection
  return list === null ? {} : { upk: inShard(list, userId), usk: fit(userId) }
}
