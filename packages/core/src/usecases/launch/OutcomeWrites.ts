/**
 * Outcomes of launches, written together: those that come while a write is under way go into the next.
 * Decides that of two who write one bot at once, one does: a store is given a bot once a write. And that whoever writes learns
 * its user's numbers as they are then: read after the write, so that what was changed before it, and left alone because the
 * bot was on its way, is not missed.
 */
import { Effect, type Scope } from "effect"
import type { BotId, UserId } from "../../domain/Ids.ts"
import { launchLimits } from "../../domain/Limits.ts"
import { ForLaunch } from "../../ports/ForLaunch.ts"
import type { OwnedBotWrite, Store, StoreError } from "../../ports/Store.ts"
import { groupCommits } from "../../ports/GroupCommit.ts"
import type { Written } from "./LaunchWrites.ts"

type Write = Omit<OwnedBotWrite, "numbers">

export const makeOutcomeWrites = (
  store: Store["Service"]
): Effect.Effect<(write: Write) => Effect.Effect<Written, StoreError>, never, Scope.Scope> =>
  Effect.provideService(
    groupCommits((writes: ReadonlyArray<Write>) => writeAll(store, writes), 2 * launchLimits.groupMax),
    ForLaunch,
    true
  )

const writeAll = Effect.fnUntraced(function* (
  store: Store["Service"],
  writes: ReadonlyArray<Write>
): Effect.fn.Return<ReadonlyArray<Written>, StoreError> {
  const written = new Set<Write>()
  for (const turn of turnsOf(writes)) {
    const flags = yield* store.writeBots(turn.map((write) => ({ ...write, numbers: null })))
    for (const [at, write] of turn.entries()) if (flags[at] === true) written.add(write)
  }
  const users = [...new Set(writes.map(({ userId }) => userId))]
  // They say what need not be looked at again; unknown, it is.
  const found = yield* store.userNumbers(users).pipe(Effect.orElseSucceed(() => []))
  const numbers = new Map<UserId, Written["numbers"]>(users.map((userId, at) => [userId, found[at] ?? null]))
  return writes.map((write) => ({ isWritten: written.has(write), numbers: numbers.get(write.userId) ?? null }))
})

/**
 * Each bot once a turn, in the order they came: once a lease has ended, a fire and the sweep may bring one process to claim
 * the same bot twice at once.
 */
const turnsOf = (writes: ReadonlyArray<Write>): ReadonlyArray<ReadonlyArray<Write>> => {
  const times = new Map<BotId, number>()
  const turnOf = ({ bot: { id } }: Write): number => {
    const turn = times.get(id) ?? 0
    times.set(id, turn + 1)
    return turn
  }
  return [...Map.groupBy(writes, turnOf).values()]
}
