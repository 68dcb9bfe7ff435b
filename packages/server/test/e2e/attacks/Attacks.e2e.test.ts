/**
 * The attacks of the project's reliability plan (A1 to A40) on the running server over PostgreSQL, as far as they reach
 * it by its own door; docs/testing.md says where each of the others is tested. What counts is what comes back, what is
 * stored afterwards, and what the log says.
 */
import { afterAll, beforeAll } from "@effect/vitest"
import { callers } from "./Callers.ts"
import { leftovers } from "./Leftovers.ts"
import { notices } from "./Notices.ts"
import { requests } from "./Requests.ts"
import { type Scene, makeScene } from "./Scene.ts"

let scene: Scene
beforeAll(async () => {
  scene = await makeScene()
})
afterAll(() => scene.close())

callers(() => scene)
requests(() => scene)
notices(() => scene)
leftovers(() => scene)
