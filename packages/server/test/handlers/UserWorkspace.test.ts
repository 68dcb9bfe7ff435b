/**
 * Which workspace the store takes a user to be of, from being made to being erased.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { Refusal, StoreError, StoreUnavailable } from "@punctual/core"
import { adele, adminKey, serve } from "../Kit.ts"

const users = "/api/v1/admin/users"
const key = adminKey

/** A core that remembers who joined what. */
const remembering = () => {
  const joined: Array<readonly [user: string, workspace: string | null]> = []
  const joinWorkspace = (...pair: readonly [user: string, workspace: string | null]) =>
    Effect.sync(() => {
      joined.push(pair)
    })
  return { joined, joinWorkspace }
}

const down = () =>
  Effect.fail(new StoreError({ operation: "joinWorkspace", reason: new StoreUnavailable({ message: "down" }) }))

describe("a user's workspace", () => {
  it.effect("is told to the store: the one that is named, or the new one", () =>
    Effect.gen(function* () {
      const { joined, joinWorkspace } = remembering()
      const { call } = yield* serve({ core: { joinWorkspace } })
      const named = (yield* call("POST", users, { key, body: { workspace: "acme" } })).json
      const own = (yield* call("POST", users, { key })).json
      assert.deepStrictEqual(joined, [
        [named.user_id, "acme"],
        [own.user_id, own.workspace_id]
      ])
    })
  )

  it.effect("is told before the user is known: without it there is none", () =>
    Effect.gen(function* () {
      const { accounts, call } = yield* serve({ core: { joinWorkspace: down } })
      const before = yield* accounts.users(null, 10)
      assert.strictEqual((yield* call("POST", users, { key, body: { workspace: "acme" } })).status, 503)
      assert.deepStrictEqual(yield* accounts.users(null, 10), before)
    })
  )

  it.effect("has nobody in it who was not made after all", () =>
    Effect.gen(function* () {
      const { joined, joinWorkspace } = remembering()
      const { call } = yield* serve({ core: { joinWorkspace } })
      const body = { workspace: "acme", external_id: "crm-1" }
      yield* call("POST", users, { key, body })
      assert.strictEqual((yield* call("POST", users, { key, body })).status, 409)
      const second = joined.slice(1)
      assert.deepStrictEqual(
        second.map(([, workspace]) => workspace),
        ["acme", null]
      )
      assert.strictEqual(second[0]?.[0], second[1]?.[0])
    })
  )

  it.effect("is called as a user may be called, and by nothing else", () =>
    Effect.gen(function* () {
      const { call } = yield* serve()
      for (const workspace of ["", "Contoso Ltd.", "x".repeat(129), "a/b", 42]) {
        const answer = yield* call("POST", users, { key, body: { workspace } })
        assert.strictEqual(answer.status, 400)
        assert.strictEqual(answer.json.errors[0].path, "workspace")
      }
      assert.strictEqual((yield* call("POST", users, { key, body: { workspace: "x".repeat(128) } })).status, 200)
    })
  )

  it.effect("is left when the user is erased, and the user stays until it is", () =>
    Effect.gen(function* () {
      const disconnect = () => Effect.fail(new Refusal({ code: "calendar_not_connected", detail: "none" }))
      const { joined, joinWorkspace } = remembering()
      const { call } = yield* serve({ core: { disconnect, joinWorkspace } })
      assert.strictEqual((yield* call("DELETE", `${users}/${adele}`, { key })).status, 200)
      assert.deepStrictEqual(joined, [[adele, null]])
      const away = yield* serve({ core: { disconnect, joinWorkspace: down } })
      assert.strictEqual((yield* away.call("DELETE", `${users}/${adele}`, { key })).status, 503)
      assert.isTrue(Option.isSome(yield* away.accounts.user(adele)))
    })
  )
})
