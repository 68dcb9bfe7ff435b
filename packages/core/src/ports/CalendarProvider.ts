/**
 * The port to a calendar provider. An adapter translates the provider's wire format into these words; it decides
 * nothing about bots, stores nothing but access tokens in memory, and never retries for ever.
 *
 * Laws: a pass of `changes` that ends with a cursor has delivered every change up to it; absence from a complete pass
 * proves nothing by itself (ask `event` or `series` by id); no request is made before a provider's `Retry-After`, and
 * never more than four at once for one mailbox.
 */
import { Context, type Effect, type Option, type Redacted, Schema, type Stream } from "effect"
import type { CalendarListing } from "../domain/Calendar.ts"
import type { ConnectionRef, Credentials } from "../domain/Connection.ts"
import type { ProviderCalendarId } from "../domain/Ids.ts"
import type { ChangePage, Profile, ProviderEvent, ProviderSeries } from "../domain/Provider.ts"
import type { Instant, Span } from "../domain/Time.ts"
import { portMessage } from "./PortMessage.ts"

/**
 * Whether somebody waits for what is asked just now. A provider that left an account alone for a while may then try it all
 * the same, at most once in two seconds.
 */
export const AskedByUser = Context.Reference<boolean>("@punctual/core/ports/AskedByUser", { defaultValue: () => false })

export type { ChangePage, Profile, ProviderEvent, ProviderSeries } from "../domain/Provider.ts"

/** The grant was revoked or has expired: the user must sign in again. */
export class GrantRevoked extends Schema.TaggedError<GrantRevoked>()("GrantRevoked", {
  /** The provider's own word (OAuth `error`) and numbers, for the answer and the log. */
  error: Schema.String,
  errorCodes: Schema.Array(Schema.Int),
  /** For a person: what happened and what to do. */
  message: Schema.String
}) {}

/** The client id or secret was refused: `expired` tells an expired secret from a wrong one. */
export class SecretRejected extends Schema.TaggedError<SecretRejected>()("SecretRejected", {
  error: Schema.String,
  errorCodes: Schema.Array(Schema.Int),
  expired: Schema.Boolean,
  message: Schema.String
}) {}

/** The provider forgot the cursor: start a full pass. */
export class CursorExpired extends Schema.TaggedError<CursorExpired>()("CursorExpired", {}) {
  override get message(): string {
    return "the provider forgot the cursor; start a full pass"
  }
}

/** The calendar is not there any more. */
export class CalendarGone extends Schema.TaggedError<CalendarGone>()("CalendarGone", {}) {
  override get message(): string {
    return "the calendar is not there any more"
  }
}

/** This calendar can't be subscribed to; poll it. `code` is a stable word for the answer. */
export class NotSubscribable extends Schema.TaggedError<NotSubscribable>()("NotSubscribable", {
  code: Schema.String,
  message: Schema.String
}) {}

/**
 * The provider allows one subscription for what was asked, and there is one: whose, only a store can tell. `held` are those
 * of this app for the calendar, each with where its notifications go.
 */
export class AlreadySubscribed extends Schema.TaggedError<AlreadySubscribed>()("AlreadySubscribed", {
  held: Schema.Array(Schema.Struct({ id: Schema.String, notificationUrl: Schema.String }))
}) {
  override get message(): string {
    return `the provider allows one subscription, and there is one; this app holds ${this.held.length} for the calendar`
  }
}

/** The subscription named is not there: create another. */
export class SubscriptionGone extends Schema.TaggedError<SubscriptionGone>()("SubscriptionGone", {}) {
  override get message(): string {
    return "the subscription is not there any more; create another"
  }
}

/** The grant does not reach this far. */
export class Forbidden extends Schema.TaggedError<Forbidden>()("Forbidden", { message: Schema.String }) {}

/** No mailbox stands behind the account, and waiting will not make one. */
export class MailboxUnavailable extends Schema.TaggedError<MailboxUnavailable>()("MailboxUnavailable", {
  /** The provider's own word. */
  code: Schema.String,
  /** For a person: what is missing and what to do. */
  message: Schema.String
}) {}

/** What was asked for is there, and what is told of it makes no sense. */
export class Unreadable extends Schema.TaggedError<Unreadable>()("Unreadable", { message: Schema.String }) {}

/** Asked to wait. */
export class Throttled extends Schema.TaggedError<Throttled>()("Throttled", {
  retryAfterMillis: Schema.Finite
}) {
  override get message(): string {
    return `asked to wait; try again after ${this.retryAfterMillis} ms`
  }
}

/** Down, unreachable, slow, or answering nonsense. */
export class Unavailable extends Schema.TaggedError<Unavailable>()("Unavailable", { message: Schema.String }) {}

export class CalendarError extends Schema.TaggedError<CalendarError>()("CalendarError", {
  operation: Schema.String,
  reason: Schema.Union([
    GrantRevoked,
    SecretRejected,
    CursorExpired,
    CalendarGone,
    NotSubscribable,
    AlreadySubscribed,
    SubscriptionGone,
    Forbidden,
    MailboxUnavailable,
    Unreadable,
    Throttled,
    Unavailable
  ])
}) {
  override readonly cause = this.reason
  override get message(): string {
    return portMessage("CalendarProvider", this.operation, this.reason)
  }
  /** Whether the same call may succeed later with no one doing anything. */
  get isRetryable(): boolean {
    return this.reason._tag === "Throttled" || this.reason._tag === "Unavailable"
  }
  /** Whether it is about the one thing that was asked for, which may well be there: nothing to act on, nor to ask again. */
  get isAboutOne(): boolean {
    return this.reason._tag === "Forbidden" || this.reason._tag === "Unreadable"
  }
  /** Whether only the user can mend it. */
  get needsUser(): boolean {
    return this.reason._tag === "GrantRevoked" || this.reason._tag === "SecretRejected"
  }
}

export interface GrantedSubscription {
  readonly id: string
  readonly clientState: Redacted.Redacted<string>
  readonly expiresAt: Instant
}

/** What became of a subscription that was renewed: the same one, or another in its place. */
export interface RenewedSubscription {
  readonly id: string
  /** Null: as it was. */
  readonly clientState: Redacted.Redacted<string> | null
  readonly expiresAt: Instant
}

/** A subscription the provider holds for this app and account. */
export interface ListedSubscription {
  readonly id: string
  readonly notificationUrl: string
  readonly calendarId: ProviderCalendarId | null
  readonly expiresAt: Instant
}

/** One account, opened. Operations fail with `CalendarError` alone. */
export interface CalendarSession {
  readonly profile: Effect.Effect<Profile, CalendarError>
  readonly calendars: Effect.Effect<ReadonlyArray<CalendarListing>, CalendarError>
  /**
   * A pass: pages that end in one with a cursor. From a window: everything in it; from a cursor: what changed since. `before`
   * is the cursor of the last pass, where there was one: for a provider that can tell by it whether its answer is believable.
   */
  readonly changes: (
    calendarId: ProviderCalendarId,
    from: { readonly window: Span; readonly before?: string | null } | { readonly cursor: string }
  ) => Stream.Stream<ChangePage, CalendarError>
  /** Everything in a span, complete, with no cursor: for what lies outside the window. */
  readonly view: (calendarId: ProviderCalendarId, span: Span) => Stream.Stream<ChangePage, CalendarError>
  /** None: confirmed that it is not there. */
  readonly event: (
    calendarId: ProviderCalendarId,
    providerId: string
  ) => Effect.Effect<Option.Option<ProviderEvent>, CalendarError>
  /** With cancelled dates and exceptions. None: confirmed that it is not there. */
  readonly series: (
    calendarId: ProviderCalendarId,
    providerId: string
  ) => Effect.Effect<Option.Option<ProviderSeries>, CalendarError>
  /**
   * Fails with `NotSubscribable` where polling is the only way, with `AlreadySubscribed` where another subscription is in
   * its way, which it leaves alone: it may be another user's.
   */
  readonly subscribe: (calendarId: ProviderCalendarId) => Effect.Effect<GrantedSubscription, CalendarError>
  /**
   * Lets it live on. Of a provider that prolongs none it is another one, with an id of its own, and the old one lives
   * until it is ended: whoever renews saves the new one first. Fails with `SubscriptionGone`.
   */
  readonly renew: (
    calendarId: ProviderCalendarId,
    subscriptionId: string
  ) => Effect.Effect<RenewedSubscription, CalendarError>
  /** Tolerates absence. */
  readonly unsubscribe: (subscriptionId: string) => Effect.Effect<void, CalendarError>
  /** None of a provider that lists none. */
  readonly subscriptions: Effect.Effect<ReadonlyArray<ListedSubscription>, CalendarError>
}

/** Rotated credentials could not be saved. */
export class CredentialsNotSaved extends Schema.TaggedError<CredentialsNotSaved>()("CredentialsNotSaved", {}) {
  override get message(): string {
    return "rotated credentials could not be saved; the old ones stay in use"
  }
}

/** What a session is opened with. */
export interface OpenOptions {
  readonly ref: ConnectionRef
  readonly credentials: Redacted.Redacted<Credentials>
  /** The mailbox must not be asked before this instant. */
  readonly notBefore: Instant | null
  /** Called with rotated credentials before they are relied on; while it fails, the old ones stay in use. */
  readonly onRotated: (credentials: Redacted.Redacted<Credentials>) => Effect.Effect<void, CredentialsNotSaved>
}

/** Credentials that the provider has accepted. */
export interface Verified {
  readonly profile: Profile
  /** The credentials to store: rotated by the check. */
  readonly credentials: Redacted.Redacted<Credentials>
}

export class CalendarProvider extends Context.Service<
  CalendarProvider,
  {
    /** A word for the API that tells this provider's calendars from others'. */
    readonly platform: string
    readonly capabilities: {
      /** Within what the ids of meetings and series are unique: copies in two calendars may share one. */
      readonly idsUniqueIn: "account" | "calendar"
      /** Whether `subscribe` can work at all (a public address is configured). */
      readonly subscriptions: boolean
      /** Where the provider sends notifications: tells our subscriptions from others'. */
      readonly notificationUrl: string | null
    }
    /** Tries the credentials for real. */
    readonly verify: (credentials: Redacted.Redacted<Credentials>) => Effect.Effect<Verified, CalendarError>
    /**
     * Where one connection may hold several things to read, each by its own address: what is held, with what was given now.
     * Left out: what is given replaces what is held. Makes no request.
     */
    readonly combine?: (
      held: Redacted.Redacted<Credentials>,
      given: Redacted.Redacted<Credentials>
    ) => Effect.Effect<Redacted.Redacted<Credentials>, CalendarError>
    /**
     * Where `combine` adds: what is held, without what is read as this calendar; null: nothing is left. Left out: a calendar
     * can't be taken out by itself. Makes no request.
     */
    readonly without?: (
      held: Redacted.Redacted<Credentials>,
      calendarId: ProviderCalendarId
    ) => Effect.Effect<Redacted.Redacted<Credentials> | null, CalendarError>
    /** Cheap: no request is made; sessions of one `ref` share token, budget and back-off. */
    readonly open: (options: OpenOptions) => Effect.Effect<CalendarSession>
  }
>()("@punctual/core/ports/Calendar/CalendarProvider") {}
