/**
 * The contract of the Launcher port: what every adapter passes, whatever bot service it speaks to.
 *
 * States what the launch protocol relies on: that one key makes one bot, and that every outcome is a value. How a
 * service refuses is its own and for the adapter's tests.
 */
import { type Vitest, assert, it } from "@effect/vitest"
import { Clock, type Duration, Effect, type Layer } from "effect"
import type { BotId, EventId } from "../../src/domain/Ids.ts"
import { type LaunchRequest, Launcher } from "../../src/ports/Launcher.ts"
import { freshName, freshUserId } from "../rows/Fresh.ts"

export interface Options {
  /** `live` for an adapter that needs a clock that runs; the contract itself never waits. */
  readonly time?: "test" | "live"
  readonly setupTimeout?: Duration.Input
}

/** The layer's bot service accepts what it is asked for. */
export const suite = <E>(name: string, layer: Layer.Layer<Launcher, E>, options: Options = {}): void => {
  const { setupTimeout = "1 minute", time = "test" } = options
  it.layer(layer, { timeout: setupTimeout, excludeTestServices: time === "live" })(
    `Launcher contract (${name})`,
    (it) => {
      launching(it)
      lookingUp(it)
      withdrawing(it)
    }
  )
}

type It = Vitest.MethodsNonLive<Launcher>

const launching = (it: It): void => {
  it.effect("MUST accept a bot that is new to it", () =>
    Effect.gen(function* () {
      const launcher = yield* Launcher
      const outcome = yield* launcher.launch(yield* freshRequest)
      if (outcome.kind !== "accepted") return assert.fail(outcome.kind)
      assert.isFalse(outcome.isReplay)
      assert.isNotEmpty(launcher.name)
    })
  )

  it.effect("MUST make one bot of one key, however often and at once it is called (capability: replays)", () =>
    Effect.gen(function* () {
      const launcher = yield* Launcher
      if (!launcher.capabilities.replays) return
      const request = yield* freshRequest
      const outcomes = yield* Effect.all(
        Array.from({ length: 6 }, () => launcher.launch(request)),
        {
          concurrency: "unbounded"
        }
      )
      const last = yield* launcher.launch({ ...request, botName: "Another" })
      const ids = [...outcomes, last].map((outcome) =>
        outcome.kind === "accepted" ? outcome.externalId : outcome.kind
      )
      // A service may say that it has the bot without saying what it calls it.
      assert.strictEqual(new Set(ids.filter((id) => id !== null)).size, 1, ids.join())
    })
  )

  it.effect("MUST make two bots of two keys, in one meeting too", () =>
    Effect.gen(function* () {
      const launcher = yield* Launcher
      const request = yield* freshRequest
      const other = { ...request, botId: `${request.botId}b` as BotId }
      const outcomes = [yield* launcher.launch(request), yield* launcher.launch(other)]
      const ids = outcomes.map((outcome) =>
        outcome.kind === "accepted" ? outcome.externalId : assert.fail(outcome.kind)
      )
      if (ids[0] !== null) assert.notStrictEqual(ids[0], ids[1])
    })
  )

  it.effect("MUST take names and attributes of any text and depth", () =>
    Effect.gen(function* () {
      const launcher = yield* Launcher
      const outcome = yield* launcher.launch({
        ...(yield* freshRequest),
        botName: `"Zoë" 🚀 \\ \n</script>`,
        customAttributes: { deep: { er: [null, 1.5, { "": "ü\u2028" }] } },
        config: { callback_url: "https://example.com/?a=b&c", list: [] }
      })
      assert.strictEqual(outcome.kind, "accepted")
    })
  )
}

const lookingUp = (it: It): void => {
  it.effect("MUST find a bot by its key, and no other's (capability: lookup)", () =>
    Effect.gen(function* () {
      const launcher = yield* Launcher
      if (!launcher.capabilities.lookup) return
      const request = yield* freshRequest
      assert.deepStrictEqual(yield* launcher.lookUp(request.botId), { kind: "absent" })
      const outcome = yield* launcher.launch(request)
      const externalId = outcome.kind === "accepted" ? outcome.externalId : assert.fail(outcome.kind)
      yield* launcher.launch({ ...request, botId: `${request.botId}b` as BotId })
      const found = yield* launcher.lookUp(request.botId)
      if (found.kind !== "found") return assert.fail(found.kind)
      if (externalId !== null) assert.strictEqual(found.externalId, externalId)
      assert.deepStrictEqual(yield* launcher.lookUp(`${request.botId}c` as BotId), { kind: "absent" })
    })
  )

  it.effect("MUST find a bot that has left its meeting by its key too (capability: lookup)", () =>
    Effect.gen(function* () {
      const launcher = yield* Launcher
      if (!launcher.capabilities.lookup || !launcher.capabilities.withdraw) return
      const request = yield* freshRequest
      const outcome = yield* launcher.launch(request)
      const externalId = outcome.kind === "accepted" ? outcome.externalId : assert.fail(outcome.kind)
      yield* launcher.withdraw(request.botId, externalId, request.joinAt)
      assert.strictEqual((yield* launcher.lookUp(request.botId)).kind, "found")
    })
  )
}

const withdrawing = (it: It): void => {
  it.effect("MUST withdraw a bot once, before it joins (capability: withdraw)", () =>
    Effect.gen(function* () {
      const launcher = yield* Launcher
      if (!launcher.capabilities.withdraw) return
      const request = yield* freshRequest
      const outcome = yield* launcher.launch(request)
      const externalId = outcome.kind === "accepted" ? outcome.externalId : assert.fail(outcome.kind)
      const outcomes = [
        yield* launcher.withdraw(request.botId, externalId, request.joinAt),
        yield* launcher.withdraw(request.botId, externalId, request.joinAt)
      ]
      assert.deepStrictEqual(outcomes, ["withdrawn", "gone"])
    })
  )

  it.effect("MUST say that there is nothing to withdraw, or that it cannot", () =>
    Effect.gen(function* () {
      const launcher = yield* Launcher
      const { botId, joinAt } = yield* freshRequest
      const outcome = yield* launcher.withdraw(botId, `external ${botId}`, joinAt)
      assert.strictEqual(outcome, launcher.capabilities.withdraw ? "gone" : "unsupported")
    })
  )
}

const hour = 3_600_000

const freshRequest = Effect.gen(function* () {
  const start = (yield* Clock.currentTimeMillis) + hour
  const request: LaunchRequest = {
    botId: `bot_${yield* freshName}` as BotId,
    userId: yield* freshUserId,
    workspaceId: null,
    link: { platform: "teams", url: "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0" },
    botName: "Notes",
    joinAt: start - 60_000,
    config: { bot_name: "Notes" },
    customAttributes: {},
    event: { id: "evt_1" as EventId, platformId: "AAMk=", summary: "Weekly", start, end: start + hour }
  }
  return request
})
