/**
 * A decision of all that rules judge, where what they are asked about was changed for all meetings at once: a workspace's
 * policy, the user's addresses, a calendar's zone, the window that is mirrored of it.
 * Decides which meetings that are. The write that changed it marks the user, and the mark stays until all of them were decided:
 * a process that dies in between leaves it to the sweep.
 */
import { Clock, Effect } from "effect"
import { readsCalendarZone } from "../../decide/desired/Ruling.ts"
import { nothingBut } from "../../decide/requests/Change.ts"
import type { Calendar } from "../../domain/Calendar.ts"
import type { Connection } from "../../domain/Connection.ts"
import { isStanding } from "../../domain/ConnectionStatus.ts"
import type { UserId } from "../../domain/Ids.ts"
import type { ChangeCause } from "../../domain/LoggedChange.ts"
import type { Commit, Scope, Slice } from "../../domain/Slice.ts"
import { isConflict, retryOnConflict } from "../../ports/RetryOnConflict.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { hasOtherAddresses } from "../../rules/People.ts"
import { coveredSpan } from "./AutoSchedule.ts"
import { decideAndCommit, decisionContention } from "./DecideAndCommit.ts"

/** What is asked for, and what auto-scheduling has come to: that is all that rules say something of. */
export const judgedByRules = Effect.fnUntraced(function* (userId: UserId) {
  const covered: Scope = { kind: "span", span: yield* coveredSpan(userId) }
  return [{ kind: "intended" }, covered] as const satisfies ReadonlyArray<Scope>
})

/** Decides all that rules judge, and takes the mark off that stood before. */
export const judgeAnew = Effect.fn("Punctual.judgeAnew")(function* (
  userId: UserId,
  cause: ChangeCause
): Effect.fn.Return<void, StoreError, Scheduler | Store> {
  const { connections, judgeMark } = yield* refuseEarlierDecisions(userId)
  // Nobody is connected: there is nothing to decide, and the mark goes with the rest.
  if (!connections.some(isStanding)) return
  for (const scope of yield* judgedByRules(userId)) {
    yield* decideAndCommit(userId, scope, nothingBut(cause)).pipe(
      // Refused only where everything was disconnected meanwhile.
      Effect.catchTag("Refusal", () => Effect.void)
    )
  }
  if (judgeMark !== null) yield* note(userId, () => ({ judged: judgeMark }))
})

/** The same, where a mark stands. */
export const judgeMarked = Effect.fnUntraced(function* (
  userId: UserId,
  cause: ChangeCause
): Effect.fn.Return<void, StoreError, Scheduler | Store> {
  if ((yield* head(userId)).judgeMark !== null) yield* judgeAnew(userId, cause)
})

/**
 * Whoever has decided by an earlier policy, by other addresses or in another zone, and has not written it yet would write it
 * after all that follows here. It finds the user's version raised, is refused, and decides anew.
 */
const refuseEarlierDecisions = Effect.fnUntraced(function* (
  userId: UserId
): Effect.fn.Return<Slice, StoreError, Store> {
  const store = yield* Store
  const slice = yield* head(userId)
  if (!slice.connections.some(isStanding)) return slice
  yield* store.commit(keeping(slice)).pipe(
    // Another has raised it since, for everybody else.
    Effect.catchIf(isConflict, () => Effect.void)
  )
  return slice
})

/** Decides all that rules say something of, where a connection that was written made other addresses the user's. */
export const decideByAddresses = (
  before: Connection | null,
  after: Connection
): Effect.Effect<void, StoreError, Scheduler | Store> =>
  hasOtherAddresses(before, after) ? judgeAnew(after.userId, "user") : Effect.void

/**
 * Notes the zone that a calendar's events are mostly in. True: a rule reads it, so the user is marked. Either way what was
 * decided in the zone before is not committed any more.
 */
export const noteZone = (
  userId: UserId,
  { eventsZone, id }: Pick<Calendar, "id" | "eventsZone">
): Effect.Effect<boolean, StoreError, Store> =>
  note(userId, (slice) => ({ putZones: [{ id, eventsZone }], marksJudging: readsCalendarZone(slice) })).pipe(
    Effect.map(({ marksJudging }) => marksJudging === true)
  )

/** Marks a user whose rules read the zone of a calendar, for the sweep. */
export const markByZone = Effect.fnUntraced(function* (userId: UserId): Effect.fn.Return<void, StoreError, Store> {
  if (readsCalendarZone(yield* head(userId))) yield* mark(userId)
})

/** Marks a user of whom another window of a calendar is about to be noted as mirrored. */
export const markByWindow = (userId: UserId): Effect.Effect<void, StoreError, Store> => mark(userId)

const mark = (userId: UserId): Effect.Effect<void, StoreError, Store> =>
  Effect.asVoid(note(userId, () => ({ marksJudging: true })))

/** Writes by the state as it is then, and decides nothing. */
const note = (
  userId: UserId,
  writesOf: (slice: Slice) => Partial<Commit>
): Effect.Effect<Partial<Commit>, StoreError, Store> =>
  retryOnConflict(
    Effect.gen(function* () {
      const store = yield* Store
      const slice = yield* head(userId)
      const writes = writesOf(slice)
      yield* store.commit({ ...keeping(slice), ...writes })
      return writes
    }),
    decisionContention
  )

const keeping = ({ decideAt, userId, version }: Slice): Commit => ({ userId, version, decided: null, decideAt })

/** The user's state without any meeting. */
const head = (userId: UserId): Effect.Effect<Slice, StoreError, Store> =>
  Effect.flatMap(Store, (store) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => store.slice(userId, noMeetings, now))
  )

const noMeetings: Scope = { kind: "meetings", meetings: [], series: [] }
