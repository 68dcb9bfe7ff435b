/**
 * Giving a calendar's mirror up: its rows become tombstones, and what that changes is decided.
 * Decides that this goes a bounded number of rows at a time, each decided before the next: no decision loads a history.
 */
import { Clock, Effect } from "effect"
import type { ConnectionGeneration } from "../../domain/Connection.ts"
import type { CalendarId } from "../../domain/Ids.ts"
import { mirrorLimits } from "../../domain/Limits.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { decideChanged } from "./DecideAndCommit.ts"

/** Counts rows. Repeatable: what is interrupted goes on where it was. */
export const buryCalendar = Effect.fnUntraced(function* (
  of: ConnectionGeneration,
  calendarId: CalendarId
): Effect.fn.Return<number, StoreError, Scheduler | Store> {
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  let buried = 0
  for (;;) {
    const dropped = yield* store.dropMirror(of, calendarId, now, mirrorLimits.dropRowsMax)
    buried += dropped
    if (dropped === 0) return buried
    yield* decideChanged(of.userId)
  }
})
