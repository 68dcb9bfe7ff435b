/** The knobs of the secrets in memory do what they say. */
import { assert, layer } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import type { UserId } from "../../src/domain/Ids.ts"
import { Secrets } from "../../src/ports/Secrets.ts"
import * as SecretsMemory from "../../testing/memory/SecretsMemory.ts"
import { connectionId } from "../../src/domain/DeterministicIds.ts"

const userId = "usr_probe" as UserId

layer(SecretsMemory.layer)("SecretsMemory", (it) => {
  it.effect("fails when asked to, and says what it holds", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      const probe = yield* SecretsMemory.SecretsProbe
      const ref = { userId, connectionId: connectionId("memory_calendar", userId), generation: 1, version: 1 }
      const credentials = Redacted.make({ clientId: "c", clientSecret: "s", refreshToken: "t", obtainedAt: 1 })
      yield* probe.failNext(1)
      assert.strictEqual((yield* Effect.flip(secrets.put(ref, credentials))).reason._tag, "SecretsUnavailable")
      assert.deepStrictEqual(yield* probe.refs, [])
      yield* secrets.put(ref, credentials)
      assert.deepStrictEqual(yield* probe.refs, [ref])
    })
  )
})
