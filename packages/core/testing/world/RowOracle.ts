/**
 * What a bot's row must keep at each write: where it may go from where it is, that its numbers never fall, and that no
 * other bot lives for its meeting (S6, S8), and that nobody's lease is taken before its end (S26).
 * Decides from the row before and the row after alone. Notes in the marks what became of it.
 */
import type { Bot, BotStatus } from "../../src/domain/Bot.ts"
import type { Tenant } from "../memory/StoreMemory.ts"
import { worldPolicy } from "./Site.ts"
import type { Stage } from "./Stage.ts"

/** This near to its join time a bot is about to be launched. */
const nearMillis = 60_000

const allowed: Readonly<Record<BotStatus, ReadonlyArray<BotStatus>>> = {
  Scheduled: ["Scheduled", "Launching", "Cancelled", "Failed"],
  Launching: ["Launching", "Launched", "Failed", "Cancelled", "Scheduled"],
  Launched: ["Launched"],
  Failed: ["Failed"],
  Cancelled: ["Cancelled"]
}

export const isLive = ({ status }: Bot): boolean => status === "Scheduled" || status === "Launching"

export const checkRow = (stage: Stage, operation: string, before: Bot | null, after: Bot): void => {
  const { marks } = stage
  const what = `${operation} ${after.id} of ${after.meeting}: ${before?.status ?? "nothing"} to ${after.status}`
  if (before?.status !== after.status) stage.note(what)
  if (before === null) {
    if (after.status !== "Scheduled") stage.fail("S8", what)
    if (after.origin === "auto") marks.autoBotMade += 1
    if (after.origin === "recurring") marks.chainBotMade += 1
    return
  }
  if (!allowed[before.status].includes(after.status)) stage.fail("S8", what)
  if (after.revision < before.revision) stage.fail("S8", `${what}: revision ${before.revision} to ${after.revision}`)
  if (after.schedule.wanted < before.schedule.wanted) stage.fail("S8", `${what}: schedule went back`)
  checkLease(stage, operation, before, after)
  if (before.status === after.status) {
    const [was, is] = [before.launch?.takenBack ?? null, after.launch?.takenBack ?? null]
    if (was === null && is !== null) marks.botTakenBackInDoubt += 1
    if (was !== null && is === null) marks.botKept += 1
    const isRecovered =
      (after.launch?.attempts ?? 0) > (before.launch?.attempts ?? 0) && before.launch?.retryAt === null
    if (isRecovered) marks.launchedByRecovery += 1
    if (before.start === after.start) return
    marks.botMoved += 1
    const offset = after.joinAt - after.start
    if (offset !== -worldPolicy.leadMillis && offset === before.joinAt - before.start) marks.offsetCarried += 1
    return
  }
  if (after.status === "Launching") marks.botClaimed += 1
  if (after.status === "Failed") marks.botFailed += 1
  if (before.status === "Launching" && after.status === "Scheduled") marks.botPostponed += 1
  if (after.status !== "Cancelled") return
  marks.botCancelled += 1
  if (before.status === "Launching") marks.botCancelledInLaunch += 1
  if (Math.abs(stage.loop.now() - before.joinAt) < nearMillis) marks.botCancelledInJoinMinute += 1
}

/** S26: another's lease ends by the store's clock, or by who holds it. */
const checkLease = ({ fail, loop }: Stage, operation: string, before: Bot, after: Bot): void => {
  const [held, taken] = [before.launch, after.launch]
  if (!operation.startsWith("writeBot") || held === null || taken === null || taken.attempts <= held.attempts) return
  // Nobody's: it waits for its meeting's end, and goes on sooner where something new is known.
  if (held.owner === null) return
  if (taken.owner === held.owner || held.leaseUntil <= loop.now()) return
  fail("S26", `${after.id}: ${taken.owner} takes the lease of ${held.owner} ${held.leaseUntil - loop.now()} ms early`)
}

export const checkAlone = (stage: Stage, tenant: Readonly<Tenant>, bot: Bot): void => {
  for (const other of tenant.bots.values()) {
    if (other.id !== bot.id && other.meeting === bot.meeting && isLive(other)) {
      stage.fail("S6", `two live bots for ${bot.meeting}: ${bot.id} and ${other.id}`)
    }
  }
}
