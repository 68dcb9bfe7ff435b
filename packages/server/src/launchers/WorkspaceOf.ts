/**
 * Which workspace a user belongs to, for a launcher that tells it on. The core knows users alone.
 * Decides that a launch never waits long for it, nor fails over it: a bot without its workspace's name is better than none.
 */
import { Cache, Context, Effect, Layer } from "effect"
import type { UserId } from "@punctual/core"
import { Accounts } from "@punctual/core/accounts"

/** Null: not known. A host without workspaces leaves it so. */
export const WorkspaceOf = Context.Reference<(userId: UserId) => Effect.Effect<string | null>>(
  "@punctual/server/launchers/WorkspaceOf",
  { defaultValue: () => () => Effect.succeed(null) }
)

/** Users remembered; they keep their workspace. */
const usersMax = 10_000
const lookMillisMax = 2_000

export const layer: Layer.Layer<never, never, Accounts> = Layer.effect(
  WorkspaceOf,
  Effect.gen(function* () {
    const accounts = yield* Accounts
    const known = yield* Cache.make({
      capacity: usersMax,
      lookup: (userId: UserId) => Effect.flatMap(accounts.user(userId), Effect.fromOption)
    })
    return (userId: UserId) =>
      Cache.get(known, userId).pipe(
        Effect.timeout(lookMillisMax),
        Effect.map(({ workspaceId }) => workspaceId),
        // What was not found, for whatever reason, is looked for again the next time.
        Effect.catch(() => Effect.as(Cache.invalidate(known, userId), null))
      )
  })
)
