/**
 * A bot's row as it is claimed for a question to the bot service.
 * Decides the row alone: whoever writes it under its revision has the lease. What the first call said stays on record, so
 * that a bot at an old place can be withdrawn; where none can be, the place of now is the better one to name.
 */
import type { Verdict, Wanted } from "../desired/Verdict.ts"
import type { Bot, LaunchState } from "../../domain/Bot.ts"
import type { LauncherCapabilities } from "../../domain/LaunchOutcome.ts"
import type { Policy } from "../../domain/Policy.ts"
import type { Instant } from "../../domain/Time.ts"
import { arrivalMillisMax } from "./LaunchAnswer.ts"
import type { Question } from "./LaunchStep.ts"

export interface ClaimOptions {
  readonly now: Instant
  readonly policy: Pick<Policy, "leaseMillis" | "launchTimeoutMillis">
  readonly capabilities: LauncherCapabilities
  /** The process that claims. */
  readonly owner: string | null
}

export interface ClaimedRow extends Bot {
  readonly launch: LaunchState
}

/** Null: the meeting is over, and the next look says so. */
export const claimedRow = (
  bot: Bot,
  verdict: Verdict,
  question: Question,
  { capabilities, now, owner, policy }: ClaimOptions
): ClaimedRow | null => {
  // A process that stood still since it read the meeting.
  if (isCall(question) && bot.end <= now) return null
  const known = bot.launch
  const launch: LaunchState = {
    leaseUntil: now + policy.leaseMillis,
    attempts: (known?.attempts ?? 0) + 1,
    retryAt: null,
    mayHaveSucceeded: true,
    openUntil: isCall(question) ? now + policy.launchTimeoutMillis + arrivalMillisMax : (known?.openUntil ?? null),
    takenBack: verdict.kind === "unwanted" ? (known?.takenBack ?? verdict.reason) : (known?.takenBack ?? null),
    owner
  }
  const isNamedAnew = question.kind === "call" || (question.kind === "repeat" && !capabilities.withdraw)
  const place = isNamedAnew && question.wanted !== null ? placeOf(question.wanted) : {}
  return { ...bot, status: "Launching", launch, ...place }
}

/** What may bring a bot into the meeting. */
export const isCall = ({ kind }: Question): boolean => kind === "call" || kind === "repeat"

/** Where and when a bot joins. */
export const placeOf = ({ event, joinAt, link }: Wanted): Pick<Bot, "joinAt" | "start" | "end" | "link"> => ({
  joinAt,
  start: event.start,
  end: event.end,
  link
})
