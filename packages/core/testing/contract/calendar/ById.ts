/**
 * What a calendar provider promises about questions by id, accounts and subscriptions. Uses the port, and the stage to
 * have something to ask for.
 */
import { isDeclined } from "../../../src/domain/Facts.ts"
import { assert } from "@effect/vitest"
import { Clock, DateTime, Effect, Option, Redacted, Stream } from "effect"
import { CalendarProvider } from "../../../src/ports/CalendarProvider.ts"
import type { It, Needing } from "./Needs.ts"
import { read } from "./Reader.ts"
import { CalendarStage, day, hour, minute, open, opened, refusal } from "./Stage.ts"

export const cases = (it: It, needing: Needing): void => {
  asking(it)
  accounts(it, needing)
  subscriptions(needing)
}

const asking = (it: It): void => {
  it.effect("MUST answer an event by id, wherever it lies, and none once it is gone", () =>
    Effect.gen(function* () {
      const stage = yield* CalendarStage
      const { calendarId, now, session } = yield* opened
      const start = Math.floor(now / minute) * minute + 400 * day
      const id = yield* stage.create(calendarId, start, "far away")
      const found = Option.getOrThrow(yield* session.event(calendarId, id))
      assert.deepStrictEqual([found.providerId, found.start, found.subject], [id, start, "far away"])
      yield* stage.remove(calendarId, id)
      assert.isTrue(Option.isNone(yield* session.event(calendarId, id)))
    })
  )

  it.effect("MUST answer an occurrence by id whole, and none once it is taken out", () =>
    Effect.gen(function* () {
      const stage = yield* CalendarStage
      const { calendarId, now, session } = yield* opened
      const series = yield* stage.createDaily(calendarId, dateOf(now), 0, "Daily")
      const midnight = Math.floor(now / day) * day + 3 * day
      const { reading } = yield* read(session, calendarId, { window: { from: now, to: now + 9 * day } })
      const [id] = [...reading].find(([, { start }]) => start === midnight) ?? assert.fail("no occurrence")
      const found = Option.getOrThrow(yield* session.event(calendarId, id))
      const { end, isAllDay, isCancelled, kind, seriesProviderId, start, subject, zone } = found
      assert.deepStrictEqual(
        { end, isAllDay, isCancelled, kind, seriesProviderId, start, subject, zone },
        {
          end: midnight + 30 * minute,
          isAllDay: false,
          isCancelled: false,
          kind: "occurrence",
          seriesProviderId: series,
          start: midnight,
          subject: "Daily",
          zone: "UTC"
        }
      )
      assert.isAtLeast(found.updatedAt, found.createdAt)
      yield* stage.moveOccurrence(calendarId, series, dateOf(midnight), midnight + hour)
      const moved = Option.getOrThrow(yield* session.event(calendarId, id))
      assert.deepStrictEqual([moved.kind, moved.start, moved.originalStart], ["exception", midnight + hour, midnight])
      yield* stage.deleteOccurrence(calendarId, series, dateOf(midnight))
      assert.isTrue(Option.isNone(yield* session.event(calendarId, id)))
    })
  )

  it.effect("MUST answer a series by id with what differs from its pattern, and none once it is gone", () =>
    Effect.gen(function* () {
      const stage = yield* CalendarStage
      const { calendarId, now, session } = yield* opened
      const series = yield* stage.createDaily(calendarId, dateOf(now), 9 * hour, "Daily")
      const regular = Option.getOrThrow(yield* session.series(calendarId, series))
      assert.deepStrictEqual([regular.cancelledDates, regular.exceptions], [[], []])
      assert.deepStrictEqual([regular.subject, regular.isCancelled, isDeclined(regular)], ["Daily", false, false])
      assert.isAtLeast(regular.updatedAt, regular.createdAt)
      assert.isNotEmpty(regular.iCalUid)
      const { startDate, startTime, durationMillis } = regular.timing ?? assert.fail("no timing")
      assert.deepStrictEqual([startDate, startTime, durationMillis], [dateOf(now), 9 * hour, 30 * minute])
      const moved = Math.floor(now / day) * day + 2 * day + 15 * hour
      yield* stage.moveOccurrence(calendarId, series, dateOf(now + 2 * day), moved)
      yield* stage.deleteOccurrence(calendarId, series, dateOf(now + 3 * day))
      const told = Option.getOrThrow(yield* session.series(calendarId, series))
      assert.deepStrictEqual(told.cancelledDates, [dateOf(now + 3 * day)])
      assert.deepStrictEqual(
        told.exceptions?.map(({ start }) => start),
        [moved]
      )
      yield* stage.remove(calendarId, series)
      assert.isTrue(Option.isNone(yield* session.series(calendarId, series)))
    })
  )
}

const accounts = (it: It, needing: Needing): void => {
  it.effect("MUST verify credentials for real, say whose they are, and hand back those to keep", () =>
    Effect.gen(function* () {
      const stage = yield* CalendarStage
      const provider = yield* CalendarProvider
      const account = yield* stage.account
      const { credentials, profile } = yield* provider.verify(account.credentials)
      assert.strictEqual(profile.accountId, account.accountId)
      const { session } = yield* open(account, credentials)
      assert.deepStrictEqual(yield* session.profile, profile)
      const wrong = Redacted.make({ ...Redacted.value(account.credentials), clientSecret: "wrong" })
      const { reason } = yield* Effect.flip(provider.verify(wrong))
      assert.deepStrictEqual(reason._tag === "SecretRejected" ? reason.expired : reason._tag, false)
    })
  )

  needing("accounts", "addCalendar")("MUST list the account's calendars and no others", () =>
    Effect.gen(function* () {
      const stage = yield* CalendarStage
      const account = yield* opened
      yield* opened
      const second = yield* stage.addCalendar(account)
      const listed = yield* account.session.calendars
      assert.sameDeepMembers(
        listed.map(({ isPrimary, providerId }) => ({ id: providerId, isPrimary })),
        [
          { id: account.calendarId, isPrimary: true },
          { id: second, isPrimary: false }
        ]
      )
      for (const { color } of listed) assert.match(color, /^#[0-9a-f]{6}$/i)
    })
  )

  it.effect("MUST hand over rotated credentials that open the account again", () =>
    Effect.gen(function* () {
      const { rotated, session, ...account } = yield* opened
      yield* session.profile
      for (const credentials of rotated) {
        const again = yield* open(account, credentials)
        assert.strictEqual((yield* again.session.profile).accountId, account.accountId)
      }
    })
  )

  needing("revoke")("MUST say that a grant was revoked, which only the user can mend", () =>
    Effect.gen(function* () {
      const stage = yield* CalendarStage
      const provider = yield* CalendarProvider
      const account = yield* stage.account
      yield* stage.revoke(account)
      const error = yield* Effect.flip(provider.verify(account.credentials))
      assert.deepStrictEqual([error.reason._tag, error.needsUser, error.isRetryable], ["GrantRevoked", true, false])
      const { session } = yield* open(account)
      assert.strictEqual(yield* refusal(session.calendars), "GrantRevoked")
    })
  )

  needing("accounts", "throttle")("MUST say how long a throttled mailbox is to be left alone, and leave it alone", () =>
    Effect.gen(function* () {
      const stage = yield* CalendarStage
      const account = yield* opened
      yield* account.session.calendars
      yield* stage.throttle(account)
      for (const ask of [Effect.asVoid(account.session.calendars), Effect.asVoid(account.session.profile)]) {
        const { isRetryable, reason } = yield* Effect.flip(ask)
        assert.strictEqual(reason._tag, "Throttled")
        assert.isTrue(isRetryable)
        const waitMillis = reason._tag === "Throttled" ? reason.retryAfterMillis : 0
        assert.isTrue(waitMillis > 0 && waitMillis <= 2 * minute, `${waitMillis}`)
      }
      const other = yield* opened
      yield* other.session.calendars
    })
  )
}

const subscriptions = (needing: Needing): void => {
  needing("accounts")("MUST not ask a mailbox before it may", () =>
    Effect.gen(function* () {
      const stage = yield* CalendarStage
      const now = yield* Clock.currentTimeMillis
      const [account, another] = [yield* stage.account, yield* stage.account]
      const early = yield* open(account, account.credentials, now + hour)
      const { reason } = yield* Effect.flip(early.session.calendars)
      const waitMillis = reason._tag === "Throttled" ? reason.retryAfterMillis : 0
      assert.isTrue(waitMillis > 59 * minute && waitMillis <= hour, `${reason._tag} ${waitMillis}`)
      const due = yield* open(another, another.credentials, now)
      yield* due.session.calendars
    })
  )

  needing(
    "accounts",
    "subscribe",
    "listSubscriptions"
  )("MUST subscribe, list, renew and unsubscribe", () =>
    Effect.gen(function* () {
      const provider = yield* CalendarProvider
      const { calendarId, now, session } = yield* opened
      // Another account's are nobody's business.
      const other = yield* opened
      yield* other.session.subscribe(other.calendarId)
      const granted = yield* session.subscribe(calendarId)
      assert.isAbove(granted.expiresAt, now)
      assert.isNotEmpty(Redacted.value(granted.clientState))
      const [listed, ...others] = yield* session.subscriptions
      assert.deepStrictEqual(others, [])
      const { id, notificationUrl } = listed ?? assert.fail("nothing is listed")
      assert.deepStrictEqual([id, notificationUrl], [granted.id, provider.capabilities.notificationUrl])
      const renewed = yield* session.renew(calendarId, granted.id)
      assert.isAtLeast(renewed.expiresAt, granted.expiresAt)
      assert.deepInclude(
        (yield* session.subscriptions).map((each) => [each.id, each.expiresAt]),
        [renewed.id, renewed.expiresAt]
      )
      for (const gone of [renewed.id, granted.id, granted.id]) yield* session.unsubscribe(gone)
      assert.deepStrictEqual(yield* session.subscriptions, [])
      assert.strictEqual(yield* refusal(session.renew(calendarId, granted.id)), "SubscriptionGone")
    })
  )

  needing("subscribe")("MUST let a subscription live on, as it is or as another with a state of its own", () =>
    Effect.gen(function* () {
      const { calendarId, session } = yield* opened
      const granted = yield* session.subscribe(calendarId)
      const renewed = yield* session.renew(calendarId, granted.id)
      assert.isAtLeast(renewed.expiresAt, granted.expiresAt)
      assert.strictEqual(renewed.clientState === null, renewed.id === granted.id)
      for (const gone of [renewed.id, granted.id, granted.id]) yield* session.unsubscribe(gone)
    })
  )

  needing("subscribe")("MUST give each subscription a state of its own", () =>
    Effect.gen(function* () {
      const { calendarId, session } = yield* opened
      const states = [yield* session.subscribe(calendarId), yield* session.subscribe(calendarId)]
      assert.strictEqual(new Set(states.map(({ clientState }) => Redacted.value(clientState))).size, 2)
      assert.strictEqual(new Set(states.map(({ id }) => id)).size, 2)
    })
  )

  needing("refuseSubscriptions", "subscribe")(
    "MUST say that a calendar can't be subscribed to, which can be read all the same",
    () =>
      Effect.gen(function* () {
        const stage = yield* CalendarStage
        const { calendarId, now, session } = yield* opened
        yield* stage.refuseSubscriptions(calendarId)
        const { isRetryable, reason } = yield* Effect.flip(session.subscribe(calendarId))
        assert.deepStrictEqual([reason._tag, isRetryable], ["NotSubscribable", false])
        yield* Stream.runDrain(session.changes(calendarId, { window: { from: now, to: now + day } }))
      })
  )
}

const dateOf = (instant: number): string => DateTime.formatIsoDateUtc(DateTime.makeUnsafe(instant))
