/**
 * Who is let in: the holder of a key, as its user; the holder of the admin key, as nobody's user.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Punctual } from "@punctual/core"
import { Accounts, AccountsUnavailable } from "@punctual/core/accounts"
import { AccountsMemory, Rows } from "@punctual/core/testing"
import { ensureFirstUser, firstUserId } from "../../src/auth/FirstUser.ts"
import { digestOf, makeKey } from "../../src/auth/ApiKey.ts"
import { randomApiKey, randomId } from "../../src/auth/RandomId.ts"
import { adele, adminKey, apiKey, miriam, otherKey, scripted, serve } from "../Kit.ts"

const path = "/api/v1/calendar/auto-schedule/settings"
const seen: Array<string> = []
const core = {
  autoSchedule: (userId: string) =>
    Effect.sync(() => {
      seen.push(userId)
      return Rows.autoSchedule()
    })
}

describe("a user's key", () => {
  it.effect("is taken as Token and as Bearer, in any case of the scheme", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({ core })
      for (const scheme of ["Token", "Bearer", "token", "BEARER", "Token "]) {
        const answer = yield* call("GET", path, { key: null, headers: { authorization: `${scheme} ${otherKey}` } })
        assert.strictEqual(answer.status, 200, scheme)
        assert.strictEqual(seen.at(-1), miriam)
      }
    })
  )

  it.effect("whatever is wrong with it, the answer is the same 401", () =>
    Effect.gen(function* () {
      const { accounts, call } = yield* serve({ core })
      const revoked = makeKey(adele, 0)
      yield* accounts.addKey(revoked.key)
      yield* accounts.revokeKey(adele, revoked.key.id, 1)
      const wrong = [
        undefined,
        "",
        "Token",
        "Token ",
        `Basic ${apiKey}`,
        apiKey,
        `Token ${apiKey}x`,
        `Token ${apiKey.slice(0, -1)}`,
        `Token ${apiKey.toUpperCase()}`,
        `Token ${apiKey}, Token ${otherKey}`,
        `Token ${"x".repeat(100_000)}`,
        `Token ${revoked.text}`,
        `Token ${adminKey}`,
        `Token ${digestOf(apiKey)}`
      ]
      const bodies = new Set<string>()
      for (const authorization of wrong) {
        const headers = authorization === undefined ? {} : { authorization }
        const answer = yield* call("GET", path, { key: null, headers })
        assert.strictEqual(answer.status, 401, authorization)
        assert.strictEqual(answer.headers.get("www-authenticate"), 'Token realm="punctual", Bearer realm="punctual"')
        bodies.add(answer.text)
      }
      assert.strictEqual(bodies.size, 1)
      assert.notInclude([...bodies].join(), apiKey)
    })
  )

  it.effect("is checked before the body is read: whoever has none learns nothing about requests", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({ core })
      const answer = yield* call("POST", "/api/v1/calendar/toggle-recurrence", { key: null, body: { x: 1 } })
      assert.strictEqual(answer.status, 401)
    })
  )

  it.effect("is 503, not 401, while keys can't be looked up", () =>
    Effect.gen(function* () {
      const broken = Layer.effect(
        Accounts,
        Effect.map(Accounts, (accounts) =>
          Accounts.of({
            ...accounts,
            findKey: () => Effect.fail(new AccountsUnavailable({ operation: "findKey", detail: "connection refused" }))
          })
        )
      ).pipe(Layer.provide(AccountsMemory.layer))
      const { call } = yield* serve({ core, accounts: broken })
      const answer = yield* call("GET", path)
      assert.strictEqual(answer.status, 503)
      assert.strictEqual(answer.json.code, "unavailable")
      assert.strictEqual((yield* call("GET", "/healthz")).status, 200)
    })
  )

  it("is 256 bits of chance, and kept as a digest and a prefix alone", () => {
    const keys = new Set(Array.from({ length: 1_000 }, randomApiKey))
    assert.strictEqual(keys.size, 1_000)
    for (const key of keys) assert.match(key, /^pk_[A-Za-z0-9_-]{43}$/)
    const { key, text } = makeKey(adele, 5)
    assert.strictEqual(key.digest, digestOf(text))
    assert.notInclude(JSON.stringify(key), text)
    assert.isTrue(text.startsWith(key.prefix))
    assert.isBelow(key.prefix.length, 8)
    assert.notInclude(randomId("usr"), "-", "a `-` would break the name of a schedule")
  })
})

describe("the admin key", () => {
  const users = "/api/v1/admin/users"

  it.effect("opens the admin endpoints and nothing else", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({ core })
      assert.strictEqual((yield* call("POST", users, { key: adminKey })).status, 200)
      assert.strictEqual((yield* call("GET", path, { key: adminKey })).status, 401)
    })
  )

  it.effect("no user's key is one", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({ core })
      for (const key of [apiKey, `${adminKey}x`, null]) {
        const answer = yield* call("POST", users, { key })
        assert.strictEqual(answer.status, 401)
        assert.strictEqual(answer.json.code, "unauthorized")
      }
    })
  )

  it.effect("without one the admin endpoints are not there, for anybody", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({ core, adminKey: null })
      for (const key of [apiKey, adminKey, null, ""]) {
        const answer = yield* call("POST", users, { key })
        assert.strictEqual(answer.status, 404)
        assert.strictEqual(answer.json.code, "not_found")
      }
    })
  )
})

describe("the first user", () => {
  const joined: Array<readonly [user: string, workspace: string | null]> = []
  const core = scripted({ joinWorkspace: (...pair) => Effect.sync(() => void joined.push(pair)) })
  const first = (text: string) => Effect.provideService(ensureFirstUser(Redacted.make(text)), Punctual, core)

  it.effect("is one user, whatever the key is and however often the server starts", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      yield* first("one-key")
      yield* first("one-key")
      const [user] = yield* accounts.users(null, 10)
      assert.lengthOf(yield* accounts.users(null, 10), 1)
      assert.deepStrictEqual(joined, [[firstUserId, user?.workspaceId ?? null]])
      assert.lengthOf(yield* accounts.keys(firstUserId), 1)
      yield* TestClock.adjust("1 day")
      yield* first("another-key")
      assert.lengthOf(yield* accounts.users(null, 10), 1)
      assert.strictEqual((yield* accounts.findKey(digestOf("another-key")))._tag, "Some")
      assert.strictEqual((yield* accounts.findKey(digestOf("one-key")))._tag, "None", "the former key stops working")
    }).pipe(Effect.provide(AccountsMemory.layer))
  )

  it.effect("keeps the keys that were made for it by hand", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      yield* first("one-key")
      const made = makeKey(firstUserId, 0)
      yield* accounts.addKey(made.key)
      yield* first("another-key")
      assert.strictEqual((yield* accounts.findKey(made.key.digest))._tag, "Some")
    }).pipe(Effect.provide(AccountsMemory.layer))
  )

  it.effect("a key that belongs to another user already is left to that user", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const made = makeKey(adele, 0, { text: "shared" })
      yield* accounts.createUser({ id: adele, workspaceId: "w", name: null, externalId: null, createdAt: 0 }, made.key)
      yield* first("shared")
      const found = yield* accounts.findKey(digestOf("shared"))
      assert.strictEqual(found._tag === "Some" ? found.value.user.id : null, adele)
    }).pipe(Effect.provide(AccountsMemory.layer))
  )
})
