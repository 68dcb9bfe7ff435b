/** Connecting again while what a disconnect left half done is still there. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { Store } from "../../src/index.ts"
import { ask, botOf, connected, hour, layer, noon, row, settle, user, zoom } from "./Host.ts"

describe("a disconnect half done", () => {
  it.effect("is finished before the user connects again, and takes nothing of what comes then", () =>
    Effect.gen(function* () {
      const { calendarId, control, credentials, punctual } = yield* connected
      yield* control.create(calendarId, { subject: "Review", start: noon + 2 * hour, joinUrl: zoom })
      yield* settle
      yield* punctual.schedule(user, ask((yield* row("Review")).event.id))
      const store = yield* Store
      const { connection } = yield* punctual.connection(user)
      const { generation, revision } = connection
      const tombstone = { ...connection, generation: generation + 1, status: "disconnected", accountId: "" } as const
      yield* store.saveConnection({ ...tombstone, statusReason: "erasing", revision: revision + 1 }, revision)

      yield* punctual.connect(user, Redacted.make(credentials))
      yield* settle
      assert.isUndefined(yield* botOf("Review"), "the old bot is gone with the old connection")
      yield* punctual.schedule(user, ask((yield* row("Review")).event.id))
      yield* punctual.sweep
      assert.strictEqual((yield* botOf("Review"))?.status, "Scheduled")
    }).pipe(Effect.provide(layer))
  )
})
