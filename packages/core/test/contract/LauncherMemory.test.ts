/** The in-memory bot service passes the contract that every launcher passes, and answers as it is scripted to. */
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import type { BotId, EventId, UserId } from "../../src/domain/Ids.ts"
import { type LaunchRequest, Launcher } from "../../src/ports/Launcher.ts"
import * as LauncherContract from "../../testing/contract/LauncherContract.ts"
import * as LauncherMemory from "../../testing/memory/LauncherMemory.ts"

LauncherContract.suite("memory", LauncherMemory.layer)
for (const [name, capabilities] of Object.entries({
  "memory, looked up": { replays: false, lookup: true, withdraw: true },
  "memory, neither": { replays: false, lookup: false, withdraw: false }
})) {
  LauncherContract.suite(name, LauncherMemory.layerWith(capabilities))
}

layer(LauncherMemory.layer)("LauncherMemory", (it) => {
  it.effect("answers as it is scripted to, and makes a bot whose answer is lost", () =>
    Effect.gen(function* () {
      const launcher = yield* Launcher
      const probe = yield* LauncherMemory.LauncherProbe
      yield* probe.script([{ kind: "rejected", message: "no" }, { kind: "lost" }])
      assert.strictEqual((yield* launcher.launch(request)).kind, "rejected")
      assert.lengthOf(yield* probe.launched, 0)
      const lost = yield* launcher.launch(request)
      assert.deepInclude(lost, { kind: "retry", definite: false })
      assert.lengthOf(yield* probe.launched, 1)
      assert.deepInclude(yield* launcher.launch(request), { kind: "accepted", isReplay: true })
      assert.lengthOf(yield* probe.launched, 1)
      assert.deepStrictEqual(
        (yield* probe.calls).map(({ outcome }) => outcome.kind),
        ["rejected", "retry", "accepted"]
      )
    })
  )
})

const request: LaunchRequest = {
  botId: "bot_scripted" as BotId,
  userId: "usr_1" as UserId,
  workspaceId: null,
  link: { platform: "zoom", url: "https://zoom.us/j/1" },
  botName: "Notes",
  joinAt: 0,
  config: {},
  customAttributes: {},
  event: { id: "evt_1" as EventId, platformId: "AAMk=", summary: "Weekly", start: 60_000, end: 120_000 }
}
