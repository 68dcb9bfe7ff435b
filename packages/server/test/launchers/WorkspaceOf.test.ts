/** A launcher's knowledge of workspaces: never in the way of a launch. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import type { UserId } from "@punctual/core"
import { Accounts, AccountsUnavailable } from "@punctual/core/accounts"
import { AccountsMemory } from "@punctual/core/testing"
import * as Workspaces from "../../src/launchers/WorkspaceOf.ts"

const ada = "usr_ada" as UserId

const over = (user: Accounts["Service"]["user"]) =>
  Workspaces.layer.pipe(
    Layer.provide(
      Layer.effect(
        Accounts,
        Effect.map(Accounts, (all) => ({ ...all, user }))
      )
    ),
    Layer.provideMerge(AccountsMemory.layer)
  )

describe("O: the workspace of a launch", () => {
  it.effect("is the user's, asked for once; null for who is not known, and until then", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const of = yield* Workspaces.WorkspaceOf
      assert.isNull(yield* of(ada))
      yield* accounts.createUser({ id: ada, workspaceId: "wsp_1", name: null, externalId: null, createdAt: 0 }, null)
      assert.strictEqual(yield* of(ada), "wsp_1")
      assert.strictEqual(yield* of(ada), "wsp_1")
    }).pipe(Effect.provide(Workspaces.layer.pipe(Layer.provideMerge(AccountsMemory.layer))))
  )

  it.effect("is null where storage fails, and where it does not answer within two seconds", () =>
    Effect.gen(function* () {
      const failing = over(() => Effect.fail(new AccountsUnavailable({ operation: "user", detail: "gone" })))
      assert.isNull(yield* Effect.flatMap(Workspaces.WorkspaceOf, (of) => of(ada)).pipe(Effect.provide(failing)))
      const silent = over(() => Effect.never)
      const asked = yield* Effect.forkChild(
        Effect.flatMap(Workspaces.WorkspaceOf, (of) => of(ada)).pipe(Effect.provide(silent))
      )
      yield* TestClock.adjust("2 seconds")
      assert.isNull(yield* Fiber.join(asked))
    })
  )
})
