/**
 * How a workspace's policy reaches its users: each of them is decided by it.
 * Decides who is next, and nothing about bots. The store alone says who is still to come, so another process carries on after
 * a crash.
 */
import { Clock, Effect, Option, Stream } from "effect"
import { nothingBut } from "../../decide/requests/Change.ts"
import type { Connection } from "../../domain/Connection.ts"
import { isStanding } from "../../domain/ConnectionStatus.ts"
import type { UserId } from "../../domain/Ids.ts"
import type { ChangeCause } from "../../domain/LoggedChange.ts"
import type { Scope } from "../../domain/Slice.ts"
import type { Instant } from "../../domain/Time.ts"
import type { Workspace } from "../../domain/Workspace.ts"
import { isConflict } from "../../ports/RetryOnConflict.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { pagesFrom } from "../account/UserLists.ts"
import { UserShares } from "../account/UserShares.ts"
import { userAddressesOf } from "../../rules/People.ts"
import { coveredSpan } from "../scheduling/AutoSchedule.ts"
import { decideAndCommit } from "../scheduling/DecideAndCommit.ts"

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

/** What is asked for, and what auto-scheduling has come to: that is all that a policy says something of. */
export const judgedByPolicy = Effect.fnUntraced(function* (userId: UserId) {
  const covered: Scope = { kind: "span", span: yield* coveredSpan(userId) }
  return [{ kind: "intended" }, covered] as const satisfies ReadonlyArray<Scope>
})

/**
 * Whoever has decided by an earlier policy, or by other addresses, and has not written it yet would write it after all that
 * follows here. It finds the user's version raised, is refused, and decides anew.
 */
const refuseEarlierDecisions = Effect.fnUntraced(function* (userId: UserId): Effect.fn.Return<void, StoreError, Store> {
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  const { connections, decideAt, version } = yield* store.slice(userId, noMeetings, now)
  if (!connections.some(isStanding)) return
  yield* store.commit({ userId, version, decided: null, decideAt }).pipe(
    // Another has raised it since, for everybody else.
    Effect.catchIf(isConflict, () => Effect.void)
  )
})

const noMeetings: Scope = { kind: "meetings", meetings: [], series: [] }

/** Decides all that a policy says something of. */
export const decideByPolicy = Effect.fnUntraced(function* (
  userId: UserId,
  /** Null: of none, so that no policy holds. */
  workspace: Pick<Workspace, "id" | "policyNumber"> | null
): Effect.fn.Return<void, StoreError, Scheduler | Store> {
  const store = yield* Store
  yield* decideJudged(userId, "policy")
  if (workspace !== null) yield* store.notePolicy(userId, workspace)
})

const decideJudged = Effect.fnUntraced(function* (userId: UserId, cause: ChangeCause) {
  yield* refuseEarlierDecisions(userId)
  for (const scope of yield* judgedByPolicy(userId)) {
    yield* decideAndCommit(userId, scope, nothingBut(cause)).pipe(
      // Refused only where nobody is connected: then there is nothing to decide.
      Effect.catchTag("Refusal", () => Effect.void)
    )
  }
})

/** Decides all that rules say something of, where a connection that was written made other addresses the user's. */
export const decideByAddresses = (
  before: Connection | null,
  after: Connection
): Effect.Effect<void, StoreError, Scheduler | Store> => {
  const [had, has] = [userAddressesOf(before === null ? [] : [before]), userAddressesOf([after])]
  return had.size === has.size && [...had].every((each) => has.has(each))
    ? Effect.void
    : decideJudged(after.userId, "user")
}
