/**
 * The in-memory calendar provider: a small mailbox with accounts, calendars, meetings and series, that behaves towards
 * the port as a real one does: thin occurrences, cursors with a frozen window, subscriptions that end.
 *
 * Decides nothing itself: the mailbox and what is done to it stand in `calendar/`. What people do to their calendars,
 * and what goes wrong at the provider, is asked for through the control.
 */
import { Clock, Context, Effect, Layer, Redacted } from "effect"
import type { CalendarListing } from "../../src/domain/Calendar.ts"
import type { Credentials } from "../../src/domain/Connection.ts"
import type { ToldFacts } from "../../src/domain/Facts.ts"
import type { ProviderCalendarId } from "../../src/domain/Ids.ts"
import type { Profile, ProviderEvent } from "../../src/domain/Provider.ts"
import type { Instant, LocalDate, Span } from "../../src/domain/Time.ts"
import { CalendarError, CalendarProvider, Unavailable } from "../../src/ports/CalendarProvider.ts"
import { CalendarProviders, type Provider } from "../../src/ports/CalendarProviders.ts"
import * as Edits from "./calendar/Edits.ts"
import {
  type Account,
  type Meeting,
  type Notification,
  type Otherwise,
  type ProviderRequest,
  type Recurring,
  type Times,
  type World,
  emptyWorld,
  itemsOf,
  must,
  nameOf
} from "./calendar/Mailbox.ts"
import { type Access, asking, enter, rotate, tokenOf } from "./calendar/Requests.ts"
import { type SessionOptions, profileOf, sessionOf } from "./calendar/Sessions.ts"
import { eventsIn } from "./calendar/Telling.ts"
import { type FailNext, type Faults, makeFaults } from "./faults/Faults.ts"

export type { Meeting, Notification, Otherwise, ProviderRequest, Recurring } from "./calendar/Mailbox.ts"

/** What people do to their calendars, and what goes wrong at the provider. What is named must be there. */
export class CalendarControl extends Context.Service<
  CalendarControl,
  {
    /** A new account without calendars; answers the credentials that open it. */
    readonly addAccount: (members?: Partial<Profile>) => Effect.Effect<Credentials & { readonly accountId: string }>
    /** The first calendar of an account is its primary one, unless the members say otherwise. */
    readonly addCalendar: (accountId: string, members?: Partial<CalendarListing>) => Effect.Effect<ProviderCalendarId>
    readonly changeCalendar: (calendarId: ProviderCalendarId, members: Partial<CalendarListing>) => Effect.Effect<void>
    readonly removeCalendar: (calendarId: ProviderCalendarId) => Effect.Effect<void>

    /** A meeting of an hour, in an hour, unless the members say otherwise; answers its id. */
    readonly create: (calendarId: ProviderCalendarId, members?: Partial<Meeting>) => Effect.Effect<string>
    readonly createSeries: (
      calendarId: ProviderCalendarId,
      members: Pick<Recurring, "timing"> & Partial<Recurring>
    ) => Effect.Effect<string>
    /** A new start takes the end along, unless that is named too. */
    readonly change: (providerId: string, members: Partial<Meeting>) => Effect.Effect<void>
    /** A single meeting turns into a series in place, under the same id; and back. */
    readonly makeRecurring: (providerId: string, timing: Recurring["timing"]) => Effect.Effect<void>
    readonly makeSingle: (providerId: string, times: Times) => Effect.Effect<void>
    /** A new timing forgets what was changed or taken out under the old one. */
    /** Its answer, people, categories and the like; what is not said stays. */
    readonly setFacts: (providerId: string, members: Partial<ToldFacts>) => Effect.Effect<void>
    readonly changeSeries: (providerId: string, members: Partial<Recurring>) => Effect.Effect<void>
    readonly changeOccurrence: (seriesId: string, date: LocalDate, members: Otherwise) => Effect.Effect<void>
    readonly deleteOccurrence: (seriesId: string, date: LocalDate) => Effect.Effect<void>
    /** An event, or a series with all its occurrences. */
    readonly remove: (providerId: string) => Effect.Effect<void>
    /** What takes place in a span, whole, cancelled meetings too. */
    readonly taking: (calendarId: ProviderCalendarId, span: Span) => Effect.Effect<ReadonlyArray<ProviderEvent>>

    /** Taken back by the user or an administrator; the same credentials open it again once it is granted anew. */
    readonly setRevoked: (accountId: string, isRevoked: boolean) => Effect.Effect<void>
    readonly setSecretExpired: (accountId: string, isExpired: boolean) => Effect.Effect<void>
    /** Every request is refused with a time to wait, until that instant. */
    readonly throttle: (accountId: string, until: Instant) => Effect.Effect<void>
    /** Rounds tell occurrences without the series they are of, as some providers do now and then. */
    readonly leaveOutMasters: (calendarId: ProviderCalendarId, withoutMasters: boolean) => Effect.Effect<void>
    readonly forgetCursors: (calendarId: ProviderCalendarId) => Effect.Effect<void>
    /** Every subscription of the calendar is gone, and nobody is told. */
    readonly forgetSubscriptions: (calendarId: ProviderCalendarId) => Effect.Effect<void>
    /** Null: it can be subscribed to. */
    readonly refuseSubscriptions: (
      calendarId: ProviderCalendarId,
      refusal: { readonly code: string; readonly message: string } | null
    ) => Effect.Effect<void>
    /** The next `times` questions for a series by its id are answered "not there", while rounds go on telling of it. */
    readonly hideSeries: (providerId: string, times: number) => Effect.Effect<void>
    /** The next `times` requests fail with `Unavailable`. */
    readonly failNext: FailNext

    /** What the provider would have posted since this was last asked, oldest first. */
    readonly takeNotifications: Effect.Effect<ReadonlyArray<Notification>>
    /** Every request that reached the provider. */
    readonly requests: Effect.Effect<ReadonlyArray<ProviderRequest>>
  }
>()("@punctual/core/testing/memory/CalendarMemory/CalendarControl") {}

export interface Options extends SessionOptions {
  /** An access token is good for this long; then the refresh token is used, and rotated. */
  readonly accessTokenMillis: number
  /** Names under which the mailbox can be connected to: several of them are kinds of provider with the same accounts. */
  readonly platforms: ReadonlyArray<string>
}

const minute = 60_000

export const defaultOptions: Options = {
  pageSize: 50,
  subscriptionMillis: 10_000 * minute,
  notificationUrl: "https://punctual.example.com/webhooks/calendar",
  accessTokenMillis: 60 * minute,
  platforms: ["memory_calendar"]
}

/** The providers and their control, sharing one mailbox. */
export const layerWith = (
  options: Partial<Options>
): Layer.Layer<CalendarProvider | CalendarProviders | CalendarControl> =>
  Layer.effectContext(Effect.sync(() => make({ ...defaultOptions, ...options })))

export const layer: Layer.Layer<CalendarProvider | CalendarProviders | CalendarControl> = layerWith({})

const make = (options: Options): Context.Context<CalendarProvider | CalendarProviders | CalendarControl> => {
  const world = emptyWorld()
  const faults = makeFaults((operation) => {
    const reason = new Unavailable({ message: `${operation}: asked to fail by a test` })
    return new CalendarError({ operation, reason })
  })
  const providers = options.platforms.map((platform) => providerOf(world, faults, options, platform))
  const [first] = providers
  if (first === undefined) throw new Error("the in-memory calendar has at least one platform")
  return Context.make(CalendarProvider, first).pipe(
    Context.add(CalendarProviders, CalendarProviders.of({ all: providers })),
    Context.add(CalendarControl, CalendarControl.of({ ...editing(world), ...disturbing(world, faults) }))
  )
}

const providerOf = (world: World, faults: Faults<CalendarError>, options: Options, platform: string): Provider => {
  const accesses = new Map<string, Access>()
  return CalendarProvider.of({
    platform,
    capabilities: {
      idsUniqueIn: "account",
      subscriptions: options.notificationUrl !== null,
      notificationUrl: options.notificationUrl
    },
    verify: (credentials) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) =>
        faults.guard(
          "verify",
          Effect.map(enter(world, "verify", Redacted.value(credentials), now), ({ accountId }) => ({
            profile: profileOf(world, accountId),
            credentials: rotate(world, credentials, now)
          }))
        )
      ),
    open: (opening) =>
      Effect.sync(() => {
        const { credentials, ref } = opening
        const id = `${ref.connectionId}/${ref.generation}/${ref.version}`
        const access = accesses.get(id) ?? { credentials, until: 0, backOffUntil: 0 }
        accesses.set(id, access)
        return sessionOf(world, asking(world, faults, access, opening, options.accessTokenMillis), options)
      })
  })
}

type Control = CalendarControl["Service"]

const editing = (world: World) => {
  const edit = <A>(run: (now: Instant) => A): Effect.Effect<A> => Effect.map(Clock.currentTimeMillis, run)
  return {
    addAccount: (members = {}) =>
      edit((now) => {
        const accountId = members.accountId ?? nameOf(world, "account-")
        const { clientId, clientSecret } = addAccount(world, { accountId, email: null, name: null, ...members })
        return { accountId, clientId, clientSecret, refreshToken: tokenOf(world, accountId), obtainedAt: now }
      }),
    addCalendar: (accountId, members = {}) => edit(() => Edits.addCalendar(world, accountId, members)),
    changeCalendar: (calendarId, members) =>
      edit(() => {
        const calendar = must(world.calendars.get(calendarId), calendarId)
        world.calendars.set(calendarId, { ...calendar, listing: { ...calendar.listing, ...members } })
      }),
    removeCalendar: (calendarId) => edit(() => void world.calendars.delete(calendarId)),
    create: (calendarId, members = {}) => edit((now) => Edits.create(world, calendarId, members, now)),
    createSeries: (calendarId, members) => edit((now) => Edits.createSeries(world, calendarId, members, now)),
    change: (id, members) => edit((now) => Edits.change(world, id, members, now)),
    makeRecurring: (id, timing) => edit((now) => Edits.makeRecurring(world, id, timing, now)),
    makeSingle: (id, times) => edit((now) => Edits.makeSingle(world, id, times, now)),
    setFacts: (id, members) => edit((now) => Edits.setFacts(world, id, members, now)),
    changeSeries: (id, members) => edit((now) => Edits.changeSeries(world, id, members, now)),
    changeOccurrence: (id, date, members) => edit((now) => Edits.changeOccurrence(world, id, date, members, now)),
    deleteOccurrence: (id, date) => edit((now) => Edits.deleteOccurrence(world, id, date, now)),
    remove: (id) => edit((now) => Edits.remove(world, id, now)),
    taking: (calendarId, span) => edit(() => itemsOf(world, calendarId).flatMap((item) => eventsIn(item, span)))
  } satisfies Partial<Control>
}

const disturbing = (world: World, faults: Faults<CalendarError>) => {
  const account = (id: string, members: Partial<Account>) =>
    Effect.sync(() => void world.accounts.set(id, { ...must(world.accounts.get(id), id), ...members }))
  return {
    setRevoked: (accountId, isRevoked) => account(accountId, { isRevoked }),
    setSecretExpired: (accountId, isSecretExpired) => account(accountId, { isSecretExpired }),
    throttle: (accountId, throttledUntil) => account(accountId, { throttledUntil }),
    leaveOutMasters: (calendarId, withoutMasters) =>
      Effect.sync(() => {
        world.calendars.set(calendarId, { ...must(world.calendars.get(calendarId), calendarId), withoutMasters })
      }),
    forgetCursors: (calendarId) =>
      Effect.sync(() => {
        const calendar = must(world.calendars.get(calendarId), calendarId)
        world.calendars.set(calendarId, { ...calendar, epoch: calendar.epoch + 1 })
      }),
    forgetSubscriptions: (calendarId) =>
      Effect.sync(() => {
        for (const [id, held] of world.subscriptions) if (held.calendarId === calendarId) world.subscriptions.delete(id)
      }),
    refuseSubscriptions: (calendarId, refusal) =>
      Effect.sync(() => {
        world.calendars.set(calendarId, { ...must(world.calendars.get(calendarId), calendarId), refusal })
      }),
    hideSeries: (providerId, times) => Effect.sync(() => void world.hidden.set(providerId, times)),
    failNext: faults.failNext,
    takeNotifications: Effect.sync(() => world.notifications.splice(0)),
    requests: Effect.sync(() => [...world.requests])
  } satisfies Partial<Control>
}

const addAccount = (world: World, profile: Profile): Account => {
  const account: Account = {
    profile,
    clientId: "client",
    clientSecret: "secret",
    isRevoked: false,
    isSecretExpired: false,
    throttledUntil: 0
  }
  world.accounts.set(profile.accountId, account)
  return account
}
