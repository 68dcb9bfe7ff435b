/**
 * The operations of a port, each under its name: what an adapter fails with becomes the port's error in this one place, and
 * each operation is a span.
 */
import { Effect, Stream } from "effect"

export interface Operations<R, E> {
  readonly asked: <A>(operation: string, effect: Effect.Effect<A, R>) => Effect.Effect<A, E>
  readonly paged: <A>(operation: string, stream: Stream.Stream<A, R>) => Stream.Stream<A, E>
}

/** `adapter` begins the names of spans. */
export const makeOperations = <R, E>(
  adapter: string,
  errorOf: (operation: string, reason: R) => E
): Operations<R, E> => ({
  asked: (operation, effect) =>
    effect.pipe(
      Effect.mapError((reason) => errorOf(operation, reason)),
      Effect.withSpan(`${adapter}.${operation}`)
    ),
  paged: (operation, stream) => Stream.mapError(stream, (reason) => errorOf(operation, reason))
})
