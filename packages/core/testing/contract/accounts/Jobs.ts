/**
 * What accounts promise about daily jobs and sign-ins under way. Uses the port alone.
 */
import { assert, type Vitest } from "@effect/vitest"
import { Effect, Option } from "effect"
import { Accounts } from "../../../accounts/Accounts.ts"
import type { UserId } from "../../../src/domain/Ids.ts"
import { freshName, freshUserId } from "../../rows/Fresh.ts"

const now = 1_795_000_000_000
const minute = 60_000
const date = "2026-11-18"

export const cases = (it: Vitest.MethodsNonLive<Accounts>): void => {
  jobs(it)
  consents(it)
}

const jobs = (it: Vitest.MethodsNonLive<Accounts>): void => {
  it.effect("MUST let a job of a date be claimed once, whoever races for it", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const job = yield* freshName
      const claim = accounts.claimJob(job, date, { now, staleBefore: now - minute })
      const claims = yield* Effect.all(
        Array.from({ length: 8 }, () => claim),
        { concurrency: "unbounded" }
      )
      assert.lengthOf(claims.filter(Boolean), 1)
      assert.isFalse(yield* claim)
    })
  )

  it.effect("MUST keep jobs and dates apart", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const job = yield* freshName
      const claim = { now, staleBefore: now - minute }
      assert.isTrue(yield* accounts.claimJob(job, date, claim))
      assert.isTrue(yield* accounts.claimJob(job, "2026-11-19", claim))
      assert.isTrue(yield* accounts.claimJob(`${job}2`, date, claim))
    })
  )

  it.effect("MUST let a claim be taken over that is older than what counts as stale, once", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const job = yield* freshName
      yield* accounts.claimJob(job, date, { now, staleBefore: 0 })
      assert.isFalse(yield* accounts.claimJob(job, date, { now: now + minute, staleBefore: now }))
      const takeOver = accounts.claimJob(job, date, { now: now + minute, staleBefore: now + 1 })
      const claims = yield* Effect.all(
        Array.from({ length: 8 }, () => takeOver),
        { concurrency: "unbounded" }
      )
      assert.lengthOf(claims.filter(Boolean), 1)
    })
  )

  it.effect("MUST never let a finished job be claimed again", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const job = yield* freshName
      yield* accounts.claimJob(job, date, { now, staleBefore: 0 })
      yield* accounts.finishJob(job, date, now + 1)
      assert.isFalse(yield* accounts.claimJob(job, date, { now: now + 9 * minute, staleBefore: now + 8 * minute }))
    })
  )

  it.effect("MUST remember how far a job has come, also for whoever takes it over", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const job = yield* freshName
      assert.deepStrictEqual(yield* accounts.jobProgress(job, date), Option.none())
      yield* accounts.claimJob(job, date, { now, staleBefore: 0 })
      assert.deepStrictEqual(yield* accounts.jobProgress(job, date), Option.none())
      yield* accounts.saveJobProgress(job, date, "usr_b" as UserId, now + 1)
      yield* accounts.saveJobProgress(job, date, "usr_c" as UserId, now + 2)
      assert.isTrue(yield* accounts.claimJob(job, date, { now: now + minute, staleBefore: now + 3 }))
      assert.deepStrictEqual(yield* accounts.jobProgress(job, date), Option.some("usr_c" as UserId))
      assert.deepStrictEqual(yield* accounts.jobProgress(job, "2026-11-19"), Option.none())
    })
  )

  it.effect("SHOULD count a claim as fresh for as long as its progress is saved", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const job = yield* freshName
      yield* accounts.claimJob(job, date, { now, staleBefore: 0 })
      yield* accounts.saveJobProgress(job, date, "usr_a" as UserId, now + minute)
      assert.isFalse(yield* accounts.claimJob(job, date, { now: now + minute + 1, staleBefore: now + minute }))
    })
  )
}

const consents = (it: Vitest.MethodsNonLive<Accounts>): void => {
  it.effect("MUST give a consent state to the first taker and nothing to the next", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const state = yield* freshConsent
      yield* accounts.putConsent(state)
      const take = accounts.takeConsent(state.digest, now)
      const taken = yield* Effect.all(
        Array.from({ length: 8 }, () => take),
        { concurrency: "unbounded" }
      )
      const { userId, verifier } = state
      assert.deepStrictEqual(taken.filter(Option.isSome), [Option.some({ userId, verifier })])
      assert.deepStrictEqual(yield* take, Option.none())
    })
  )

  it.effect("MUST give a consent state to nobody after it expired, or under another digest", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const state = yield* freshConsent
      yield* accounts.putConsent(state)
      assert.deepStrictEqual(yield* accounts.takeConsent(`${state.digest}x`, now), Option.none())
      assert.deepStrictEqual(yield* accounts.takeConsent(state.digest, state.expiresAt), Option.none())
      assert.deepStrictEqual(yield* accounts.takeConsent(state.digest, now), Option.none())
    })
  )

  it.effect("MUST purge the consent states that expired and no others", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const [old, young] = [yield* freshConsent, { ...(yield* freshConsent), expiresAt: now + 9 * minute }]
      yield* accounts.putConsent(old)
      yield* accounts.putConsent(young)
      yield* accounts.purge(now + minute)
      assert.deepStrictEqual(yield* accounts.takeConsent(old.digest, now), Option.none())
      assert.isTrue(Option.isSome(yield* accounts.takeConsent(young.digest, now)))
    })
  )
}

const freshConsent = Effect.map(Effect.all([freshName, freshUserId]), ([digest, userId]) => ({
  digest,
  userId,
  verifier: "verifier–1",
  expiresAt: now + minute
}))
