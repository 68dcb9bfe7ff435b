/**
 * Microsoft Graph as the core's calendar provider.
 *
 * Decides how the parts are put together: one HTTP client, one memory of tokens and of mailboxes for all connections.
 * Everything it knows of a user it forgets with the process, except what it was handed back to be saved.
 */
import { Clock, Effect, Layer, type Redacted, Stream } from "effect"
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
import { rotated } from "@punctual/core/http"
import { authorityOf } from "./auth/Authority.ts"
import { redeemWithRetry } from "./auth/RedeemRetry.ts"
import { type Redeem, accessOf, makeRedeem } from "./auth/Redeem.ts"
import { makeTokens } from "./auth/Tokens.ts"
import { type Account, type GraphClient, type Reason, makeGraphClient } from "./client/GraphClient.ts"
import { serviceUrl } from "./client/GraphUrl.ts"
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
  const service = yield* address("Microsoft Graph", options.graphUrl ?? "https://graph.microsoft.com")
  const login = yield* address("Microsoft's sign-in service", options.loginUrl ?? "https://login.microsoftonline.com")
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
    verify: (credentials) => asPortError("verify", verify({ service, client, redeem, limits }, credentials)),
    open
  })
})

const session = (context: GraphContext, addresses: Addresses | null): CalendarSession => ({
  profile: asPortError("profile", profile(context)),
  calendars: asPortError("calendars", calendars(context)),
  changes: (calendarId, from) => Stream.mapError(changes(context, calendarId, from), inOperation("changes")),
  view: (calendarId, span) => Stream.mapError(view(context, calendarId, span), inOperation("view")),
  event: (calendarId, providerId) => asPortError("event", event(context, calendarId, providerId)),
  series: (calendarId, providerId) => asPortError("series", series(context, calendarId, providerId)),
  subscribe: (calendarId) => asPortError("subscribe", subscribe(context, addresses, calendarId)),
  renew: (_calendarId, subscriptionId) => asPortError("renew", renew(context, subscriptionId)),
  unsubscribe: (subscriptionId) => asPortError("unsubscribe", unsubscribe(context, subscriptionId)),
  subscriptions: asPortError("subscriptions", subscriptions(context))
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

/** A wrong address is the host's mistake at start, not something a call could answer. */
const address = (what: string, text: string): Effect.Effect<URL> => {
  const url = serviceUrl(text)
  return url === null
    ? Effect.die(new Error(`${what} must be at an https address, or at http on this machine; "${text}" is neither.`))
    : Effect.succeed(url)
}

const inOperation =
  (operation: string) =>
  (reason: Reason): CalendarError =>
    new CalendarError({ operation, reason })

/** The one place where reasons become the port's error. */
const asPortError = <A>(operation: string, effect: Effect.Effect<A, Reason>): Effect.Effect<A, CalendarError> =>
  effect.pipe(Effect.mapError(inOperation(operation)), Effect.withSpan(`GraphCalendar.${operation}`))
