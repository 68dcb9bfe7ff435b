/**
 * Microsoft Graph as the core's calendar provider.
 *
 * Decides how the parts are put together: one HTTP client, one memory of tokens and of mailboxes for all connections.
 * Everything it knows of a user it forgets with the process, except what it was handed back to be saved.
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
import { configuredUrl, makeOperations, redeemWithRetry, rotated } from "@punctual/core/http"
import { authorityOf } from "./auth/Authority.ts"
import { type Redeem, accessOf, makeRedeem } from "./auth/Redeem.ts"
import { makeTokens } from "./auth/Tokens.ts"
import { type Account, type GraphClient, type Reason, makeGraphClient } from "./client/GraphClient.ts"
import { type Limits, defaultLimits } from "./client/Limits.ts"
import type { GraphContext } from "./client/GraphContext.ts"
import { event, series } from "./delta/ById.ts"
import { changes, view } from "./delta/Rounds.ts"
import { calendars, profile } from "./Directory.ts"
import { type Addresses, renew, subscribe, subscriptions, unsubscribe } from "./subscriptions/Subscriptions.ts"

/** What tells its calendars from others'. */
export const outlookPlatform = "outlook_calendar"

export interface GraphOptions {
  /** `https://graph.microsoft.com` by default; a national cloud, or a simulator at `http://127.0.0.1:…`. */
  readonly graphUrl?: string | undefined
  /** `https://login.microsoftonline.com` by default, likewise. */
  readonly loginUrl?: string | undefined
  /** Where Graph posts changes; without it nothing is subscribed and calendars are polled. */
  readonly notificationUrl?: string | null | undefined
  /** Where Graph posts what becomes of subscriptions; the notification address by default. */
  readonly lifecycleUrl?: string | null | undefined
  readonly limits?: Partial<Limits> | undefined
}

/** With an `HttpClient` of the caller's. It must not follow redirects by itself. */
export const layerNoDeps = (options: GraphOptions = {}): Layer.Layer<CalendarProvider, never, HttpClient.HttpClient> =>
  Layer.effect(CalendarProvider, make(options))

/** Over the runtime's `fetch`. */
export const layer = (options: GraphOptions = {}): Layer.Layer<CalendarProvider> =>
  layerNoDeps(options).pipe(Layer.provide(FetchHttpClient.layer))

const make = Effect.fnUntraced(function* (options: GraphOptions) {
  const http = yield* HttpClient.HttpClient
  const limits: Limits = { ...defaultLimits, ...options.limits }
  const service = yield* configuredUrl("Microsoft Graph", options.graphUrl ?? "https://graph.microsoft.com")
  const login = yield* configuredUrl(
    "Microsoft's sign-in service",
    options.loginUrl ?? "https://login.microsoftonline.com"
  )
  const client = makeGraphClient(http, limits)
  const redeem = makeRedeem({ http, authority: authorityOf(login), deadlineMillis: limits.deadlineMillis })
  const tokens = yield* makeTokens({ redeem, limits })
  const addresses = addressesOf(options)

  const open = Effect.fnUntraced(function* (opened: OpenOptions) {
    const grant = yield* tokens.grant(opened)
    const account: Account = { ...grant, notBefore: opened.notBefore }
    return session({ service, client, account, limits }, addresses)
  })

  return CalendarProvider.of({
    platform: outlookPlatform,
    capabilities: {
      idsUniqueIn: "account",
      subscriptions: addresses !== null,
      notificationUrl: addresses?.notificationUrl ?? null
    },
    verify: (credentials) => asked("verify", verify({ service, client, redeem, limits }, credentials)),
    open
  })
})

const session = (context: GraphContext, addresses: Addresses | null): CalendarSession => ({
  profile: asked("profile", profile(context)),
  calendars: asked("calendars", calendars(context)),
  changes: (calendarId, from) => paged("changes", changes(context, calendarId, from)),
  view: (calendarId, span) => paged("view", view(context, calendarId, span)),
  event: (calendarId, providerId) => asked("event", event(context, calendarId, providerId)),
  series: (calendarId, providerId) => asked("series", series(context, calendarId, providerId)),
  subscribe: (calendarId) => asked("subscribe", subscribe(context, addresses, calendarId)),
  renew: (_calendarId, subscriptionId) => asked("renew", renew(context, subscriptionId)),
  unsubscribe: (subscriptionId) => asked("unsubscribe", unsubscribe(context, subscriptionId)),
  subscriptions: asked("subscriptions", subscriptions(context))
})

interface VerifyOptions {
  readonly service: URL
  readonly client: GraphClient
  readonly redeem: Redeem
  readonly limits: Limits
}

/** Redeems the credentials for real and reads whose they are. Nothing of it is remembered: there is no connection yet. */
const verify = Effect.fnUntraced(function* (
  { client, limits, redeem, service }: VerifyOptions,
  credentials: Redacted.Redacted<Credentials>
): Effect.fn.Return<Verified, Reason> {
  const granted = yield* Effect.mapError(redeemWithRetry(redeem(credentials), limits), ({ reason }) => reason)
  const now = yield* Clock.currentTimeMillis
  const account: Account = {
    access: Effect.succeed(accessOf(credentials, granted, now, "unknown")),
    renewed: () => new Unavailable({ message: "Microsoft Graph refused an access token that had just been issued." }),
    notBefore: null
  }
  return {
    profile: yield* profile({ service, client, account, limits }),
    credentials: rotated(credentials, granted, now)
  }
})

const addressesOf = ({ lifecycleUrl, notificationUrl }: GraphOptions): Addresses | null =>
  notificationUrl == null ? null : { notificationUrl, lifecycleUrl: lifecycleUrl ?? notificationUrl }

const { asked, paged } = makeOperations(
  "GraphCalendar",
  (operation, reason: Reason) => new CalendarError({ operation, reason })
)
