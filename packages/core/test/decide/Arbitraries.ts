/**
 * Random states of one user, each written out from a plan.
 * Decides what a law is tried on; what is tried is decided in `StatePlan.ts`, what becomes of it in `Plan.ts`.
 */
import * as fc from "fast-check"
import type { CalendarId } from "../../src/domain/Ids.ts"
import type { Policy } from "../../src/domain/Policy.ts"
import type { Slice } from "../../src/domain/Slice.ts"
import type { Instant } from "../../src/domain/Time.ts"
import { stateOf } from "./Plan.ts"
import { connection, policy } from "./Rows.ts"
import { statePlan } from "./StatePlan.ts"

const calendarIds = ["a", "b", "c"] as ReadonlyArray<string> as ReadonlyArray<CalendarId>

/** What a law is tried on: a whole user as a store would hand it over, looked at now, and luck for what the law needs. */
export interface Subject {
  readonly slice: Slice
  readonly now: Instant
  readonly policy: Policy
  readonly luck: number
}

export const subject: fc.Arbitrary<Subject> = fc
  .tuple(statePlan, fc.nat(1_000_000))
  .map(([plan, luck]) => ({ slice: stateOf(plan, calendarIds, connection), now: plan.now, policy, luck }))
