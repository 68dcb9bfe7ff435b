/**
 * Users by the thousand, for work that is done for all of them: read page by page.
 */
import { Effect, Option, Stream } from "effect"
import type { UserId } from "../../domain/Ids.ts"
import { Store, type StoreError } from "../../ports/Store.ts"

/** Users loaded at a time. */
const usersPageSize = 500

/** Users with auto-scheduling on, by id. */
export const autoUsers: Stream.Stream<UserId, StoreError, Store> = Stream.suspend(() =>
  paged((store, after) => store.autoUsers(after, usersPageSize))
)

/** Users with a connection that is not taken down, by id. */
export const connectedUsers: Stream.Stream<UserId, StoreError, Store> = Stream.suspend(() =>
  paged((store, after) => store.connectedUsers(after, usersPageSize))
)

/**
 * What stands on pages, of which the first was read by whoever asks: it is empty at most looks, and then nobody needs a
 * stream. A page that is not full is the last one.
 */
export const pagesFrom = <A, E, R>(
  first: ReadonlyArray<A>,
  sizeMax: number,
  after: (last: A) => Effect.Effect<ReadonlyArray<A>, E, R>
): Stream.Stream<A, E, R> =>
  Stream.paginate<Effect.Effect<ReadonlyArray<A>, E, R>, A, E, R>(Effect.succeed(first), (page) =>
    Effect.map(page, (items) => [
      items,
      Option.map(items.length < sizeMax ? Option.none() : Option.fromUndefinedOr(items.at(-1)), after)
    ])
  )

const paged = (
  load: (store: Store["Service"], after: UserId | null) => Effect.Effect<ReadonlyArray<UserId>, StoreError>
): Stream.Stream<UserId, StoreError, Store> =>
  Stream.unwrap(
    Effect.map(Store, (store) =>
      Stream.paginate(null as UserId | null, (after) =>
        Effect.map(load(store, after), (users) => [users, Option.fromUndefinedOr(users.at(-1))] as const)
      )
    )
  )
