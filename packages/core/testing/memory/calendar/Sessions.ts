/**
 * An open account at the in-memory calendar provider: every operation of the port's session.
 *
 * Decides nothing of its own: requests are let in by `Requests.ts`, rounds are made by `Rounds.ts`.
 */
import { Effect, Option, Redacted, Stream } from "effect"
import type { ProviderCalendarId } from "../../../src/domain/Ids.ts"
import {
  AlreadySubscribed,
  type CalendarError,
  CalendarGone,
  type CalendarSession,
  type ChangePage,
  CursorExpired,
  NotSubscribable,
  SubscriptionGone
} from "../../../src/ports/CalendarProvider.ts"
import { type HeldCalendar, type World, nameOf, partsOf } from "./Mailbox.ts"
import { type Ask, failure } from "./Requests.ts"
import { fullPass, nextRound, view } from "./Rounds.ts"
import * as Telling from "./Telling.ts"

export interface SessionOptions {
  /** Items of a page, about. */
  readonly pageSize: number
  /** Subscriptions are granted for this long. */
  readonly subscriptionMillis: number
  /** Where notifications would be sent; null: nowhere, and nothing can be subscribed to. */
  readonly notificationUrl: string | null
  /** Whether an account may be subscribed to a calendar once only, whoever opens it. */
  readonly subscribesOnce?: boolean
}

export const sessionOf = (world: World, ask: Ask, options: SessionOptions): CalendarSession => ({
  profile: ask("profile", (accountId) => Effect.succeed(profileOf(world, accountId))),
  calendars: ask("calendars", (accountId) =>
    Effect.sync(() =>
      [...world.calendars.values()].filter((held) => held.accountId === accountId).map(({ listing }) => listing)
    )
  ),
  ...rounds(world, ask, options),
  ...single(world, ask),
  ...subscribing(world, ask, options)
})

export const profileOf = (world: World, accountId: string) => {
  const account = world.accounts.get(accountId)
  return account?.profile ?? { accountId, email: null, name: null }
}

const rounds = (world: World, ask: Ask, { pageSize }: SessionOptions) =>
  ({
    changes: (calendarId, from) =>
      paged("changes", ask, (accountId) =>
        Effect.flatMap(calendarOf(world, "changes", accountId, calendarId), (calendar) => {
          if ("window" in from) return Effect.succeed(fullPass(world, calendarId, calendar, from.window, pageSize))
          const round = nextRound(world, calendarId, calendar, from.cursor, pageSize)
          return round === null ? Effect.fail(failure("changes", new CursorExpired())) : Effect.succeed(round)
        })
      ),
    view: (calendarId, span) =>
      paged("view", ask, (accountId) =>
        Effect.map(calendarOf(world, "view", accountId, calendarId), () => view(world, calendarId, span, pageSize))
      )
  }) satisfies Partial<CalendarSession>

const single = (world: World, ask: Ask) =>
  ({
    event: (calendarId, providerId) =>
      ask("event", (accountId) =>
        Effect.map(calendarOf(world, "event", accountId, calendarId), () => {
          const parts = partsOf(providerId)
          const item = world.items.get(parts?.seriesId ?? providerId)
          if (item === undefined || item.calendarId !== calendarId || item.isGone) return Option.none()
          if (parts === null) return item.kind === "single" ? Option.some(Telling.single(item)) : Option.none()
          return item.kind === "series" ? Option.fromNullOr(Telling.occurrence(item, parts.date)) : Option.none()
        })
      ),
    series: (calendarId, providerId) =>
      ask("series", (accountId) =>
        Effect.map(calendarOf(world, "series", accountId, calendarId), () => {
          const hidden = world.hidden.get(providerId) ?? 0
          if (hidden > 0) world.hidden.set(providerId, hidden - 1)
          if (hidden > 0) return Option.none()
          const item = world.items.get(providerId)
          const isThere = item?.kind === "series" && item.calendarId === calendarId && !item.isGone
          return isThere ? Option.some(Telling.series(item, "with exceptions")) : Option.none()
        })
      )
  }) satisfies Partial<CalendarSession>

const subscribing = (
  world: World,
  ask: Ask,
  { notificationUrl, subscribesOnce = false, subscriptionMillis }: SessionOptions
) =>
  ({
    subscribe: (calendarId) =>
      ask("subscribe", (accountId, now) =>
        Effect.flatMap(calendarOf(world, "subscribe", accountId, calendarId), ({ refusal }) => {
          const why = notificationUrl === null ? { code: "no_public_url", message: "Nowhere to send to." } : refusal
          if (why !== null) return Effect.fail(failure("subscribe", new NotSubscribable(why)))
          const held = [...world.subscriptions.values()].filter(
            (each) => each.accountId === accountId && each.calendarId === calendarId && each.expiresAt > now
          )
          if (subscribesOnce && held.length > 0) {
            const inTheWay = held.map(({ id, notificationUrl: url }) => ({ id, notificationUrl: url }))
            return Effect.fail(failure("subscribe", new AlreadySubscribed({ held: inTheWay })))
          }
          const id = nameOf(world, "subscription-")
          const clientState = `state of ${id}`
          const expiresAt = now + subscriptionMillis
          const url = notificationUrl ?? ""
          world.subscriptions.set(id, { id, accountId, calendarId, clientState, expiresAt, notificationUrl: url })
          return Effect.succeed({ id, clientState: Redacted.make(clientState), expiresAt })
        })
      ),
    renew: (_calendarId, id) =>
      ask("renew", (accountId, now) => {
        const held = world.subscriptions.get(id)
        const isLive = held?.accountId === accountId && held.expiresAt > now
        if (!isLive) return Effect.fail(failure("renew", new SubscriptionGone()))
        const expiresAt = now + subscriptionMillis
        world.subscriptions.set(id, { ...held, expiresAt })
        return Effect.succeed({ id, clientState: null, expiresAt })
      }),
    unsubscribe: (id) =>
      ask("unsubscribe", (accountId) =>
        Effect.sync(() => {
          if (world.subscriptions.get(id)?.accountId === accountId) world.subscriptions.delete(id)
        })
      ),
    subscriptions: ask("subscriptions", (accountId, now) =>
      Effect.sync(() =>
        [...world.subscriptions.values()]
          .filter((held) => held.accountId === accountId && held.expiresAt > now)
          .map(({ calendarId, expiresAt, id, notificationUrl: url }) => ({
            id,
            notificationUrl: url,
            calendarId,
            expiresAt
          }))
      )
    )
  }) satisfies Partial<CalendarSession>

const calendarOf = (
  world: World,
  operation: string,
  accountId: string,
  calendarId: ProviderCalendarId
): Effect.Effect<HeldCalendar, CalendarError> => {
  const calendar = world.calendars.get(calendarId)
  return calendar?.accountId === accountId
    ? Effect.succeed(calendar)
    : Effect.fail(failure(operation, new CalendarGone()))
}

/** Each page is a request of its own. What the round says is settled by the first: the cursor covers no more. */
const paged = (
  operation: string,
  ask: Ask,
  round: (accountId: string) => Effect.Effect<ReadonlyArray<ChangePage>, CalendarError>
): Stream.Stream<ChangePage, CalendarError> =>
  Stream.paginate(null as ReadonlyArray<ChangePage> | null, (rest) =>
    Effect.map(ask(operation, rest === null ? round : () => Effect.succeed(rest)), ([page, ...more]) => [
      page === undefined ? [] : [page],
      more.length === 0 ? Option.none() : Option.some(more)
    ])
  )
