/**
 * Users, keys and jobs, as the holder of the admin key makes and runs them; and the probes.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Refusal, Store, StoreError, StoreUnavailable, type UserId } from "@punctual/core"
import { Accounts, AccountsUnavailable } from "@punctual/core/accounts"
import { AccountsMemory, LauncherMemory, Rows, StoreMemory } from "@punctual/core/testing"
import { digestOf } from "../../src/auth/ApiKey.ts"
import { adele, adminKey, apiKey, serve } from "../Kit.ts"

const admin = "/api/v1/admin"
const settings = "/api/v1/calendar/auto-schedule/settings"
const core = {
  autoSchedule: () => Effect.succeed(Rows.autoSchedule())
}

describe("users and keys", () => {
  it.effect("a user is made with a key that works, in the workspace named or a new one", () =>
    Effect.gen(function* () {
      const { accounts, call } = yield* serve({ core })
      const made = yield* call("POST", `${admin}/users`, { key: adminKey, body: { name: "Jane", workspace: "acme" } })
      assert.strictEqual(made.status, 200)
      assert.strictEqual(made.json.workspace_id, "acme")
      assert.match(made.json.user_id, /^usr_[a-z0-9]+$/)
      assert.strictEqual((yield* call("GET", settings, { key: made.json.api_key })).status, 200)
      const bare = yield* call("POST", `${admin}/users`, { key: adminKey })
      assert.notStrictEqual(bare.json.user_id, made.json.user_id)
      assert.notStrictEqual(bare.json.workspace_id, "acme")
      const user = yield* accounts.user(made.json.user_id)
      assert.strictEqual(user._tag === "Some" ? user.value.name : null, "Jane")
      assert.strictEqual((yield* call("POST", `${admin}/users`, { key: adminKey, body: { role: "x" } })).status, 400)
    })
  )

  it.effect("another key works beside the first until it is revoked; revoking twice is harmless", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({ core })
      const { api_key: second, key_id: id } = (yield* call("POST", `${admin}/users/${adele}/keys`, { key: adminKey }))
        .json
      assert.strictEqual((yield* call("GET", settings, { key: second })).status, 200)
      for (let times = 0; times < 2; times++) {
        const revoked = yield* call("DELETE", `${admin}/users/${adele}/keys/${id}`, { key: adminKey })
        assert.deepStrictEqual(revoked.json, { user_id: adele, key_id: id, revoked: true })
      }
      assert.strictEqual((yield* call("GET", settings, { key: second })).status, 401)
      assert.strictEqual((yield* call("GET", settings, { key: apiKey })).status, 200)
    })
  )

  it.effect("users and their keys are listed, without what is secret", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({ core })
      const users = yield* call("GET", `${admin}/users?limit=1`, { key: adminKey })
      assert.deepStrictEqual(users.json.users, [
        { user_id: adele, workspace_id: "wsp_1", name: null, external_id: null, created_at: "1970-01-01T00:00:00Z" }
      ])
      const rest = yield* call("GET", `${admin}/users?after=${adele}`, { key: adminKey })
      assert.lengthOf(rest.json.users, 1)
      const keys = yield* call("GET", `${admin}/users/${adele}/keys`, { key: adminKey })
      assert.lengthOf(keys.json.keys, 1)
      assert.notInclude(keys.text, apiKey)
      assert.notInclude(keys.text, digestOf(apiKey))
      assert.isNull(keys.json.keys[0].revoked_at)
    })
  )

  it.effect("an unknown user or key is 404, and so is another user's key", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({ core })
      const { key_id: id } = (yield* call("POST", `${admin}/users/${adele}/keys`, { key: adminKey })).json
      for (const [method, path] of [
        ["POST", "users/usr_nobody/keys"],
        ["DELETE", `users/${adele}/keys/key_none`],
        ["DELETE", `users/usr_miriam/keys/${id}`]
      ] as const) {
        const answer = yield* call(method, `${admin}/${path}`, { key: adminKey })
        assert.strictEqual(answer.status, 404, path)
        assert.strictEqual(answer.json.code, "not_found")
      }
    })
  )

  it.effect("the same request with an idempotency key makes one user, and gives the same key again", () =>
    Effect.gen(function* () {
      const { accounts, call } = yield* serve({ core })
      const headers = { "idempotency-key": "make-jane" }
      const first = yield* call("POST", `${admin}/users`, { key: adminKey, headers })
      const again = yield* call("POST", `${admin}/users`, { key: adminKey, headers })
      assert.strictEqual(again.text, first.text)
      assert.lengthOf(yield* accounts.users(null, 10), 3)
    })
  )

  it.effect("repeated after a crash, it meets its own user and gives it a key that works", () =>
    Effect.gen(function* () {
      // The answer of the first run is never noted, as if its process had died just before.
      const forgetful = Layer.effect(
        Accounts,
        Effect.map(Accounts, (accounts) =>
          Accounts.of({
            ...accounts,
            finish: () => Effect.fail(new AccountsUnavailable({ operation: "finish", detail: "killed" }))
          })
        )
      ).pipe(Layer.provide(AccountsMemory.layer))
      const { accounts, call } = yield* serve({ core, accounts: forgetful })
      const headers = { "idempotency-key": "make-jane" }
      const first = yield* call("POST", `${admin}/users`, { key: adminKey, headers })
      yield* TestClock.adjust(60_001)
      const again = yield* call("POST", `${admin}/users`, { key: adminKey, headers })
      assert.strictEqual(again.status, 200)
      assert.strictEqual(again.json.user_id, first.json.user_id)
      assert.strictEqual(again.json.workspace_id, first.json.workspace_id)
      assert.lengthOf(yield* accounts.users(null, 10), 3)
      assert.strictEqual((yield* call("GET", settings, { key: again.json.api_key })).status, 200)
    })
  )
})

describe("jobs", () => {
  const users = Stream.fromIterable(["usr_1", "usr_2", "usr_3"].map((id) => id as UserId))
  const run = (name: string, part: Parameters<typeof serve>[0] = {}) =>
    Effect.flatMap(serve(part), ({ call }) => call("POST", `${admin}/jobs/${name}/run`, { key: adminKey }))

  it.effect("answer what they did, as counts; one user's failure stops nobody else", () =>
    Effect.gen(function* () {
      const midnights: Array<unknown> = []
      const answers = {
        auto: yield* run("auto-schedule", {
          core: {
            autoUsers: users,
            autoScheduleUser: (userId, midnight) => {
              midnights.push(midnight)
              const reason = new StoreUnavailable({ message: "down" })
              return userId === "usr_2"
                ? Effect.fail(new StoreError({ operation: "commit", reason }))
                : Effect.succeed(2)
            }
          }
        }),
        renew: yield* run("renew-subscriptions", {
          core: {
            connectedUsers: users,
            renewUser: () => Effect.succeed({ renewed: 1, recreated: 0, failed: 2, strays: 1 })
          }
        }),
        sync: yield* run("sync", {
          core: {
            connectedUsers: users,
            syncUser: (userId) =>
              userId === "usr_1"
                ? Effect.fail(new Refusal({ code: "reauthorization_required", detail: "x" }))
                : Effect.succeed(3)
          }
        }),
        prune: yield* run("prune", {
          core: {
            connectedUsers: users,
            pruneShared: Effect.succeed({ changes: 7, jobs: 2 }),
            pruneUser: (userId) =>
              userId === "usr_1"
                ? Effect.fail(
                    new StoreError({ operation: "pruneHistory", reason: new StoreUnavailable({ message: "down" }) })
                  )
                : Effect.succeed(5)
          }
        }),
        sweep: yield* run("sweep", {
          core: {
            sweep: Effect.succeed({ usersDecided: 1, schedulesApplied: 2, botsDue: 3, disconnectsFinished: 4 })
          }
        })
      }
      assert.deepStrictEqual(answers.auto.json, {
        job: "auto-schedule",
        counts: { users: 3, users_failed: 1, bots_created: 4 }
      })
      assert.deepStrictEqual(midnights, [null, null, null])
      assert.deepStrictEqual(answers.renew.json.counts, {
        users: 3,
        users_failed: 0,
        renewed: 3,
        recreated: 0,
        failed: 6,
        strays: 3
      })
      assert.deepStrictEqual(answers.sync.json.counts, { users: 3, users_failed: 1, calendars_synced: 6 })
      assert.deepStrictEqual(answers.prune.json, {
        job: "prune",
        counts: { changes_pruned: 7, job_runs_pruned: 2, users: 3, users_failed: 1, rows_pruned: 10 }
      })
      assert.deepStrictEqual(answers.sweep.json.counts, {
        users_decided: 1,
        schedules_applied: 2,
        bots_due: 3,
        disconnects_finished: 4
      })
    })
  )

  it.effect("an unknown job is 400", () =>
    Effect.gen(function* () {
      const answer = yield* run("fly")
      assert.strictEqual(answer.status, 400)
      assert.strictEqual(answer.json.errors[0].path, "job")
    })
  )
})

describe("probes", () => {
  it.effect("readyz warns of a missing launcher, and of nothing else", () =>
    Effect.gen(function* () {
      const without = yield* serve()
      assert.deepStrictEqual((yield* without.call("GET", "/readyz", { key: null })).json, {
        status: "ready",
        warnings: ["launcher_not_configured"]
      })
      const withOne = yield* serve({ launcher: LauncherMemory.layer })
      assert.deepStrictEqual((yield* withOne.call("GET", "/readyz", { key: null })).json.warnings, [])
    })
  )

  it.effect("readyz is 503 while storage does not answer; healthz is not", () =>
    Effect.gen(function* () {
      const reason = new StoreUnavailable({ message: "password is hunter2" })
      const broken = Layer.effect(
        Store,
        Effect.map(Store, (store) =>
          Store.of({ ...store, claimJob: () => Effect.fail(new StoreError({ operation: "claimJob", reason })) })
        )
      ).pipe(Layer.provide(StoreMemory.layer))
      const { call } = yield* serve({ store: broken })
      const answer = yield* call("GET", "/readyz", { key: null })
      assert.strictEqual(answer.status, 503)
      assert.notInclude(answer.text, "hunter2")
      assert.strictEqual((yield* call("GET", "/healthz", { key: null })).status, 200)
    })
  )

  it.effect("metrics count by route and status, never by address", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({ core })
      yield* call("POST", "/api/v1/calendar/schedule/evt_secret_name", { key: null })
      const { headers, text } = yield* call("GET", "/metrics", { key: null })
      assert.match(headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/)
      assert.include(text, 'route="POST /api/v1/calendar/schedule/:event_id",status="401"')
      assert.notInclude(text, "evt_secret_name")
    })
  )
})
