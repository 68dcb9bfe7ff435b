/**
 * What a host says of users and workspaces reaches the store, whoever is connected.
 */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { Punctual, Store, UserId, WorkspaceId } from "../../../src/index.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { layerOver } from "../Host.ts"

it.effect("a user is of the workspace that the host says, from before the first calendar is connected", () =>
  Effect.gen(function* () {
    const punctual = yield* Punctual
    const store = yield* Store
    const [user, workspace] = [UserId.make("ada@example.com"), WorkspaceId.make("wsp_contoso")]
    yield* punctual.joinWorkspace(user, workspace)
    yield* punctual.joinWorkspace(user, workspace)
    assert.deepStrictEqual(yield* store.workspaceUsers(workspace, null, 10), [user])
    yield* punctual.joinWorkspace(user, null)
    assert.deepStrictEqual(yield* store.workspaceUsers(workspace, null, 10), [])
    assert.isNull((yield* store.slice(user, { kind: "all" }, 0)).workspace)
  }).pipe(Effect.provide(layerOver(StoreMemory.layer, {})))
)
