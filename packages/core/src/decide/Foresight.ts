/**
 * What is decided about a launch before its time, and what proves at its time that this still holds.
 *
 * Decides which bots of a slice may be launched by what was read, and that a proof is the numbers that it was read under, no
 * more than half a minute ago: a bot of which anything was written since is looked at again. What the decision would write,
 * and what is not a first call, it leaves to a look at the instant.
 */
import { decide } from "./Decide.ts"
import type { Wanted } from "./desired/Verdict.ts"
import { nothing } from "./requests/Change.ts"
import type { Bot } from "../domain/Bot.ts"
import { isStanding } from "../domain/ConnectionStatus.ts"
import type { BotId } from "../domain/Ids.ts"
import type { LauncherCapabilities } from "../domain/LaunchOutcome.ts"
import { launchLimits } from "../domain/Limits.ts"
import type { Policy } from "../domain/Policy.ts"
import { Refusal } from "../domain/Refusal.ts"
import type { Slice } from "../domain/Slice.ts"
import type { Instant } from "../domain/Time.ts"
import { type UserNumbers, areSameNumbers, numbersOf } from "../domain/UserNumbers.ts"
import { placeOf } from "./launch/Claim.ts"
import { type Question, launchStep } from "./launch/LaunchStep.ts"

export interface Foresight {
  readonly bot: Bot
  readonly wanted: Wanted
  /** Of the bot's event; null: not known. */
  readonly subject: string | null
  /** Nothing of the user is launched until then; null: not paused. */
  readonly pausedUntil: Instant | null
  readonly numbers: UserNumbers
  readonly readAt: Instant
  /** Whether nothing follows once the bot is launched. If not, its series has a next occurrence to decide, say. */
  readonly isLast: boolean
}

export interface ForesightOptions {
  readonly policy: Policy
  readonly now: Instant
}

/** Of the bots that are named, those that can be launched by what the slice says. */
export const foresee = (
  slice: Slice,
  botIds: ReadonlyArray<BotId>,
  { now, policy }: ForesightOptions
): ReadonlyMap<BotId, Foresight> => {
  // Who lags, or has nothing connected, is decided first.
  if (slice.mirrorNumber > slice.decided || !slice.connections.some(isStanding)) return new Map()
  const options = { policy, now, isWhole: false }
  const decided = decide(slice, nothing, options)
  if (decided instanceof Refusal || !decided.decision.isEmpty) return new Map()
  const { pausedUntil, verdicts } = decided.decision
  const numbers = numbersOf(slice)
  const named = new Set(botIds)
  const found = slice.bots.flatMap((bot) => {
    const verdict = verdicts.get(bot.meeting)
    if (!named.has(bot.id) || bot.status !== "Scheduled" || verdict?.kind !== "wanted") return []
    return [{ bot, wanted: verdict.bot }]
  })
  if (found.length === 0) return new Map()
  const launched = new Map(found.map(({ bot, wanted }) => [bot.id, launchedAs(bot, wanted)]))
  const after = decide({ ...slice, bots: slice.bots.map((bot) => launched.get(bot.id) ?? bot) }, nothing, options)
  const isLast = !(after instanceof Refusal) && after.decision.isEmpty
  return new Map(
    found.map(({ bot, wanted }) => {
      const { subject = null } = [wanted.event, ...slice.events].find(({ id }) => id === bot.eventId) ?? {}
      return [bot.id, { bot, wanted, subject, pausedUntil, numbers, readAt: now, isLast }] as const
    })
  )
}

const launchedAs = (bot: Bot, wanted: Wanted): Bot => ({ ...bot, ...placeOf(wanted), status: "Launched" })

export interface AtLaunch {
  readonly now: Instant
  readonly capabilities: LauncherCapabilities
}

/** Whether it was read so lately that its numbers prove anything. */
export const isFresh = ({ readAt }: Foresight, now: Instant): boolean => now - readAt <= launchLimits.proofMillisMax

/** The call that may be claimed by the foresight, if its numbers stand; null: the meeting is looked at again. */
export const foreseenCall = (
  foresight: Foresight,
  { capabilities, now }: AtLaunch
): Extract<Question, { readonly kind: "call" }> | null => {
  const { bot, pausedUntil, wanted } = foresight
  if (!isFresh(foresight, now) || wanted.event.end <= now) return null
  const step = launchStep(bot, { kind: "wanted", bot: wanted }, { capabilities, now, pausedUntil })
  return step.kind === "call" ? step : null
}

/** What is to be done once a foreseen bot is settled: nothing, the decision that was foreseen, or a look at what changed. */
export const afterLaunch = (
  { isLast, numbers }: Foresight,
  { status }: Pick<Bot, "status">,
  found: UserNumbers | null
): "nothing" | "foreseen" | "look" => {
  if (status !== "Launched" || found === null || !areSameNumbers(numbers, found)) return "look"
  return isLast ? "nothing" : "foreseen"
}
