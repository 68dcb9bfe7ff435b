/**
 * H3: the embedded engine is an optional peer, so that a host on a server installs none of its 10 MB.
 */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import manifest from "../package.json" with { type: "json" }
import { loadEngine } from "../src/database/PGlite.ts"

const engine = "@electric-sql/pglite"

it.effect("H3: who asks for the embedded engine without it is told what to install", () =>
  Effect.gen(function* () {
    const missing: string = "@electric-sql/not-installed"
    const error = yield* Effect.flip(loadEngine(() => import(/* @vite-ignore */ missing)))
    assert.include(error.message, `install it beside @punctual/adapter-postgres`)
    const other = yield* Effect.flip(loadEngine(() => Promise.reject(new Error("out of memory"))))
    assert.strictEqual(other.message, "out of memory")
  })
)

it("H3: the embedded engine is no dependency but an optional peer", () => {
  assert.notProperty(manifest.dependencies, engine)
  assert.property(manifest.peerDependencies, engine)
  assert.deepStrictEqual(manifest.peerDependenciesMeta, { [engine]: { optional: true } })
})
