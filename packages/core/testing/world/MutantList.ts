/**
 * Mistakes that the simulated world must notice, each as a change of one place in the code, and one that it notices
 * always: should that one ever pass, the harness itself is broken.
 * Decides what counts as a mistake. Names say what was forgotten.
 */
import type { Mutant } from "./Mutant.ts"
import { foresightMutants } from "./MutantsForesight.ts"
import { identityMutants } from "./MutantsIdentity.ts"
import { policyMutants } from "./MutantsPolicy.ts"
import { logMutants } from "./MutantsLog.ts"
import { moreMutants } from "./MutantsMore.ts"

const applying = "src/usecases/scheduling/ApplySchedules.ts"
const sweeping = "src/usecases/worker/Sweep.ts"
const syncing = "src/usecases/sync/SyncCalendar.ts"
const session = "src/usecases/account/OpenAccount.ts"
const choosing = "src/usecases/connection/SelectCalendars.ts"

export const canary: Mutant = {
  name: "canary",
  file: "testing/world/World.ts",
  search: `    world.step()\n`,
  replace: `    world.step()\n    stage.fail("canary", "always red")\n`
}

const launch: ReadonlyArray<Mutant> = [
  {
    name: "a fire is believed without a look at the time",
    file: "src/decide/launch/LaunchStep.ts",
    search: "if (verdict.bot.joinAt > now) return",
    replace: "if (verdict.bot.joinAt > Infinity) return"
  },
  {
    name: "each attempt has a key of its own",
    file: "src/usecases/contract/LaunchRequest.ts",
    search: "  botId: bot.id,\n  userId,",
    replace: "  botId: `${bot.id}.${bot.launch?.attempts}` as typeof bot.id,\n  userId,"
  },
  {
    name: "a meeting that is over is launched",
    file: "src/decide/desired/Judge.ts",
    search: "event.end > context.now) return null",
    replace: "event.end > 0) return null"
  },
  {
    name: "a launched bot does not answer for its meeting",
    file: "src/decide/desired/WantedBot.ts",
    search: `(bot.status === "Launched" || bot.status === "Launching"`,
    replace: `(bot.status === "Launching"`
  },
  {
    name: "a bot is written whatever its revision",
    file: "testing/memory/store/Commits.ts",
    search: "(tenant.bots.get(bot.id)?.revision ?? null) === expected",
    replace: "(tenant.bots.get(bot.id)?.revision ?? null) === expected || expected !== null"
  },
  {
    name: "a decision is committed whatever came between",
    file: "testing/memory/store/Commits.ts",
    search: "seen.version === decision.version &&",
    replace: "seen.version >= decision.version &&"
  }
]

const schedules: ReadonlyArray<Mutant> = [
  {
    name: "the scheduler is told before the store",
    file: "src/usecases/scheduling/DecideAndCommit.ts",
    search: "  if (!decision.isEmpty) {\n",
    replace:
      "  yield* applySchedules((decision.commit.bots ?? []).map(({ bot }) => ({ userId, bot })))\n  if (!decision.isEmpty) {\n"
  },
  {
    name: "schedules of cancelled bots stay",
    file: applying,
    search: `isWanted: bot.status === "Scheduled",`,
    replace: "isWanted: true,"
  },
  {
    name: "a failed put counts as applied",
    file: applying,
    search: ".filter(({ outcome }) => Result.isSuccess(outcome))",
    replace: ".filter(({ outcome }) => outcome !== undefined)"
  },
  {
    name: "a moved bot keeps its schedule",
    file: "src/decide/reconcile/BotTransitions.ts",
    search: "...(bot.joinAt === command.joinAt ? bot : reschedule(bot)),",
    replace: "...bot,"
  },
  {
    name: "nobody sweeps schedules",
    file: sweeping,
    search: "Effect.exit(applyBehind(pageSize))",
    replace: "Effect.exit(Effect.succeed(0))"
  },
  {
    name: "nobody sweeps bots that are due",
    file: sweeping,
    search: "yield* store.dueBots(now + policy.sweepMillis, dueMax)",
    replace: "yield* store.dueBots(0 * now, dueMax)"
  }
]

const mirror: ReadonlyArray<Mutant> = [
  {
    name: "a forgotten cursor is no reason to start again",
    file: syncing,
    search: `Effect.catchReason("CalendarError", "CursorExpired",`,
    replace: `Effect.catchReason("CalendarError", "CalendarGone",`
  },
  {
    name: "the cursor passes questions without an answer",
    file: syncing,
    search: "notes.unanswered > 0 ? from.cursor : (cursor ?? from.cursor)",
    replace: "cursor ?? from.cursor"
  },
  {
    name: "what is said to be removed is not asked about",
    file: "src/usecases/sync/ConfirmDeletions.ts",
    search: "  yield* askRemoved(notes)\n  // A series",
    replace: "  // A series"
  },
  {
    name: "a secret store that is away costs a day",
    file: syncing,
    search: `new Set(["provider_unavailable", "secrets_unavailable"])`,
    replace: `new Set(["provider_unavailable"])`
  },
  {
    name: "a subscription that is gone is not made again",
    file: "src/usecases/account/Subscriptions.ts",
    search: `Effect.catchReason("CalendarError", "SubscriptionGone",`,
    replace: `Effect.catchReason("CalendarError", "CalendarGone",`
  }
]

const intents: ReadonlyArray<Mutant> = [
  {
    name: "the lead has the wrong sign",
    file: "src/decide/desired/WantedBot.ts",
    search: "(offset ?? -policy.leadMillis)",
    replace: "(offset ?? policy.leadMillis)"
  },
  {
    name: "a join time set by hand is forgotten",
    file: "src/decide/desired/WantedBot.ts",
    search: "(offset ?? -policy.leadMillis)",
    replace: "-policy.leadMillis"
  },
  {
    name: "join times are cut to the minute",
    file: "src/decide/desired/WantedBot.ts",
    search: "joinAt: event.start + (",
    replace: "joinAt: Math.floor(event.start / 60_000) * 60_000 + ("
  },
  {
    name: "cancelled meetings are attended",
    file: "src/decide/desired/Judge.ts",
    search: `event?.isCancelled === true ? unwanted("meeting_cancelled") : null`,
    replace: "null"
  },
  {
    name: "a removal is not remembered",
    file: "src/decide/desired/Judge.ts",
    search: `isExcluded ? unwanted("removed_by_user") : null`,
    replace: "null"
  },
  {
    name: "a bot stays when its link goes",
    isRare: true,
    file: "src/decide/desired/Judge.ts",
    search: `unwanted("link_removed") : null,`,
    replace: `over : null,`
  },
  {
    name: "the nightly run covers nothing",
    file: "src/decide/intents/AutoCoverage.ts",
    search: ": midnight + policy.autoAheadMillis + policy.leadMillis + policy.autoSlackMillis",
    replace: ": midnight"
  }
]

const accounts: ReadonlyArray<Mutant> = [
  {
    name: "a disconnect that broke off is left alone",
    isRare: true,
    file: sweeping,
    search: "yield* Effect.exit(finishDisconnects)",
    replace: "yield* Effect.exit(Effect.succeed(0))"
  },
  {
    name: "a disconnect leaves credentials",
    file: "src/usecases/connection/Disconnect.ts",
    search: "  yield* secrets.eraseAll(tombstone)\n",
    replace: ""
  },
  {
    name: "a rotated token outlives its connection",
    isRare: true,
    file: session,
    search: "  if (!(yield* isCurrent(ref))) return\n  yield* secrets.put(ref, rotated)\n",
    replace: "  if (Option.isSome(Option.none())) return\n  return yield* secrets.put(ref, rotated)\n"
  },
  {
    name: "intents outlive their calendar",
    isRare: true,
    file: "src/decide/requests/LeaveCalendars.ts",
    search: "deleteIntents: state.intents.filter(isEnded).map(({ id }) => id)",
    replace: "deleteIntents: []"
  },
  {
    name: "a calendar that is chosen again brings back what was left",
    isRare: true,
    file: choosing,
    search: "  const left = yield* buryCalendar(connection, calendar.id)\n",
    replace: "  const left = 0\n"
  }
]

/** Mistakes that no world can notice, and why: not run, so that nobody tries them again. */
export const equivalents: ReadonlyArray<{ readonly name: string; readonly proof: string }> = [
  {
    name: "nobody sweeps decisions",
    proof:
      "Each round of a calendar decides what changed, and rounds come at least every safety poll: the sweep makes a " +
      "decision sooner, never other. It alone decides while a grant is lost, and worlds are judged after people have signed in again."
  },
  {
    name: "a lease is not looked at",
    proof:
      "Leases save requests. Writes are conditional on the row's revision or the claim's number; a bot that another has " +
      "called for is in doubt, and is asked about by its key like any other."
  },
  {
    name: "a fire is confirmed before its claim",
    proof: "Each sweep arms a timer for every bot due before the next one, whatever the scheduler holds."
  },
  {
    name: "a series goes before its occurrences",
    proof:
      "Broken off in between, the round is made again from the same cursor, is told once more that the series is removed, " +
      "and asks for each occurrence that is left of it in the window by its own id."
  }
]

export const mutants: ReadonlyArray<Mutant> = [
  ...launch,
  ...schedules,
  ...mirror,
  ...intents,
  ...accounts,
  ...moreMutants,
  ...identityMutants,
  ...policyMutants,
  ...logMutants,
  ...foresightMutants
]
