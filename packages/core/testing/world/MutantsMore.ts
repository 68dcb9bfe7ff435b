/**
 * More mistakes that the simulated world must notice: in what is told, in who may write, in what is listed, and in what a
 * bot in doubt is owed.
 * Decides what counts as a mistake, as `MutantList.ts` does.
 */
import type { Mutant } from "./Mutant.ts"

const credentials = "src/usecases/connection/StoreCredentials.ts"
const receiving = "src/usecases/sync/ReceiveNotification.ts"
const claims = "testing/memory/store/Claims.ts"
const launchingBots = "src/usecases/launch/LaunchBot.ts"
const pages = "testing/memory/store/Pages.ts"

const told: ReadonlyArray<Mutant> = [
  {
    name: "a notification of anybody's is believed",
    file: receiving,
    search:
      "    return sameDigest(digest(Redacted.value(notification.clientState)), calendar.subscription.clientStateHash)\n",
    replace: "    return sameDigest(calendar.subscription.clientStateHash, calendar.subscription.clientStateHash)\n"
  },
  {
    name: "a notification marks nothing",
    file: receiving,
    search: "    yield* store.markChanged([...marks.values()], dueAt)\n",
    replace: ""
  },
  {
    name: "a subscription that ends is not renewed",
    file: "src/usecases/sync/SyncCalendar.ts",
    search: "  if (subscription.expiresAt - now > policy.renewOnNotificationMillis) return true\n",
    replace: "  if (subscription.expiresAt - now > -Infinity) return true\n"
  },
  {
    name: "a round that fails with old credentials costs a day",
    isRare: true,
    file: "src/usecases/sync/SyncCalendar.ts",
    search: "  return yield* failed(claim, refusal, { afterMillis: retryMillis, reset: false })\n})",
    replace: "  return yield* failed(claim, refusal, { afterMillis: hopelessMillis, reset: false })\n})"
  }
]

const fences: ReadonlyArray<Mutant> = [
  {
    name: "two connects share a place for their credentials",
    file: credentials,
    search: "Random.nextIntBetween(1, versionStepMax)",
    replace: "Effect.succeed(1)"
  },
  {
    name: "a store that breaks off costs the credentials",
    file: credentials,
    search: "(error.isConflict || error.isFenced ? takeOut : Effect.void)",
    replace: "(error.isConflict || error.isFenced ? takeOut : takeOut)"
  },
  {
    name: "credentials go before the tombstone is there",
    file: "src/usecases/connection/Disconnect.ts",
    search: "  yield* store.saveConnection(tombstone, connection.revision, ",
    replace:
      "  yield* (yield* Secrets).eraseAll(tombstone)\n" +
      "  yield* store.saveConnection(tombstone, connection.revision, "
  },
  {
    name: "what is marked during a round waits for the next poll",
    file: claims,
    search: "calendar.changedMark > claim.calendar.changedMark ? Math.min(round.againAt, round.dueAt) : round.dueAt",
    replace: "round.dueAt"
  }
]

const lists: ReadonlyArray<Mutant> = [
  {
    name: "a page begins where the last one ended",
    file: pages,
    search: "return backwards ? order < 0 : order > 0",
    replace: "return backwards ? order < 0 : order >= 0"
  },
  {
    name: "a full page is the last one",
    file: pages,
    search: "hasMore: beyond.length > limit }",
    replace: "hasMore: beyond.length > limit + 1 }"
  },
  {
    name: "bots that are cancelled are listed",
    file: pages,
    search: `(status === null || row.status === status)`,
    replace: `row.status !== "Launched"`
  }
]

const steps = "src/decide/launch/LaunchStep.ts"
const answers = "src/decide/launch/LaunchAnswer.ts"

/** S21 to S25: what a bot that may have been made is owed. */
const debts: ReadonlyArray<Mutant> = [
  {
    name: "a call is repeated whatever the service does with keys",
    file: steps,
    search: "  if (!capabilities.replays || (",
    replace: "  if ((!capabilities.replays && false) || ("
  },
  {
    name: "a bot in doubt is not looked up",
    file: steps,
    search: `  if (capabilities.lookup) return { kind: "look-up" }\n`,
    replace: `  if (capabilities.lookup) return { kind: "repeat", wanted: verdict.kind === "wanted" ? verdict.bot : null }\n`
  },
  {
    name: "a bot in doubt is let go when its meeting is off",
    file: steps,
    search: "  const takenBack = takenBackBy(bot, verdict)\n",
    replace:
      `  if (verdict.kind === "unwanted") return { kind: "cancel", reason: verdict.reason }\n` +
      "  const takenBack = takenBackBy(bot, verdict)\n"
  },
  {
    name: "a bot that is to go is not withdrawn once it is known to be there",
    isRare: true,
    file: answers,
    search: "  if (launch.takenBack === null) {\n",
    replace: "  if (launch.takenBack === null || externalId !== null) {\n"
  },
  {
    name: "a bot that is not there yet is believed not to come",
    file: answers,
    search: "options.askedAt >= arrivedBy",
    replace: "options.askedAt >= 0 * arrivedBy"
  },
  {
    name: "an answer in hand is written once",
    isRare: true,
    file: "src/usecases/launch/LaunchWrites.ts",
    search: "(now) => now < until)",
    replace: "(now) => now < until - Infinity)"
  },
  {
    name: "a claim is taken over before its lease ends",
    isRare: true,
    file: launchingBots,
    search: "  if (launch === null || launch.leaseUntil <= now) return false\n",
    replace: "  if (launch === null || launch.leaseUntil <= Infinity) return false\n"
  },
  {
    name: "a process that ends breaks off its calls",
    file: "src/usecases/launch/LaunchPool.ts",
    search: "    Effect.andThen(FiberSet.awaitEmpty(running)),\n",
    replace: ""
  },
  {
    name: "what is withdrawn is withdrawn only while it is scheduled",
    file: "src/usecases/launch/WithdrawBots.ts",
    search: "  if (reason === null) return null\n",
    replace: `  if (reason === null || reason === "meeting_cancelled") return null\n`
  }
]

/** S2, S26, S27: machines whose clocks are wrong. */
const clocks: ReadonlyArray<Mutant> = [
  {
    name: "a process goes by its own clock",
    file: "src/usecases/clock/StoreClock.ts",
    search: "machine.currentTimeMillisUnsafe() + offsetMillis()",
    replace: "machine.currentTimeMillisUnsafe() + 0 * offsetMillis()"
  },
  {
    name: "a clock is believed to be as far ahead as it may be",
    file: "src/domain/ClockOffset.ts",
    search: "Math.floor(span.least)",
    replace: "Math.floor(span.most)"
  },
  {
    name: "a process launches whatever its clock says",
    file: "src/usecases/clock/StoreClock.ts",
    search: "if (skewMillis > clockLimits.refuseMillis) trust.closeUnsafe()",
    replace: "if (skewMillis > Infinity) trust.closeUnsafe()"
  }
]

export const moreMutants: ReadonlyArray<Mutant> = [...told, ...fences, ...lists, ...debts, ...clocks]
