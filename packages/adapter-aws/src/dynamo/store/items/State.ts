/**
 * A user's state as an item: connection and counters.
 * Decides which lists a user stands in: those who have something to decide, who schedule everything, who are connected.
 */
import type { AutoSchedule, Connection, Instant, UserId } from "@punctual/core"
import { randomUUID } from "node:crypto"
import type { Item, Key } from "../../table/Item.ts"
import { fit, inShard, ordered, ownerOf, stateKey } from "./Keys.ts"

export interface State {
  readonly userId: UserId
  readonly connection: Connection | null
  readonly version: number
  readonly mirrorNumber: number
  readonly decided: number
  readonly decideAt: Instant | null
  readonly auto: AutoSchedule
  /** A decision whose last parts are still in the journal. */
  readonly pending: string | null
  /** An erasure is under way. */
  readonly isErasing: boolean
}

/** Auto-scheduling of a user who never asked for it. */
export const autoNever: AutoSchedule = { enabled: false, seq: 0, config: {}, coveredUntil: null }

export const emptyState = (userId: UserId): State => ({
  userId,
  connection: null,
  version: 0,
  mirrorNumber: 0,
  decided: 0,
  decideAt: null,
  auto: autoNever,
  pending: null,
  isErasing: false
})

/** With a writer's name of its own. */
export const stateItem = (state: State): Item & Key => {
  const { auto, connection } = state
  return {
    ...stateKey(state.userId),
    writer: randomUUID(),
    version: state.version,
    mirrorNumber: state.mirrorNumber,
    decided: state.decided,
    decideAt: state.decideAt ?? undefined,
    auto: JSON.stringify(auto),
    pending: state.pending ?? undefined,
    isErasing: state.isErasing ? true : undefined,
    ...(connection === null
      ? {}
      : {
          connection: JSON.stringify(connection),
          generation: connection.generation,
          revision: connection.revision,
          connectionStatus: connection.status
        }),
    ...lagging(state),
    ...(auto.enabled ? { wpk: inShard(autoList, state.userId), wsk: fit(state.userId) } : {}),
    ...standing(state)
  }
}

export const toState = (item: Item): State => ({
  userId: ownerOf(item["pk"]),
  connection: item["connection"] === undefined ? null : (JSON.parse(item["connection"] as string) as Connection),
  version: item["version"] as number,
  mirrorNumber: item["mirrorNumber"] as number,
  decided: item["decided"] as number,
  decideAt: (item["decideAt"] as number | undefined) ?? null,
  auto: JSON.parse(item["auto"] as string) as AutoSchedule,
  pending: (item["pending"] as string | undefined) ?? null,
  isErasing: item["isErasing"] === true
})

/** In `by_instant`. Who is behind has no need to wait for an instant as well. */
export const behindList = "BEHIND"
export const decideList = "DECIDE"
/** In `by_work`. */
export const autoList = "AUTO"
/** In `by_standing`. */
export const connectedList = "CONNECTED"
export const erasingList = "ERASING"

const lagging = ({ decideAt, decided, mirrorNumber, pending, userId }: State): Item => {
  if (mirrorNumber > decided || pending !== null) return { ipk: inShard(behindList, userId), isk: fit(userId) }
  if (decideAt === null) return {}
  return { ipk: inShard(decideList, userId), isk: `${ordered(decideAt)}#${fit(userId)}` }
}

export const isConnected = ({ connection }: State): boolean =>
  connection !== null && connection.status !== "disconnected"

export const isDisconnecting = ({ connection }: State): boolean =>
  connection?.status === "disconnected" && connection.statusReason === "erasing"

const standing = (state: State): Item => {
  const list = isConnected(state) ? connectedList : isDisconnecting(state) ? erasingList : null
  return list === null ? {} : { upk: inShard(list, state.userId), usk: fit(state.userId) }
}
