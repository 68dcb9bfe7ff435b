/**
 * Connecting, showing and taking down a connection. Translates between HTTP and the use cases, and decides nothing.
 */
import { Clock, Effect, Redacted } from "effect"
import type { HttpServerRequest } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { ConsentNotConfigured } from "../api/Problems.ts"
import type { ConnectRequest } from "../api/ConnectionApi.ts"
import type { FeedRequest } from "../api/FeedRequest.ts"
import { googlePlatform } from "@punctual/adapter-google"
import { outlookPlatform } from "@punctual/adapter-graph"
import {
  type Calendar,
  type Connected,
  type Connection,
  type ConnectionId,
  type Credentials,
  type Failure,
  Punctual,
  Refusal
} from "@punctual/core"
import { nameFor, rememberBrowser } from "../oauth/Browser.ts"
import { Consent } from "../oauth/Consent.ts"
import { callingUser } from "./CallingUser.ts"
import { shownStatus } from "./ConnectionView.ts"
import { pollingWord, reasonMessage, reasonWord, shownSubscriptionId } from "../wording/ProviderWords.ts"
import { connectFeed } from "./FeedConnecting.ts"
import { refusalToProblem } from "./RefusalToProblem.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "connection",
  Effect.fnUntraced(function* (handlers) {
    const punctual = yield* Punctual
    const consent = yield* Consent
    const notConnected = refusalToProblem(["calendar_not_connected"])
    return handlers.handleAll({
      create: Effect.fnUntraced(function* ({ payload }) {
        const userId = yield* callingUser
        const obtainedAt = yield* Clock.currentTimeMillis
        if ("ics_url" in payload) {
          return connectedAnswer(yield* connectFeed(punctual, userId, payload, obtainedAt))
        }
        const { credentials, platform } = accountOf(payload, obtainedAt)
        return yield* punctual
          .connect(userId, credentials, platform)
          .pipe(
            Effect.mapError(refusedAtConnecting),
            refusalToProblem(["invalid_credentials", "mailbox_unavailable", "provider_unavailable"]),
            Effect.map(connectedAnswer)
          )
      }),
      consent: Effect.fnUntraced(function* ({ payload, request }) {
        const wanted = payload.provider ?? consent.providers[0] ?? "microsoft"
        if (!consent.providers.includes(wanted)) {
          const prefix = wanted.toUpperCase()
          return yield* new ConsentNotConfigured({
            detail: `Set ${prefix}_CLIENT_ID and ${prefix}_CLIENT_SECRET, or use create_calendar with credentials.`
          })
        }
        const userId = yield* callingUser
        const browser = askedByOwnPage(request) ? nameFor(request, consent.address) : null
        const { authorizeUrl, expiresAt } = yield* consent.begin(userId, wanted, browser)
        if (browser !== null) yield* rememberBrowser(browser, consent.address)
        return { authorize_url: authorizeUrl, expires_at: expiresAt }
      }),
      show: Effect.fnUntraced(function* () {
        const userId = yield* callingUser
        const { calendars, connections } = yield* punctual.connections(userId).pipe(notConnected)
        const pausedUntil = yield* punctual.pausedUntil(userId).pipe(notConnected)
        const states = connections.map((each) => connectionState(each, calendars))
        const [first] = states
        // Nobody without a connection comes here: that is refused.
        return first === undefined
          ? yield* Effect.die(new Error("a user without a connection"))
          : { ...first, paused_until: pausedUntil, connections: states }
      }),
      disconnect: Effect.fnUntraced(function* ({ query }) {
        const userId = yield* callingUser
        const { eventsDeleted, schedulesCancelled, subscriptionsStopped } = yield* punctual
          .disconnect(userId, (query.calendar_id ?? null) as ConnectionId | null)
          .pipe(refusalToProblem(["calendar_not_connected", "calendar_not_found"]))
        return {
          disconnected: true as const,
          user_id: userId,
          subscription_stopped: subscriptionsStopped,
          events_deleted: eventsDeleted,
          schedules_cancelled: schedulesCancelled,
          message: "Calendar disconnected successfully. All events and scheduled bots have been removed."
        }
      })
    })
  })
)

/** The account that a request brings the credentials of, and whose it is. */
const accountOf = (
  payload: Exclude<typeof ConnectRequest.Type, typeof FeedRequest.Type>,
  obtainedAt: number
): { readonly platform: string; readonly credentials: Redacted.Redacted<Credentials> } =>
  "google_client_id" in payload
    ? {
        platform: googlePlatform,
        credentials: Redacted.make({
          clientId: payload.google_client_id,
          clientSecret: payload.google_client_secret,
          refreshToken: payload.google_refresh_token,
          obtainedAt
        })
      }
    : {
        platform: outlookPlatform,
        credentials: Redacted.make({
          clientId: payload.microsoft_client_id,
          clientSecret: payload.microsoft_client_secret,
          refreshToken: payload.microsoft_refresh_token,
          obtainedAt
        })
      }

/** Of Google, whatever keeps an account from being connected is a refusal of its credentials. */
const refusedAtConnecting = (failure: Failure): Failure =>
  failure._tag === "Refusal" && failure.code === "mailbox_unavailable" && failure.platform === googlePlatform
    ? new Refusal({ ...detailsOf(failure), code: "invalid_credentials" })
    : failure

const detailsOf = ({ detail, platform, providerError }: Refusal) => ({
  detail,
  ...(platform !== undefined && { platform }),
  ...(providerError !== undefined && { providerError })
})

/** Browsers say so themselves, and pages can't make them say otherwise (W3C Fetch Metadata). */
const askedByOwnPage = (request: HttpServerRequest.HttpServerRequest): boolean =>
  request.headers["sec-fetch-site"] === "same-origin"

const account = ({ email, name }: Connection) => ({ user_email: email, user_name: name })

const connectionState = (connection: Connection, calendars: ReadonlyArray<Calendar>) => ({
  calendar_id: connection.id,
  platform: connection.platform,
  status: shownStatus(connection),
  status_reason: connection.statusReason,
  status_message: connection.statusMessage,
  ...account(connection),
  calendars: calendars
    .filter(({ connectionId }) => connectionId === connection.id)
    .map((calendar) => calendarState(calendar, connection.platform))
})

const calendarState = (calendar: Calendar, platform: string) => ({
  id: calendar.providerId,
  summary: calendar.summary,
  selected: calendar.selected,
  last_synced_at: calendar.lastSyncedAt,
  sync_status: calendar.syncStatus,
  sync_error: calendar.syncError === null ? null : reasonWord(calendar.syncError, platform),
  subscription_id: shownSubscriptionId(calendar),
  subscription_expires_at: calendar.subscription?.expiresAt ?? null,
  polling_reason: pollingWord(calendar)
})

export const connectedAnswer = ({ calendars, connection, failed }: Connected) => {
  const subscribed = calendars.flatMap((calendar) => {
    const id = shownSubscriptionId(calendar)
    return id === null || calendar.subscription === null
      ? []
      : [
          {
            calendar_id: calendar.providerId,
            calendar_summary: calendar.summary,
            subscription_id: id,
            expiration: calendar.subscription.expiresAt
          }
        ]
  })
  return {
    calendar_id: connection.id,
    platform: connection.platform,
    ...account(connection),
    calendars: calendars.map(({ accessRole, isPrimary, providerId, selected, summary }) => ({
      id: providerId,
      summary,
      isPrimary,
      accessRole,
      selected
    })),
    primary_calendar_id: calendars.find(({ isPrimary }) => isPrimary)?.providerId ?? null,
    watch_setup: {
      // What can't be watched is polled: that some can is success, and so is that there was none to watch.
      success: subscribed.length > 0 || failed.length === 0,
      subscriptions_setup: subscribed.length,
      subscription_results: subscribed,
      failed_calendars: failed.map(({ calendar, message, reason }) => ({
        calendar_id: calendar.providerId,
        calendar_summary: calendar.summary,
        reason: reasonWord(reason, connection.platform),
        message: reasonMessage(reason, message, connection.platform)
      }))
    },
    message: "Calendar connected successfully"
  }
}
