/**
 * Google Calendar as the core's calendar provider.
 *
 * Decides how the parts are put together: one HTTP client, one memory of tokens, mailboxes and projects for all
 * connections. Everything it knows of a user it forgets with the process, except what it was handed back to be saved.
 */
import { Clock, Effect, Layer, type Redacted } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import {
  CalendarError,
  CalendarProvider,
  type CalendarSession,
  type Credentials,
  type OpenOptions,
  Unavailable,
  type Verified
} from "@punctual/core"
import { configuredUrl, makeOperations, rotated } from "@punctual/core/http"
import { type Redeem, accessOf, makeRedeem } from "./auth/Redeem.ts"
import { missingScopes, notGranted } from "./auth/Scopes.ts"
import { makeTokens } from "./auth/Tokens.ts"
import { subscribe, unsubscribe } from "./channels/Channels.ts"
import { type Account, type GoogleClient, type Reason, makeGoogleClient } from "./client/GoogleClient.ts"
import type { GoogleContext } from "./client/GoogleContext.ts"
import { scopesMissing } from "./client/GoogleReply.ts"
import { type Limits, defaultLimits } from "./client/Limits.ts"
import { calendars, checkCalendars, profile } from "./calendars/Directory.ts"
import { event, series } from "./sync/ById.ts"
import { fullRound, view } from "./sync/FullRound.ts"
import { laterRound } from "./sync/LaterRound.ts"

/** What tells its calendars from others'. */
export const googlePlatform = "google_calendar"

export interface GoogleOptions {
  /** `https://www.googleapis.com` by default; a simulator at `http://127.0.0.1:…`. */
  readonly apiUrl?: string | undefined
  /** What has `/token`: `https://oauth2.googleapis.com` by default, likewise. */
  readonly tokenUrl?: string | undefined
  /** Where Google posts that something changed; without it nothing is subscribed and calendars are polled. */
  readonly notificationUrl?: string | null | undefined
  readonly limits?: Partial<Limits> | undefined
}

/** With an `HttpClient` of the caller's. It must not follow redirects by itself. */
export const layerNoDeps = (options: GoogleOptions = {}): Layer.Layer<CalendarProvider, never, HttpClient.HttpClient> =>
  Layer.effect(CalendarProvider, make(options))

/** Over the runtime's `fetch`. */
export const layer = (options: GoogleOptions = {}): Layer.Layer<CalendarProvider> =>
  layerNoDeps(options).pipe(Layer.provide(FetchHttpClient.layer))

const make = Effect.fnUntraced(function* (options: GoogleOptions) {
  const http = yield* HttpClient.HttpClient
  const limits: Limits = { ...defaultLimits, ...options.limits }
  const service = yield* configuredUrl("Google Calendar", options.apiUrl ?? "https://www.googleapis.com")
  const tokenService = yield* configuredUrl(
    "Google's sign-in service",
    options.tokenUrl ?? "https://oauth2.googleapis.com"
  )
  const client = makeGoogleClient(http, limits)
  const redeem = makeRedeem({ http, tokenService, limits })
  const tokens = yield* makeTokens({ redeem, limits })
  const notificationUrl = options.notificationUrl ?? null

  const open = Effect.fnUntraced(function* (opened: OpenOptions) {
    const grant = yield* tokens.grant(opened)
    const account: Account = { ...grant, notBefore: opened.notBefore }
    return session({ service, client, account, limits }, notificationUrl)
  })

  return CalendarProvider.of({
    platform: googlePlatform,
    capabilities: {
      // The organizer's copy and a guest's share one id.
      idsUniqueIn: "calendar",
      subscriptions: notificationUrl !== null,
      notificationUrl
    },
    verify: (credentials) => asked("verify", verify({ service, client, redeem, limits }, credentials)),
    open
  })
})

const session = (context: GoogleContext, notificationUrl: string | null): CalendarSession => ({
  profile: asked("profile", profile(context)),
  calendars: asked("calendars", calendars(context)),
  changes: (calendarId, from) =>
    paged(
      "changes",
      "cursor" in from ? laterRound(context, calendarId, from.cursor) : fullRound(context, calendarId, from.window)
    ),
  view: (calendarId, span) => paged("view", view(context, calendarId, span)),
  event: (calendarId, providerId) => asked("event", event(context, calendarId, providerId)),
  series: (calendarId, providerId) => asked("series", series(context, calendarId, providerId)),
  subscribe: (calendarId) => asked("subscribe", subscribe(context, notificationUrl, calendarId)),
  renew: (calendarId) => asked("renew", subscribe(context, notificationUrl, calendarId)),
  unsubscribe: (subscriptionId) => asked("unsubscribe", unsubscribe(context, subscriptionId)),
  // Google has no list of channels.
  subscriptions: Effect.succeed([])
})

interface VerifyOptions {
  readonly service: URL
  readonly client: GoogleClient
  readonly redeem: Redeem
  readonly limits: Limits
}

/** Redeems the credentials for real, looks at what was granted, and reads whose they are. */
const verify = Effect.fnUntraced(function* (
  { client, limits, redeem, service }: VerifyOptions,
  credentials: Redacted.Redacted<Credentials>
): Effect.fn.Return<Verified, Reason> {
  const granted = yield* Effect.mapError(redeem(credentials), ({ reason }) => reason)
  const missing = missingScopes(granted.scopes)
  if (missing.length > 0) return yield* Effect.fail(scopesMissing(notGranted(missing)))
  const now = yield* Clock.currentTimeMillis
  const account: Account = {
    access: Effect.succeed(accessOf(credentials, granted, now, "unknown")),
    renewed: () => new Unavailable({ message: "Google Calendar refused an access token that had just been issued." }),
    notBefore: null
  }
  const context: GoogleContext = { service, client, account, limits }
  yield* checkCalendars(context)
  return { profile: yield* profile(context), credentials: rotated(credentials, granted, now) }
})

const { asked, paged } = makeOperations(
  "GoogleCalendar",
  (operation, reason: Reason) => new CalendarError({ operation, reason })
)
