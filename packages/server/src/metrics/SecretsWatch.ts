/**
 * Credentials that this process can't open, noticed on their way.
 * Decides that it is warned of them while a user's did not open of late and have not opened since: its keys are not those
 * of the others, or the text was tampered with. Passes on what is read as it is.
 */
import { Clock, Context, Effect, Layer, Metric } from "effect"
import { Secrets, type UserId } from "@punctual/core"

/** Whoever is not tried again is forgotten after this: 15 minutes. */
const rememberedMillis = 900_000
const usersMax = 1_000

const unreadable = Metric.counter("punctual_credentials_unreadable_total", {
  description: "Credentials that did not open with this process's master keys",
  incremental: true
})

export const SecretsWatch = Context.Reference<{ readonly isAnyUnreadable: Effect.Effect<boolean> }>(
  "@punctual/server/metrics/SecretsWatch",
  { defaultValue: () => ({ isAnyUnreadable: Effect.succeed(false) }) }
)

/** The secrets, watched. */
export const layer: Layer.Layer<Secrets, never, Secrets> = Layer.effectContext(
  Effect.map(Secrets, (secrets) => {
    const failedAt = new Map<UserId, number>()
    const noted = Effect.fnUntraced(function* (userId: UserId) {
      yield* Metric.update(unreadable, 1)
      if (failedAt.size >= usersMax) failedAt.clear()
      failedAt.set(userId, yield* Clock.currentTimeMillis)
    })
    const watched = Secrets.of({
      ...secrets,
      get: (ref) =>
        secrets.get(ref).pipe(
          Effect.tap(() => Effect.sync(() => failedAt.delete(ref.userId))),
          Effect.tapError(({ reason }) => (reason._tag === "DecryptFailed" ? noted(ref.userId) : Effect.void))
        )
    })
    const isAnyUnreadable = Effect.map(Clock.currentTimeMillis, (now) =>
      [...failedAt.values()].some((at) => now - at < rememberedMillis)
    )
    return Context.make(Secrets, watched).pipe(Context.add(SecretsWatch, { isAnyUnreadable }))
  })
)
