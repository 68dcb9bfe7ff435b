/**
 * Users told of a page at a time, each of whom is loaded for the answer.
 * Decides how many are told of at once and loaded at the same time, and that who has connected nothing is left out.
 */
import { Effect, Stream } from "effect"
import type { Failure, Refusal, UserId } from "@punctual/core"

/** Users of whom one answer tells, unless the request says otherwise. */
export const usersUsual = 100

/** Users loaded at the same time: most connections are left to launches. */
const usersAtOnce = 4

export interface PageQuery {
  readonly after?: string
  readonly limit?: number
}

/** What a page begins behind. A text that is no user's id is a place among them all the same. */
export const placeAfter = ({ after }: PageQuery): UserId | null =>
  // Cast: stores compare it with ids and read nothing else of it.
  (after ?? null) as UserId | null

/** What the next page begins behind; null: this one was the last. */
export const placeOfNext = (page: ReadonlyArray<UserId>, limit: number): UserId | null =>
  page.length < limit ? null : (page.at(-1) ?? null)

/** What there is to tell of each, in their order. */
export const toldOfEach = <User, A>(
  page: ReadonlyArray<User>,
  tell: (user: User) => Effect.Effect<A, Failure>
): Stream.Stream<A, Exclude<Failure, Refusal>> =>
  Stream.fromIterable(page).pipe(
    Stream.mapEffect(
      (user) =>
        tell(user).pipe(
          Effect.map((told) => [told]),
          // Who has connected nothing has no meetings.
          Effect.catchTag("Refusal", () => Effect.succeed([]))
        ),
      { concurrency: usersAtOnce }
    ),
    Stream.flatMap(Stream.fromIterable)
  )
