/**
 * What becomes of a launch when the process that held it lets go.
 * Decides the row alone, the same for every store.
 */
import type { Bot } from "./Bot.ts"
import type { Instant } from "./Time.ts"

/** Whether a process of this name holds the bot's launch. */
export const isHeldBy = ({ launch, status }: Pick<Bot, "launch" | "status">, owner: string): boolean =>
  status === "Launching" && launch?.owner === owner

/** The row of a bot that nobody holds any more: free at once, or when the pause between two attempts is over. */
export const released = (bot: Bot, now: Instant): Bot => {
  const { launch } = bot
  if (launch === null) return bot
  return {
    ...bot,
    launch: { ...launch, owner: null, leaseUntil: Math.max(now, launch.retryAt ?? now) },
    revision: bot.revision + 1,
    updatedAt: now
  }
}
