/**
 * What a case of the calendar contract needs from its stage, beyond meetings that are made and moved.
 *
 * Decides that a case whose stage cannot bring it is skipped and says why: a real tenant revokes no grant to please a
 * test, and throttles nobody on demand.
 */
import type { Vitest } from "@effect/vitest"
import type { Effect } from "effect"
import type { CalendarProvider } from "../../../src/ports/CalendarProvider.ts"
import type { CalendarStage } from "./Stage.ts"

export type It = Vitest.MethodsNonLive<CalendarProvider | CalendarStage>

export type Need =
  /** An account of its own for each case. */
  | "accounts"
  /** Calendars that come to an account without new credentials. */
  | "addCalendar"
  /** Meetings that turn into series in place, and back. */
  | "makeInPlace"
  /** Meetings of others, who cancel them. */
  | "cancel"
  /** Answers and people. */
  | "facts"
  | "categories"
  | "revoke"
  | "forgetCursors"
  | "throttle"
  /** A notification address that the provider reaches. */
  | "subscribe"
  /** A provider that says which subscriptions there are. */
  | "listSubscriptions"
  | "refuseSubscriptions"

type Case = (name: string, run: () => Effect.Effect<void, unknown, CalendarProvider | CalendarStage>) => void

/** Where the stage can bring what is needed, the case as it is. */
export type Needing = (...needs: ReadonlyArray<Need>) => Case

export const needingOf =
  (it: It, without: ReadonlyArray<Need>): Needing =>
  (...needs) => {
    const missing = needs.filter((need) => without.includes(need))
    return missing.length === 0
      ? (name, run) => it.effect(name, run)
      : (name, run) => it.effect.skip(`${name} (skipped: this stage has no ${missing.join(", no ")})`, run)
  }
