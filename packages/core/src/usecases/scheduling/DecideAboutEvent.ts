/**
 * A decision about one event that somebody named.
 * Decides nothing itself. An event's meeting may be called otherwise by the time that it is decided (one of several with a UID
 * was told apart): the request is planned for the event as it is then, and where it is not in what was loaded, it is found
 * again by its id, so that nothing is asked of another meeting that has its former name.
 */
import { Effect } from "effect"
import type { Request } from "../../decide/requests/Change.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { UserId } from "../../domain/Ids.ts"
import { Refusal } from "../../domain/Refusal.ts"
import type { SeriesExceptions } from "../../domain/Series.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import type { Store } from "../../ports/Store.ts"
import { type Target, findTarget, scopeOf } from "../account/FindTarget.ts"
import type { Failure } from "../contract/Contract.ts"
import { type DecisionResult, decideAndCommit } from "./DecideAndCommit.ts"

/** Answers also the event as it was decided; null: a series was named. */
export interface EventDecision<A> extends DecisionResult<A> {
  readonly event: CalendarEvent | null
}

/** `requestFor`: what is asked, of the event as it is; null: a series was named. */
export const decideAboutEvent = Effect.fnUntraced(function* <A>(
  userId: UserId,
  found: Target,
  requestFor: (event: CalendarEvent | null) => Request<A>,
  exceptions: ReadonlyArray<SeriesExceptions> = []
): Effect.fn.Return<EventDecision<A>, Failure, Scheduler | Store> {
  let target = found
  for (;;) {
    const { event } = target
    const scope = yield* scopeOf(userId, target)
    if (event === null) return { ...(yield* decideAndCommit(userId, scope, requestFor(null), exceptions)), event }
    const { answer: planned, decision } = yield* decideAndCommit(userId, scope, ifThere(event, requestFor), exceptions)
    if (planned !== null) return { ...planned, decision }
    const again = yield* findTarget(userId, event.id)
    if (again.event?.meeting === event.meeting) {
      return { ...(yield* decideAndCommit(userId, scope, requestFor(event), exceptions)), event }
    }
    target = again
  }
})

interface Planned<A> {
  readonly answer: A
  readonly event: CalendarEvent
}

/** Answers null where the event is not there, and asks for nothing. */
const ifThere =
  <A>({ id }: CalendarEvent, requestFor: (event: CalendarEvent) => Request<A>): Request<Planned<A> | null> =>
  (state, at) => {
    const event = state.events.find((row) => row.id === id)
    if (event === undefined) return { change: {}, answer: null }
    const plan = requestFor(event)(state, at)
    return plan instanceof Refusal ? plan : { change: plan.change, answer: { answer: plan.answer, event } }
  }
