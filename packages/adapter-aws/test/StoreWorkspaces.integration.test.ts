/**
 * Workspaces on DynamoDB: nobody is lost between who joins, a policy that is written and a spreading that ends, and a slice
 * asks for a policy only where there may be one.
 */
import type { UserId, WorkspaceId } from "@punctual/core"
import { Rows } from "@punctual/core/testing"
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { engineOfFile, skipped } from "./dynamo/Engine.ts"
import { connected, everythingOf, inStore, inTurn, meanwhile, pass, through, userId } from "./StoreKit.ts"

const theEngine = engineOfFile()

const id = "wsp_1" as WorkspaceId
const policy = Rows.workspacePolicy()

describe.skipIf(skipped !== null)(`Workspaces${skipped === null ? "" : ` (skipped: ${skipped})`}`, () => {
  inStore("find who joins while the first policy is written and has reached everybody", theEngine, (store, options) =>
    Effect.gen(function* () {
      const first = through(options, (other) =>
        Effect.flatMap(other.savePolicy(id, policy, 0), (written) => other.finishSpreading(written))
      )
      meanwhile(theEngine, 1, first)
      yield* store.joinWorkspace(userId, id)
      const [spreading] = yield* store.spreading(10)
      assert.deepStrictEqual(spreading, { id, policy, policyNumber: 1 })
      assert.deepStrictEqual(yield* store.pendingUsers(id, null, 10), [userId])
    })
  )

  inStore("find who joins, and another policy, between the last look and its end", theEngine, (store, options) =>
    Effect.gen(function* () {
      const onceBeforeItsEnd = (work: Effect.Effect<unknown, unknown>) =>
        theEngine().onRequest(async ({ operation }) => {
          if (operation !== "PutItem") return pass
          theEngine().onRequest(() => pass)
          await Effect.runPromise(work)
          return pass
        })
      const written = yield* store.savePolicy(id, policy, 0)
      onceBeforeItsEnd(through(options, (other) => other.joinWorkspace(userId, id)))
      yield* store.finishSpreading(written)
      assert.deepStrictEqual(yield* store.spreading(10), [written])
      yield* store.notePolicy(userId, written)
      onceBeforeItsEnd(through(options, (other) => other.savePolicy(id, policy, 1)))
      yield* store.finishSpreading(written)
      assert.deepStrictEqual(yield* store.spreading(10), [{ ...written, policyNumber: 2 }])
      assert.deepStrictEqual(yield* store.pendingUsers(id, null, 10), [userId])
    })
  )

  inStore("let many join at once, and join again when the answer got lost", theEngine, (store) =>
    Effect.gen(function* () {
      yield* store.savePolicy(id, policy, 0)
      const users = Array.from({ length: 12 }, (_, n) => `usr_${String(n).padStart(2, "0")}` as UserId)
      yield* Effect.forEach(users, (user) => store.joinWorkspace(user, id), { concurrency: "unbounded" })
      theEngine().onRequest(inTurn("TransactWriteItems", { kind: "lose_answer" }))
      yield* store.joinWorkspace(userId, id)
      assert.strictEqual((yield* everythingOf(store)).version, 1)
      assert.deepStrictEqual(yield* store.workspaceUsers(id, null, 20), [...users, userId].toSorted())
    })
  )

  inStore("cost a slice one more item, and only of a user who is of one", theEngine, (store) =>
    Effect.gen(function* () {
      yield* connected(store)
      const from = theEngine().asked.length
      const policies = () =>
        theEngine()
          .asked.slice(from)
          .filter(({ body, operation }) => operation === "GetItem" && body.includes("POLICY")).length
      yield* everythingOf(store)
      assert.strictEqual(policies(), 0)
      yield* store.joinWorkspace(userId, id)
      assert.strictEqual((yield* everythingOf(store)).workspace?.policyNumber, 0)
      assert.strictEqual(policies(), 1)
    })
  )
})
