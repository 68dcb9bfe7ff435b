/**
 * What a store promises about workspaces: who is of which, which policy holds there, whom it has not reached yet.
 * Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import type { UserId, WorkspaceId } from "../../../src/domain/Ids.ts"
import { noPolicy } from "../../../src/domain/Workspace.ts"
import { Store } from "../../../src/ports/Store.ts"
import { freshUserId, freshWorkspaceId } from "../../rows/Fresh.ts"
import { policyRule, workspacePolicy } from "../../rows/Workspace.ts"
import { event, now } from "./Rows.ts"
import { type It, committed, connected, decision, everyone, listed, refusal, sliceOf } from "./Users.ts"

export const cases = (it: It): void => {
  it.effect("MUST note which workspace a user is of, and show it in every slice", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const [first, second] = [yield* freshWorkspaceId, yield* freshWorkspaceId]
      const before = yield* sliceOf(user)
      assert.isNull(before.workspace)
      yield* store.joinWorkspace(user.userId, first)
      const without = { id: first, policy: noPolicy, policyNumber: 0 }
      assert.deepStrictEqual(yield* sliceOf(user), { ...before, version: before.version + 1, workspace: without })
      const written = yield* store.savePolicy(first, workspacePolicy(), 0)
      for (const scope of [
        { kind: "all" },
        { kind: "changed" },
        { kind: "intended" },
        { kind: "meetings", meetings: [], series: [] }
      ] as const) {
        assert.deepStrictEqual((yield* sliceOf(user, scope)).workspace, written)
      }
      yield* store.joinWorkspace(user.userId, second)
      assert.deepStrictEqual((yield* sliceOf(user)).workspace, { ...without, id: second })
      yield* store.joinWorkspace(user.userId, null)
      assert.isNull((yield* sliceOf(user)).workspace)
    })
  )

  it.effect("MUST raise the version of a user who is of another workspace than before, and else leave it", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const id = yield* freshWorkspaceId
      const made = yield* decision(user)
      yield* store.joinWorkspace(user.userId, null)
      assert.strictEqual((yield* sliceOf(user)).version, made.version)
      yield* store.joinWorkspace(user.userId, id)
      assert.strictEqual(yield* refusal(store.commit(made)), "Conflict")
      yield* store.joinWorkspace(user.userId, id)
      assert.strictEqual((yield* sliceOf(user)).version, made.version + 1)
      yield* store.joinWorkspace(user.userId, null)
      assert.strictEqual((yield* sliceOf(user)).version, made.version + 2)
    })
  )

  it.effect("MUST take users who have connected nothing, and leave what they have to decide as it was", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const [nobody, id] = [yield* freshUserId, yield* freshWorkspaceId]
      yield* store.joinWorkspace(nobody, null)
      assert.strictEqual((yield* store.slice(nobody, { kind: "all" }, now)).version, 0)
      yield* store.joinWorkspace(nobody, id)
      const { version, workspace } = yield* store.slice(nobody, { kind: "all" }, now)
      assert.deepStrictEqual([version, workspace?.id], [1, id])
      assert.deepStrictEqual(yield* store.workspaceUsers(id, null, everyone), [nobody])
      const user = yield* connected()
      yield* listed(user, { events: [event("a", user.primary)] })
      yield* store.joinWorkspace(user.userId, id)
      assert.include(yield* store.lagging(now, null, everyone), user.userId)
      assert.lengthOf((yield* sliceOf(user, { kind: "changed" })).events, 1)
    })
  )

  it.effect("MUST write a policy over the one that is known alone, whole, under the next number", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const id = yield* freshWorkspaceId
      const policy = workspacePolicy()
      assert.deepStrictEqual(yield* store.workspace(id), { id, policy: noPolicy, policyNumber: 0 })
      assert.strictEqual(yield* refusal(store.savePolicy(id, policy, 1)), "Conflict")
      assert.deepStrictEqual(yield* store.workspace(id), { id, policy: noPolicy, policyNumber: 0 })
      const first = { id, policy, policyNumber: 1 }
      assert.deepStrictEqual(yield* store.savePolicy(id, policy, 0), first)
      assert.deepStrictEqual(yield* store.workspace(id), first)
      const other = workspacePolicy({ rules: [], pausedUntil: null, botsPerMeeting: "user" })
      for (const expected of [0, 2]) {
        assert.strictEqual(yield* refusal(store.savePolicy(id, other, expected)), "Conflict")
      }
      assert.deepStrictEqual(yield* store.workspace(id), first)
      assert.deepStrictEqual(yield* store.savePolicy(id, other, 1), { id, policy: other, policyNumber: 2 })
      assert.deepStrictEqual((yield* store.workspace(yield* freshWorkspaceId)).policy, noPolicy)
    })
  )

  it.effect("MUST let one of several policies written at once win, also over the first users", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const id = yield* freshWorkspaceId
      const rivals = Array.from({ length: 6 }, (_, n) => workspacePolicy({ rules: [policyRule({ name: `${n}` })] }))
      const users = yield* Effect.all(Array.from({ length: 4 }, () => freshUserId))
      const [results] = yield* Effect.all(
        [
          Effect.all(
            rivals.map((policy) => Effect.result(store.savePolicy(id, policy, 0))),
            { concurrency: "unbounded" }
          ),
          Effect.forEach(users, (user) => store.joinWorkspace(user, id), { concurrency: "unbounded" })
        ],
        { concurrency: "unbounded" }
      )
      const winners = results.flatMap((result) => (result._tag === "Success" ? [result.success] : []))
      assert.lengthOf(winners, 1)
      assert.deepStrictEqual([yield* store.workspace(id)], winners)
      assert.deepStrictEqual(yield* store.pendingUsers(id, null, everyone), users.toSorted())
    })
  )

  it.effect("MUST tell who was last decided by a policy of a lower number, by what is noted", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const [id, next] = [yield* freshWorkspaceId, yield* freshWorkspaceId]
      const other = yield* freshUserId
      for (const each of [user.userId, other]) yield* store.joinWorkspace(each, id)
      const pending = (of: WorkspaceId) => store.pendingUsers(of, null, everyone)
      assert.deepStrictEqual(yield* pending(id), [])
      yield* store.savePolicy(id, workspacePolicy(), 0)
      assert.deepStrictEqual(yield* pending(id), [user.userId, other].toSorted())
      const made = yield* decision(user)
      yield* store.notePolicy(user.userId, { id, policyNumber: 1 })
      yield* store.commit(made)
      assert.deepStrictEqual(yield* pending(id), [other])
      yield* store.savePolicy(id, noPolicy, 1)
      yield* store.notePolicy(user.userId, { id, policyNumber: 2 })
      yield* store.notePolicy(user.userId, { id, policyNumber: 1 })
      yield* store.notePolicy(other, { id, policyNumber: 1 })
      assert.deepStrictEqual(yield* pending(id), [other])
      // Whoever comes, also again, was decided by no policy of the workspace.
      yield* store.joinWorkspace(user.userId, next)
      yield* store.savePolicy(next, workspacePolicy(), 0)
      assert.deepStrictEqual([yield* pending(id), yield* pending(next)], [[other], [user.userId]])
      yield* store.joinWorkspace(user.userId, id)
      assert.deepStrictEqual([yield* pending(id), yield* pending(next)], [[user.userId, other].toSorted(), []])
      // What was decided by the policy of one that was left says nothing of this one's.
      yield* store.notePolicy(user.userId, { id: next, policyNumber: 5 })
      assert.deepStrictEqual(yield* pending(id), [user.userId, other].toSorted())
      yield* store.notePolicy(yield* freshUserId, { id, policyNumber: 1 })
    })
  )

  it.effect("MUST list users of a workspace, and those who are pending, by id, page by page, and no others", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const [id, next] = [yield* freshWorkspaceId, yield* freshWorkspaceId]
      const users = (yield* Effect.all(Array.from({ length: 7 }, () => freshUserId))).toSorted()
      for (const [at, user] of users.toReversed().entries()) yield* store.joinWorkspace(user, at === 0 ? next : id)
      yield* store.savePolicy(id, workspacePolicy(), 0)
      const own = users.slice(0, -1)
      const pages = Effect.fnUntraced(function* (list: Store["Service"]["pendingUsers"], limit: number) {
        const found: Array<UserId> = []
        for (let page = yield* list(id, null, limit); page.length > 0 && found.length < users.length;) {
          assert.isAtMost(page.length, limit)
          found.push(...page)
          page = yield* list(id, page.at(-1) ?? null, limit)
        }
        return found
      })
      for (const limit of [1, 4, 6, everyone]) {
        assert.deepStrictEqual(yield* pages(store.workspaceUsers, limit), own)
        assert.deepStrictEqual(yield* pages(store.pendingUsers, limit), own)
      }
      for (const [at, user] of own.entries()) if (at % 2 === 0) yield* store.notePolicy(user, { id, policyNumber: 1 })
      const left = own.filter((_, at) => at % 2 !== 0)
      for (const limit of [1, 2, everyone]) assert.deepStrictEqual(yield* pages(store.pendingUsers, limit), left)
      assert.deepStrictEqual(yield* pages(store.workspaceUsers, 2), own)
    })
  )

  it.effect("MUST hold a workspace for spreading until everybody was decided by its policy", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const id = yield* freshWorkspaceId
      const [first, second] = [yield* freshUserId, yield* freshUserId]
      const isSpreading = Effect.map(store.spreading(everyone), (all) => all.find((each) => each.id === id) ?? null)
      yield* store.finishSpreading({ id, policyNumber: 0 })
      yield* store.joinWorkspace(first, id)
      assert.isNull(yield* isSpreading)
      const written = yield* store.savePolicy(id, workspacePolicy(), 0)
      assert.deepStrictEqual(yield* isSpreading, written)
      yield* store.finishSpreading(written)
      assert.deepStrictEqual(yield* isSpreading, written)
      yield* store.notePolicy(first, written)
      for (const policyNumber of [0, 2]) yield* store.finishSpreading({ id, policyNumber })
      assert.deepStrictEqual(yield* isSpreading, written)
      yield* store.finishSpreading(written)
      assert.isNull(yield* isSpreading)
      // Somebody joins, is decided, and leaves.
      yield* store.joinWorkspace(second, id)
      assert.deepStrictEqual(yield* isSpreading, written)
      yield* store.finishSpreading(written)
      assert.deepStrictEqual(yield* isSpreading, written)
      yield* store.notePolicy(second, written)
      yield* store.finishSpreading(written)
      yield* store.joinWorkspace(second, null)
      assert.isNull(yield* isSpreading)
      const again = yield* store.savePolicy(id, noPolicy, 1)
      yield* store.notePolicy(first, again)
      yield* store.finishSpreading(written)
      assert.deepStrictEqual(yield* isSpreading, again)
      assert.lengthOf(yield* store.spreading(1), 1)
      yield* store.finishSpreading(again)
      assert.isNull(yield* isSpreading)
    })
  )

  it.effect("MUST lose nobody who joins while spreading ends", () =>
    Effect.gen(function* () {
      const store = yield* Store
      for (let turn = 0; turn < 5; turn++) {
        const id = yield* freshWorkspaceId
        const users = yield* Effect.all(Array.from({ length: 6 }, () => freshUserId))
        const written = yield* store.savePolicy(id, workspacePolicy(), 0)
        const joins = users.map((user) => store.joinWorkspace(user, id))
        const ends = users.map(() => store.finishSpreading(written))
        yield* Effect.all(
          joins.flatMap((join, at) => [join, ends[at] ?? Effect.void]),
          { concurrency: "unbounded", discard: true }
        )
        assert.deepStrictEqual(yield* store.pendingUsers(id, null, everyone), users.toSorted())
        assert.include(
          (yield* store.spreading(everyone)).map((each) => each.id),
          id
        )
      }
    })
  )

  it.effect("MUST keep a user's workspace, and what it was decided by, when all that was connected is erased", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const id = yield* freshWorkspaceId
      yield* store.joinWorkspace(user.userId, id)
      const written = yield* store.savePolicy(id, workspacePolicy(), 0)
      yield* store.notePolicy(user.userId, { id, policyNumber: 1 })
      yield* committed(user, { pausedUntil: now })
      const tombstone = { ...user.connection, generation: 2, revision: 2, status: "disconnected" as const }
      yield* store.saveConnection(tombstone, 1)
      assert.isTrue((yield* store.erase(user.userId, user.connection.id, everyone)).isDone)
      const { pausedUntil, workspace } = yield* sliceOf(user)
      assert.deepStrictEqual([pausedUntil, workspace], [null, written])
      assert.deepStrictEqual(yield* store.workspaceUsers(id, null, everyone), [user.userId])
      assert.deepStrictEqual(yield* store.pendingUsers(id, null, everyone), [])
    })
  )
}
