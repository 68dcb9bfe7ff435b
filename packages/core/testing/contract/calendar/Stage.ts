/**
 * What the calendar contract needs besides the port: somebody who keeps calendars at the provider.
 *
 * Decides what a case can ask for, in the provider's ids. The adapter's test brings an implementation: over a simulator
 * of the provider, over a recorded one, or over the mailbox in memory.
 */
import { Clock, Context, Effect, type Redacted } from "effect"
import { connectionId } from "../../../src/domain/DeterministicIds.ts"
import type { ConnectionRef, Credentials } from "../../../src/domain/Connection.ts"
import type { ProviderCalendarId } from "../../../src/domain/Ids.ts"
import type { Instant, LocalDate } from "../../../src/domain/Time.ts"
import { type CalendarError, CalendarProvider, type CalendarSession } from "../../../src/ports/CalendarProvider.ts"
import { freshUserId } from "../../rows/Fresh.ts"

/** An account with one calendar, its primary one. */
export interface StagedAccount {
  readonly credentials: Redacted.Redacted<Credentials>
  readonly calendarId: ProviderCalendarId
  readonly accountId: string
  /** The owner's own, where the provider lists them among the people of a meeting that they were invited to. */
  readonly addresses?: ReadonlyArray<string>
}

export interface StagedFacts {
  readonly response: "accepted" | "tentative" | "declined"
  /** Addresses; none of them has an account here. */
  readonly people: ReadonlyArray<string>
  readonly categories: ReadonlyArray<string>
}

export class CalendarStage extends Context.Service<
  CalendarStage,
  {
    /** A new one each time. */
    readonly account: Effect.Effect<StagedAccount>
    /** Another calendar of the account, not primary. */
    readonly addCalendar: (account: StagedAccount) => Effect.Effect<ProviderCalendarId>
    /** A single meeting of half an hour; answers its id. */
    readonly create: (calendarId: ProviderCalendarId, start: Instant, subject: string) => Effect.Effect<string>
    /** A daily series in UTC, half an hour each, with no end; `startTime` in milliseconds since midnight. */
    readonly createDaily: (
      calendarId: ProviderCalendarId,
      startDate: LocalDate,
      startTime: number,
      subject: string
    ) => Effect.Effect<string>
    /** Length kept. */
    readonly move: (calendarId: ProviderCalendarId, providerId: string, start: Instant) => Effect.Effect<void>
    /** The organizer cancels: the meeting stays in the calendar, marked. */
    readonly cancel: (calendarId: ProviderCalendarId, providerId: string) => Effect.Effect<void>
    /** A single meeting, or a series with all its occurrences. */
    readonly remove: (calendarId: ProviderCalendarId, providerId: string) => Effect.Effect<void>
    readonly moveOccurrence: (
      calendarId: ProviderCalendarId,
      seriesId: string,
      date: LocalDate,
      start: Instant
    ) => Effect.Effect<void>
    /** A single meeting turns into a daily series from its own start on, in place: under its id. */
    readonly makeDaily: (calendarId: ProviderCalendarId, providerId: string, start: Instant) => Effect.Effect<void>
    /** A daily series turns into a single meeting of half an hour, in place. */
    readonly makeSingle: (calendarId: ProviderCalendarId, seriesId: string, start: Instant) => Effect.Effect<void>
    readonly deleteOccurrence: (
      calendarId: ProviderCalendarId,
      seriesId: string,
      date: LocalDate
    ) => Effect.Effect<void>
    /** Of a single meeting or a whole series: the owner's own answer, who is invited, and its categories. */
    readonly setFacts: (calendarId: ProviderCalendarId, providerId: string, facts: StagedFacts) => Effect.Effect<void>
    readonly revoke: (account: StagedAccount) => Effect.Effect<void>
    readonly forgetCursors: (calendarId: ProviderCalendarId) => Effect.Effect<void>
    readonly refuseSubscriptions: (calendarId: ProviderCalendarId) => Effect.Effect<void>
    /** The mailbox is not to be asked for the next minute. */
    readonly throttle: (account: StagedAccount) => Effect.Effect<void>
  }
>()("@punctual/core/testing/contract/calendar/Stage/CalendarStage") {}

export interface Opened extends StagedAccount {
  readonly session: CalendarSession
  readonly now: Instant
  /** Credentials handed to `onRotated`, oldest first. */
  readonly rotated: ReadonlyArray<Redacted.Redacted<Credentials>>
}

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** A new account, opened for a new user. */
export const opened = Effect.gen(function* () {
  const stage = yield* CalendarStage
  return yield* open(yield* stage.account)
})

export const open = Effect.fnUntraced(function* (
  account: StagedAccount,
  credentials: Redacted.Redacted<Credentials> = account.credentials,
  notBefore: Instant | null = null
): Effect.fn.Return<Opened, never, CalendarProvider> {
  const provider = yield* CalendarProvider
  const userId = yield* freshUserId
  const ref: ConnectionRef = {
    userId,
    connectionId: connectionId(provider.platform, userId),
    generation: 1,
    version: 1
  }
  const rotated: Array<Redacted.Redacted<Credentials>> = []
  const onRotated = (next: Redacted.Redacted<Credentials>) => Effect.sync(() => void rotated.push(next))
  const session = yield* provider.open({ ref, credentials, notBefore, onRotated })
  const now = yield* Clock.currentTimeMillis
  // Calendars know minutes: what is finer a provider may cut off.
  return { ...account, session, rotated, now: Math.floor(now / minute) * minute }
})

/** Why the provider refused. It fails the case if the provider did not. */
export const refusal = <A, R>(effect: Effect.Effect<A, CalendarError, R>): Effect.Effect<string, A, R> =>
  Effect.map(Effect.flip(effect), (error) => error.reason._tag)
