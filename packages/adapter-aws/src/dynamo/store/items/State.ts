/**
 * A user's state as an item: counters, and what stands for the user as a whole.
 * Decides which lists a user stands in: those who have something to decide, who schedule everything.
 */
import { type AutoSchedule, type Instant, type UserId, type WorkspaceId, autoNever } from "@punctual/core"
import { randomUUID } from "node:crypto"
import type { Item, Key } from "../../table/Item.ts"
import { fit, inShard, ordered, ownerOf, stateKey } from "./Keys.ts"

export interface State {
  readonly userId: UserId
  readonly version: number
  readonly mirrorNumber: number
  readonly decided: number
  readonly decideAt: Instant | null
  readonly judgeMark: number | null
  readonly auto: AutoSchedule
  readonly pausedUntil: Instant | null
  /** Whose list has the user as a member: see `Workspaces.ts`. */
  readonly workspaceId: WorkspaceId | null
  /** A decision whose last parts are still in the journal. */
  readonly pending: string | null
  /** An erasure is under way. */
  readonly isErasing: boolean
}

export const emptyState = (userId: UserId): State => ({
  userId,
  version: 0,
  mirrorNumber: 0,
  decided: 0,
  decideAt: null,
  judgeMark: null,
  auto: autoNever,
  pausedUntil: null,
  workspaceId: null,
  pending: null,
  isErasing: false
})

/** With a writer's name of its own. */
export const stateItem = (state: State): Item & Key => {
  const { auto } = state
  return {
    ...stateKey(state.userId),
    writer: randomUUID(),
    version: state.version,
    mirrorNumber: state.mirrorNumber,
    decided: state.decided,
    decideAt: state.decideAt ?? undefined,
    judgeMark: state.judgeMark ?? undefined,
    auto: JSON.stringify(auto),
    pausedUntil: state.pausedUntil ?? undefined,
    workspaceId: state.workspaceId ?? undefined,
    pending: state.pending ?? undefined,
    isErasing: state.isErasing ? true : undefined,
    ...lagging(state),
    ...(auto.enabled ? { wpk: inShard(autoList, state.userId), wsk: fit(state.userId) } : {})
  }
}

export const toState = (item: Item): State => ({
  userId: ownerOf(item["pk"]),
  version: item["version"] as number,
  mirrorNumber: item["mirrorNumber"] as number,
  decided: item["decided"] as number,
  decideAt: (item["decideAt"] as number | undefined) ?? null,
  judgeMark: (item["judgeMark"] as number | undefined) ?? null,
  auto: JSON.parse(item["auto"] as string) as AutoSchedule,
  pausedUntil: (item["pausedUntil"] as Instant | undefined) ?? null,
  workspaceId: (item["workspaceId"] as WorkspaceId | undefined) ?? null,
  pending: (item["pending"] as string | undefined) ?? null,
  isErasing: item["isErasing"] === true
})

/** In `by_instant`. Who is behind has no need to wait for an instant as well. */
export const behindList = "BEHIND"
export const decideList = "DECIDE"
/** In `by_work`. */
export const autoList = "AUTO"

const lagging = ({ decideAt, decided, judgeMark, mirrorNumber, pending, userId }: State): Item => {
  if (mirrorNumber > decided || judgeMark !== null || pending !== null)
    return { ipk: inShard(behindList, userId), isk: fit(userId) }
  if (decideAt === null) return {}
  return { ipk: inShard(decideList, userId), isk: `${ordered(decideAt)}#${fit(userId)}` }
}
