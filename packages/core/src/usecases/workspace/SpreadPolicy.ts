/**
 * How a workspace's policy reaches its users: each of them is decided by it.
 * Decides who is next, and nothing about bots. The store alone says who is still to come, so another process carries on after
 * a crash.
 */
import { Clock, Effect, Option, Stream } from "effect"
import type { UserId } from "../../domain/Ids.ts"
import type { Instant } from "../../domain/Time.ts"
import type { Workspace } from "../../domain/Workspace.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { pagesFrom } from "../account/UserLists.ts"
import { UserShares } from "../account/UserShares.ts"
import { judgeAnew } from "../scheduling/JudgeAnew.ts"

const pageSize = 500
const usersAtOnce = 4

/** Workspaces looked at by one pass. */
const workspacesMax = 100

/** One pass ends after this: whatever else is to be mended has its turn, and the next pass goes on. */
const passMillisMax = 30_000

/** Brings users who are behind a policy to a new decision. Counts them. */
export const spreadPolicies = Effect.gen(function* () {
  const store = yield* Store
  const until = (yield* Clock.currentTimeMillis) + passMillisMax
  const counts = yield* Effect.forEach(yield* store.spreading(workspacesMax), (workspace) =>
    spreadPolicy(workspace, until)
  )
  return counts.reduce((sum, count) => sum + count, 0)
})

/** The users of one workspace, until an instant. */
export const spreadPolicy = Effect.fnUntraced(function* (
  { id, policyNumber }: Workspace,
  until: Instant
): Effect.fn.Return<number, StoreError, Scheduler | Store | UserShares> {
  const store = yield* Store
  const shares = yield* UserShares
  const load = (after: UserId | null) => store.pendingUsers(id, after, pageSize)
  const isInTime = Effect.map(Clock.currentTimeMillis, (now) => now <= until)
  const decided = yield* pagesFrom(yield* load(null), pageSize, load).pipe(
    // The time is looked at for each user, not once for a page of them.
    Stream.rechunk(1),
    Stream.takeWhileEffect(() => isInTime),
    Stream.mapEffect((userId) => shares.run("policy", userId, decideByPolicy(userId, { id, policyNumber })), {
      concurrency: usersAtOnce,
      unordered: true
    }),
    Stream.filter(Option.isSome),
    Stream.runCount
  )
  yield* store.finishSpreading({ id, policyNumber })
  return decided
})

/** Decides all that a policy says something of. */
export const decideByPolicy = Effect.fnUntraced(function* (
  userId: UserId,
  /** Null: of none, so that no policy holds. */
  workspace: Pick<Workspace, "id" | "policyNumber"> | null
): Effect.fn.Return<void, StoreError, Scheduler | Store> {
  const store = yield* Store
  yield* judgeAnew(userId, "policy")
  if (workspace !== null) yield* store.notePolicy(userId, workspace)
})
