/**
 * Many bots read and claimed at once, instead of one after the other.
 *
 * Decides nothing by itself: what the slices say is foreseen in `decide/Foresight.ts`, and the store writes a claim only while the
 * numbers that it was read under stand. Whatever is not foreseen or not claimed here is for a look at its own meeting.
 */
import { Clock, Effect, Option } from "effect"
import { claimedRow } from "../../decide/launch/Claim.ts"
import { type Foresight, foreseenCall, foresee, isFresh } from "../../decide/Foresight.ts"
import { launchChange } from "../../domain/BotChange.ts"
import type { BotId, UserId } from "../../domain/Ids.ts"
import { Launcher } from "../../ports/Launcher.ts"
import { type BotsOfUser, Store, type StoreError } from "../../ports/Store.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { logTransition } from "../scheduling/LogTransitions.ts"
import { CurrentInstance } from "./CurrentInstance.ts"
import { type Attempt, type Claimed, attempt } from "./LaunchBot.ts"
import { type BotOwner, isSame, nextRow } from "./LaunchWrites.ts"

export interface Due {
  readonly userId: UserId
  readonly botId: BotId
}

/** What is foreseen of bots that are due now or soon. A user whose rows can't be decided keeps no other from it. */
export const readAhead = Effect.fn("Punctual.readAhead")(function* (
  due: ReadonlyArray<Due>
): Effect.fn.Return<ReadonlyMap<BotId, Foresight>, StoreError, Store> {
  const store = yield* Store
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  const asked = byUser(due)
  const slices = yield* store.slicesOfBots(asked, now)
  const foreseen = new Map<BotId, Foresight>()
  for (const [at, { botIds }] of asked.entries()) {
    const slice = slices[at]
    if (slice === undefined) continue
    const ofUser = yield* Effect.option(Effect.try(() => foresee(slice, botIds, { now, policy })))
    for (const [id, each] of Option.getOrElse(ofUser, () => [])) foreseen.set(id, each)
  }
  return foreseen
})

const byUser = (due: ReadonlyArray<Due>): ReadonlyArray<BotsOfUser> =>
  [...Map.groupBy(due, ({ userId }) => userId)].map(([userId, bots]) => ({
    userId,
    botIds: bots.map(({ botId }) => botId)
  }))

/** A bot whose instant has come, and what was read of it before. */
interface DueNow extends Due {
  readonly foresight?: Foresight | undefined
}

/** Claims many bots by what is foreseen of each; what was not read before its time, or too long ago, is read now. */
export const claimDue = Effect.fnUntraced(function* (
  due: ReadonlyArray<DueNow>
): Effect.fn.Return<ReadonlyMap<BotId, Attempt>, StoreError, Launcher | Store> {
  const now = yield* Clock.currentTimeMillis
  const isProof = ({ foresight }: DueNow): boolean => foresight !== undefined && isFresh(foresight, now)
  const unread = due.filter((each) => !isProof(each))
  const read = unread.length === 0 ? new Map<BotId, Foresight>() : yield* readAhead(unread)
  return yield* claimForeseen(
    due.flatMap((each) => {
      const foresight = isProof(each) ? each.foresight : read.get(each.botId)
      return foresight === undefined ? [] : [{ ...each, foresight }]
    })
  )
})

/** Claims what was foreseen, in one write. The attempts that may follow, by bot; the others are not claimed. */
const claimForeseen = Effect.fn("Punctual.claimForeseen")(function* (
  found: ReadonlyArray<Due & { readonly foresight: Foresight }>
): Effect.fn.Return<ReadonlyMap<BotId, Attempt>, StoreError, Launcher | Store> {
  const store = yield* Store
  const policy = yield* CurrentPolicy
  const { capabilities } = yield* Launcher
  const owner = yield* CurrentInstance
  const now = yield* Clock.currentTimeMillis
  const claims = found.flatMap(({ foresight, userId }) => {
    const { bot, numbers, wanted } = foresight
    const question = foreseenCall(foresight, { now, capabilities })
    if (question === null) return []
    const row = claimedRow(bot, { kind: "wanted", bot: wanted }, question, { now, policy, capabilities, owner })
    if (row === null) return []
    const next = nextRow(bot, row, now)
    const change = launchChange(bot, next, { at: now, subject: foresight.subject })
    return [{ userId, bot: next, expected: bot.revision, numbers, change, foresight, question }]
  })
  if (claims.length === 0) return new Map()
  const written = yield* store.writeBots(claims).pipe(
    // Whether it was written all the same, each row tells.
    Effect.catch(() =>
      Effect.forEach(claims, ({ bot, userId }) => Effect.map(store.bot(userId, bot.id), Option.exists(isSame(bot))))
    )
  )
  const attempts = new Map<BotId, Attempt>()
  for (const [at, { bot, foresight, question, userId }] of claims.entries()) {
    if (written[at] !== true) continue
    yield* logTransition(userId, "launch", foresight.bot, bot)
    const claimed: Claimed = { bot, launch: bot.launch, wasInDoubt: false, foresight }
    attempts.set(bot.id, attempt(ownerOf(userId, foresight), claimed, question))
  }
  return attempts
})

const ownerOf = (userId: UserId, { numbers, subject }: Foresight): BotOwner => ({
  userId,
  workspaceId: numbers.workspaceId,
  subject
})
