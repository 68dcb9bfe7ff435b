/**
 * What a store promises about claims: who is next, one holder at a time, and nothing written by one who lost the claim.
 * Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect, Option, Stream } from "effect"
import type { CalendarId } from "../../../src/domain/Ids.ts"
import type { Instant } from "../../../src/domain/Time.ts"
import { type Claim, Store, type StoreError } from "../../../src/ports/Store.ts"
import { freshUserId } from "../../rows/Fresh.ts"
import { day, event, hour, minute, now } from "./Rows.ts"
import { type It, type User, claimed, connected, refusal, round, sliceOf } from "./Users.ts"

export const cases = (it: It): void => {
  it.effect("MUST hand out the calendar that is longest due, and one that is due only", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      yield* store.patchCalendar(user.connection, user.primary, { dueAt: now + hour })
      yield* store.patchCalendar(user.connection, user.second, { dueAt: now + minute })
      assert.deepStrictEqual(yield* nextOf(user, now + minute - 1), [])
      assert.deepStrictEqual(yield* nextOf(user, now + minute), [user.second])
      yield* store.patchCalendar(user.connection, user.second, { dueAt: now + hour + 1 })
      assert.deepStrictEqual(yield* nextOf(user, now + day), [user.primary, user.second])
    })
  )

  it.effect("MUST claim with the connection and calendar as they are, and the sync generation raised", () =>
    Effect.gen(function* () {
      const user = yield* connected({ generation: 3 })
      const before = yield* calendarOf(user, user.primary)
      const claim = yield* claimed(user, user.primary)
      assert.strictEqual(claim.userId, user.userId)
      assert.deepStrictEqual(claim.connection, user.connection)
      assert.strictEqual(claim.leaseUntil, now + minute)
      assert.isAbove(claim.calendar.syncGeneration, before.syncGeneration)
      const { leaseUntil: _held, syncGeneration: _raised, ...members } = claim.calendar
      const { leaseUntil: _free, syncGeneration: _before, ...expected } = before
      assert.deepStrictEqual(members, expected)
    })
  )

  it.effect("MUST hand out nothing of a deselected calendar or a connection that can't be asked", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const deselected = yield* connected()
      yield* store.patchCalendar(deselected.connection, deselected.primary, { selected: false })
      assert.deepStrictEqual(yield* nextOf(deselected, now), [deselected.second])
      assert.isFalse(yield* isClaimable(deselected, deselected.primary, now + hour))
      for (const status of ["reauthorization_required", "error", "disconnected"] as const) {
        const user = yield* connected()
        yield* store.saveConnection({ ...user.connection, status, revision: 2 }, 1)
        assert.deepStrictEqual(yield* nextOf(user, now + day), [], status)
        assert.isFalse(yield* isClaimable(user, user.primary, now), status)
      }
    })
  )

  it.effect("MUST hand out nothing before the provider may be asked again", () =>
    Effect.gen(function* () {
      const user = yield* connected({ notBefore: now + hour })
      assert.deepStrictEqual(yield* nextOf(user, now + hour - 1), [])
      assert.sameMembers(yield* nextOf(user, now + hour), [user.primary, user.second])
    })
  )

  it.effect("MUST claim a named calendar whether it is due or not, and none that is not there", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      yield* store.patchCalendar(user.connection, user.primary, { dueAt: now + day })
      assert.isTrue(yield* isClaimable(user, user.primary, now))
      assert.isFalse(yield* isClaimable(user, "AAMk=gone" as CalendarId, now))
      const stranger = yield* store.claimCalendar(yield* freshUserId, user.second, now, now + minute)
      assert.deepStrictEqual(stranger, Option.none())
    })
  )

  it.effect("MUST let nobody else claim until the lease has run out, and then anybody", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      const first = yield* claimed(user, user.primary)
      assert.isFalse(yield* isClaimable(user, user.primary, first.leaseUntil - 1))
      assert.deepStrictEqual(yield* nextOf(user, first.leaseUntil - 1), [user.second])
      const second = yield* claimed(user, user.primary, first.leaseUntil)
      assert.isAbove(second.calendar.syncGeneration, first.calendar.syncGeneration)
    })
  )

  it.effect("MUST give one calendar to one of several claimants", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const claim = store.claimCalendar(user.userId, user.primary, now, now + minute)
      const claims = yield* Effect.all(
        Array.from({ length: 8 }, () => claim),
        { concurrency: "unbounded" }
      )
      assert.lengthOf(claims.filter(Option.isSome), 1)
      const next = store.claimNext(now, now + minute, [])
      const handed = yield* Effect.all(
        Array.from({ length: 8 }, () => next),
        { concurrency: "unbounded" }
      )
      const names = handed.filter(Option.isSome).map(({ value }) => `${value.userId} ${value.calendar.id}`)
      assert.strictEqual(new Set(names).size, names.length)
    })
  )

  it.effect("MUST extend a lease for its holder", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const claim = yield* claimed(user, user.primary)
      yield* store.extendLease(claim, now + hour)
      assert.isFalse(yield* isClaimable(user, user.primary, now + hour - 1))
      assert.isTrue(yield* isClaimable(user, user.primary, now + hour))
    })
  )

  it.effect("MUST end a complete round: cursor, window, times, status, lease", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      yield* store.patchCalendar(user.connection, user.primary, { syncStatus: "failed", syncError: "before" })
      const claim = yield* claimed(user, user.primary)
      yield* store.finishPass(claim, { ...round, syncedAt: now + 3, basedAt: now + 2 })
      const after = yield* calendarOf(user, user.primary)
      assert.deepStrictEqual(after, {
        ...claim.calendar,
        cursor: round.cursor,
        window: round.window,
        basedAt: now + 2,
        lastSyncedAt: now + 3,
        syncStatus: "ok",
        syncError: null,
        dueAt: round.dueAt,
        leaseUntil: null
      })
      assert.deepStrictEqual(yield* nextOf(user, round.dueAt - 1), [user.second])
    })
  )

  it.effect("MUST make a calendar due again soon when it was marked during its round, and not when before", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const mark = (at: Instant) => store.markChanged([{ userId: user.userId, calendarId: user.primary }], at)
      yield* mark(now)
      yield* store.finishPass(yield* claimed(user, user.primary), round)
      assert.deepStrictEqual(yield* nextOf(user, now + 1), [user.second])
      const claim = yield* claimed(user, user.primary, now + minute)
      yield* mark(now + minute)
      const syncedAt = now + minute + 1
      const againAt = syncedAt + 500
      yield* store.finishPass(claim, { ...round, syncedAt, againAt, dueAt: now + hour })
      assert.deepStrictEqual(yield* nextOf(user, againAt - 1), [user.second])
      // The other one has been due for longer.
      assert.deepStrictEqual(yield* nextOf(user, againAt), [user.second, user.primary])
      // Never later than it would have been without.
      const again = yield* claimed(user, user.primary, now + 2 * minute)
      yield* mark(now + 2 * minute)
      yield* store.finishPass(again, { ...round, againAt: now + hour, dueAt: now + 3 * minute })
      assert.strictEqual((yield* calendarOf(user, user.primary)).dueAt, now + 3 * minute)
    })
  )

  it.effect("MUST end a failed round: status, error, back-off, lease; the cursor stays unless it is reset", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      yield* store.finishPass(yield* claimed(user, user.primary), round)
      const failure = {
        syncStatus: "failed" as const,
        syncError: "The provider said 503",
        endedAt: now,
        dueAt: now + hour,
        reset: false
      }
      const claim = yield* claimed(user, user.primary)
      yield* store.failPass(claim, failure)
      const { endedAt: _ended, reset: _kept, ...told } = failure
      assert.deepStrictEqual(yield* calendarOf(user, user.primary), { ...claim.calendar, ...told, leaseUntil: null })
      assert.isTrue(yield* isClaimable(user, user.primary, now))
      const another = yield* claimed(user, user.primary, now + minute)
      yield* store.failPass(another, { ...failure, syncStatus: "stale", reset: true })
      const after = yield* calendarOf(user, user.primary)
      assert.deepStrictEqual([after.cursor, after.window, after.syncStatus], [null, null, "stale"])
    })
  )

  it.effect("MUST fence everything of a claimant whose claim was taken over", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      const claim = yield* claimed(user, user.primary)
      yield* claimed(user, user.primary, claim.leaseUntil)
      yield* assertFenced(user, claim)
    })
  )

  it.effect("MUST fence everything of a claimant whose calendar was deselected, also when it is selected again", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const claim = yield* claimed(user, user.primary)
      yield* store.patchCalendar(user.connection, user.primary, { selected: false })
      yield* assertFenced(user, claim)
      yield* store.patchCalendar(user.connection, user.primary, { selected: true })
      yield* assertFenced(user, claim)
    })
  )

  it.effect("MUST fence everything of a claimant whose connection was replaced", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const claim = yield* claimed(user, user.primary)
      yield* store.saveConnection({ ...user.connection, revision: 2, generation: 2 }, 1)
      yield* assertFenced(user, claim)
    })
  )

  it.effect("MUST let a claimant go on while only its grant or its lease has run out", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const claim = yield* claimed(user, user.primary)
      yield* store.saveConnection({ ...user.connection, revision: 2, status: "reauthorization_required" }, 1)
      assert.strictEqual(yield* store.putMirror(claim, { events: [event("a", user.primary)], series: [] }), 1)
      yield* store.finishPass(claim, round)
    })
  )

  it.effect("MUST say when the next claim will be possible", () =>
    Effect.gen(function* () {
      const store = yield* Store
      // Long before any other case's calendars.
      const early = 1_000_000
      const user = yield* connected()
      yield* store.patchCalendar(user.connection, user.primary, { dueAt: early })
      yield* store.patchCalendar(user.connection, user.second, { dueAt: early + hour })
      assert.deepStrictEqual(yield* store.nextDue([]), Option.some(early))
      const claim = yield* store.claimCalendar(user.userId, user.primary, early, early + minute)
      assert.deepStrictEqual(yield* store.nextDue([]), Option.some(early + minute))
      yield* store.saveConnection({ ...user.connection, revision: 2, notBefore: early + 2 * hour }, 1)
      assert.deepStrictEqual(yield* store.nextDue([]), Option.some(early + 2 * hour))
      yield* store.saveConnection({ ...user.connection, revision: 3, status: "error" }, 2)
      assert.isTrue(Option.isSome(claim))
      assert.isAbove(
        Option.getOrElse(yield* store.nextDue([]), () => Infinity),
        early + day
      )
    })
  )
}

/** The user's calendars that `claimNext` hands out at an instant, in order; other cases' are claimed on the way. */
const nextOf = Effect.fnUntraced(function* (
  user: User,
  at: Instant
): Effect.fn.Return<Array<CalendarId>, StoreError, Store> {
  const store = yield* Store
  // Leases of a millisecond: the next look, a millisecond later at the earliest, finds them free again.
  return yield* Stream.fromEffectRepeat(store.claimNext(at, at + 1, [])).pipe(
    Stream.takeWhile(Option.isSome),
    Stream.filter(({ value }) => value.userId === user.userId),
    Stream.map(({ value }) => value.calendar.id),
    Stream.runCollect
  )
})

/** Whether the calendar can be claimed by name; if so it is free again a millisecond later. */
const isClaimable = (user: User, calendarId: CalendarId, at: Instant): Effect.Effect<boolean, StoreError, Store> =>
  Store.use((store) => Effect.map(store.claimCalendar(user.userId, calendarId, at, at + 1), Option.isSome))

const calendarOf = Effect.fnUntraced(function* (user: User, calendarId: CalendarId) {
  const store: Store["Service"] = yield* Store
  const found = (yield* store.calendars(user.userId)).find(({ id }) => id === calendarId)
  return found ?? assert.fail(`no calendar ${calendarId}`)
})

/** Every write of a claim is refused and leaves no trace. */
const assertFenced = Effect.fnUntraced(function* (user: User, claim: Claim) {
  const store: Store["Service"] = yield* Store
  const before = yield* sliceOf(user)
  const failure = { syncStatus: "failed" as const, syncError: "late", endedAt: now, dueAt: now, reset: true }
  const writes = [
    store.putMirror(claim, { events: [event("late", claim.calendar.id)], series: [] }),
    store.finishPass(claim, { ...round, cursor: "late" }),
    store.failPass(claim, failure),
    store.extendLease(claim, now + day)
  ]
  for (const write of writes) assert.strictEqual(yield* refusal<unknown>(write), "Fenced")
  assert.deepStrictEqual(yield* sliceOf(user), before)
})
