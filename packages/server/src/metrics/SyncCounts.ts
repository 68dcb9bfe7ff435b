/**
 * Rounds of syncing counted where they end: at the store.
 * Decides names and labels. Never changes what is stored.
 */
import { Effect, Layer, Metric } from "effect"
import { Store } from "@punctual/core"
import { reasonWord } from "../wording/ProviderWords.ts"

const rounds = Metric.counter("punctual_sync_rounds_total", {
  description: "Rounds of syncing a calendar, by how they ended; the reason of a failure beside it",
  incremental: true
})

const counted = (outcome: string, reason: string): Effect.Effect<void> =>
  Metric.update(Metric.withAttributes(rounds, { outcome, reason }), 1)

/** Reasons are stable words; whatever is none would make as many series as it has texts. */
const wordOf = (reason: string): string => (/^[a-z_]{1,40}$/.test(reason) ? reason : "other")

/** The store, counting. */
export const layer: Layer.Layer<Store, never, Store> = Layer.effect(
  Store,
  Effect.map(Store, (store) =>
    Store.of({
      ...store,
      finishPass: (claim, round) => Effect.tap(store.finishPass(claim, round), () => counted("finished", "")),
      failPass: (claim, failure) =>
        Effect.tap(store.failPass(claim, failure), () =>
          counted("failed", wordOf(reasonWord(failure.syncError, claim.connection.platform)))
        )
    })
  )
)
