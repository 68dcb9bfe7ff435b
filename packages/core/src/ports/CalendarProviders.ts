/**
 * The calendar providers that a host connects people to, by the word that each has for itself.
 * Decides that a user's connections each know their provider, whatever else is configured. A provider that a connection
 * names and this process does not have is out of reach, not gone.
 */
import { Context, Effect, Layer } from "effect"
import { type Refusal, refuse } from "../domain/Refusal.ts"
import { CalendarProvider } from "./CalendarProvider.ts"

export type Provider = CalendarProvider["Service"]

export class CalendarProviders extends Context.Service<
  CalendarProviders,
  {
    /** At least one; the first is meant where none is named. */
    readonly all: ReadonlyArray<Provider>
  }
>()("@punctual/core/ports/CalendarProviders") {
  /** Of a host that has one provider. */
  static readonly one: Layer.Layer<CalendarProviders, never, CalendarProvider> = Layer.effect(
    CalendarProviders,
    Effect.map(CalendarProvider, (provider) => CalendarProviders.of({ all: [provider] }))
  )

  /** Of a host that has several, in the order in which one is chosen where none is named. */
  static layer<E, R>(
    ...providers: ReadonlyArray<Layer.Layer<CalendarProvider, E, R>>
  ): Layer.Layer<CalendarProviders, E, R> {
    return Layer.effect(
      CalendarProviders,
      Effect.map(
        // Each in a map of its own: they are one service by name, and several things.
        Effect.forEach(providers, (provider) => Layer.build(Layer.fresh(provider))),
        (built) => CalendarProviders.of({ all: built.map((context) => Context.get(context, CalendarProvider)) })
      )
    )
  }
}

/** The provider of that name; null: the first. Refused as `provider_unavailable` where this process does not have it. */
export const providerOf = (platform: string | null): Effect.Effect<Provider, Refusal, CalendarProviders> =>
  Effect.flatMap(CalendarProviders, ({ all }) => {
    const found = platform === null ? all[0] : all.find((each) => each.platform === platform)
    return found === undefined
      ? Effect.fail(refuse("provider_unavailable", `No calendar provider "${platform ?? ""}" is configured here.`))
      : Effect.succeed(found)
  })
