/**
 * What accounts promise about requests that come twice. Uses the port alone.
 */
import { assert, type Vitest } from "@effect/vitest"
import { Effect } from "effect"
import { Accounts, type IdempotencyKey } from "../../../accounts/Accounts.ts"
import { freshUserId } from "../../rows/Fresh.ts"

const now = 1_795_000_000_000
const minute = 60_000
const day = 1_440 * minute

/** A request with its lease and the time its answer is kept. */
const request = (at: number, digest = "digest a") => ({
  digest,
  now: at,
  leaseUntil: at + minute,
  keepUntil: at + day
})

const answer = (at: number) => ({
  status: 201,
  body: `{"bot_id":"bot_1","name":"Zoë"}`,
  keepUntil: at + day,
  leaseUntil: now + minute
})

export const cases = (it: Vitest.MethodsNonLive<Accounts>): void => {
  it.effect("MUST start a request once, and answer its repetition while it runs", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const key = yield* freshKey
      assert.deepStrictEqual(yield* accounts.begin(key, request(now)), { kind: "started", isRerun: false })
      assert.deepStrictEqual(yield* accounts.begin(key, request(now + minute - 1)), { kind: "in_progress" })
    })
  )

  it.effect("MUST replay an answer until it expires", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const key = yield* freshKey
      yield* accounts.begin(key, request(now))
      yield* accounts.finish(key, answer(now + 5))
      const done = { kind: "done", status: 201, body: answer(now).body } as const
      assert.deepStrictEqual(yield* accounts.begin(key, request(now + 6)), done)
      assert.deepStrictEqual(yield* accounts.begin(key, request(now + 4 + day)), done)
      const late = yield* accounts.begin(key, request(now + 5 + day))
      assert.deepStrictEqual(late, { kind: "started", isRerun: false })
    })
  )

  it.effect("MUST sum up what is kept of a user's answers, and let go of what is over (V2)", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const key = yield* freshKey
      const other = yield* freshKey
      const stored = (at: number) => accounts.storedAnswers(key.userId, at)
      assert.deepStrictEqual(yield* stored(now), { count: 0, bytes: 0 })
      for (const each of [key, { ...key, key: "another" }, { ...key, key: "running" }, other])
        yield* accounts.begin(each, request(now))
      for (const each of [key, { ...key, key: "another" }, other]) yield* accounts.finish(each, answer(now))
      const { bytes, count } = yield* stored(now)
      assert.strictEqual(count, 2)
      // Sealed they are somewhat longer.
      const plain = 2 * new TextEncoder().encode(answer(now).body).length
      assert.isTrue(bytes >= plain && bytes < plain + 500, `${bytes}`)
      // Late by an hour at most.
      assert.deepStrictEqual(yield* stored(now + day + 60 * minute), { count: 0, bytes: 0 })
    })
  )

  it.effect("MUST refuse the same key with another request, running or answered, until it expires", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const key = yield* freshKey
      const other = (at: number) => accounts.begin(key, request(at, "digest b"))
      yield* accounts.begin(key, request(now))
      assert.deepStrictEqual(yield* other(now + 1), { kind: "mismatch" })
      assert.deepStrictEqual(yield* other(now + 2 * minute), { kind: "mismatch" })
      yield* accounts.finish(key, answer(now))
      assert.deepStrictEqual(yield* other(now + 2), { kind: "mismatch" })
      assert.deepStrictEqual(yield* other(now + day), { kind: "started", isRerun: false })
    })
  )

  it.effect("MUST let a request be run again whose first run died, and say so", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const key = yield* freshKey
      yield* accounts.begin(key, request(now))
      assert.deepStrictEqual(yield* accounts.begin(key, request(now + minute)), { kind: "started", isRerun: true })
      assert.deepStrictEqual(yield* accounts.begin(key, request(now + 2 * minute - 1)), { kind: "in_progress" })
    })
  )

  it.effect("MUST forget a request that was abandoned, and tolerate that there is none", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const key = yield* freshKey
      yield* accounts.abandon(key, now + minute)
      yield* accounts.begin(key, request(now))
      yield* accounts.abandon(key, now + minute)
      const again = yield* accounts.begin(key, request(now + 1, "digest b"))
      assert.deepStrictEqual(again, { kind: "started", isRerun: false })
    })
  )

  it.effect("MUST take no answer, and no word, of a run that was taken over (V11)", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const key = yield* freshKey
      yield* accounts.begin(key, request(now))
      yield* accounts.begin(key, request(now + minute))
      yield* accounts.finish(key, answer(now))
      yield* accounts.abandon(key, now + minute)
      assert.deepStrictEqual(yield* accounts.begin(key, request(now + minute + 1)), { kind: "in_progress" })
      yield* accounts.finish(key, { ...answer(now), status: 202, leaseUntil: now + 2 * minute })
      const done = yield* accounts.begin(key, request(now + minute + 2))
      assert.deepStrictEqual(done, { kind: "done", status: 202, body: answer(now).body })
    })
  )

  it.effect("MUST start one of several that come at once, the first time and after a death", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const key = yield* freshKey
      for (const at of [now, now + minute]) {
        const begin = accounts.begin(key, request(at))
        const starts = yield* Effect.all(
          Array.from({ length: 8 }, () => begin),
          { concurrency: "unbounded" }
        )
        assert.lengthOf(
          starts.filter(({ kind }) => kind === "started"),
          1
        )
        assert.lengthOf(
          starts.filter(({ kind }) => kind === "in_progress"),
          7
        )
      }
    })
  )

  it.effect("MUST keep users, routes and keys apart", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const key = yield* freshKey
      yield* accounts.begin(key, request(now))
      const others = [
        { ...key, userId: yield* freshUserId },
        { ...key, route: "POST /other" },
        { ...key, key: `${key.key} ` },
        { ...key, route: `${key.route}${key.key.slice(0, 1)}`, key: key.key.slice(1) }
      ]
      for (const other of others) {
        const start = yield* accounts.begin(other, request(now, "digest b"))
        assert.deepStrictEqual(start, { kind: "started", isRerun: false }, JSON.stringify(other))
      }
    })
  )

  it.effect("MUST take the longest key and body that are allowed", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const key = { ...(yield* freshKey), key: "ü".repeat(255) }
      const body = JSON.stringify({ text: "x".repeat(200_000) })
      yield* accounts.begin(key, request(now))
      yield* accounts.finish(key, { status: 422, body, keepUntil: now + day, leaseUntil: now + minute })
      assert.deepStrictEqual(yield* accounts.begin(key, request(now + 1)), { kind: "done", status: 422, body })
    })
  )

  it.effect("MUST purge what has expired and nothing else", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const [answered, running] = [yield* freshKey, yield* freshKey]
      yield* accounts.begin(answered, request(now))
      yield* accounts.finish(answered, answer(now))
      yield* accounts.begin(running, request(now))
      yield* accounts.purge(now + 1)
      assert.strictEqual((yield* accounts.begin(answered, request(now + 1))).kind, "done")
      assert.strictEqual((yield* accounts.begin(running, request(now + 1))).kind, "in_progress")
    })
  )
}

const freshKey: Effect.Effect<IdempotencyKey> = Effect.map(freshUserId, (userId) => ({
  userId,
  route: "POST /api/v1/events/{event_id}/schedule",
  key: "key 1"
}))
