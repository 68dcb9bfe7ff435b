/**
 * The body of an answer as text, up to a limit.
 *
 * Decides how much is read: nothing beyond the limit, whatever the answer says of its own length. Not what a longer one
 * means: some readers refuse it, others have seen enough.
 */
import { Effect, Stream } from "effect"

export interface Reading {
  /** As UTF-8. */
  readonly text: string
  /** There was more. */
  readonly isCut: boolean
}

export const readAtMost = <E, R>(
  body: Stream.Stream<Uint8Array, E, R>,
  bytesMax: number
): Effect.Effect<Reading, E, R> =>
  body.pipe(
    Stream.mapAccum(
      () => bytesMax,
      (left, chunk) => [left - chunk.length, [{ bytes: chunk.subarray(0, left), isCut: chunk.length > left }]] as const
    ),
    Stream.takeUntil(({ isCut }) => isCut),
    Stream.runCollect,
    Effect.flatMap((parts) =>
      Stream.fromIterable(parts).pipe(
        Stream.map(({ bytes }) => bytes),
        Stream.decodeText(),
        Stream.mkString,
        Effect.map((text) => ({ text, isCut: parts.at(-1)?.isCut ?? false }))
      )
    )
  )
