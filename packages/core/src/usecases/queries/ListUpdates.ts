/**
 * Lists events as they changed, those that are gone included: how somebody follows the mirror.
 *
 * Decides whose calendars are followed, and when whoever goes on from a place would miss that something is gone: then they are
 * refused, and begin anew. Of a calendar that is left out, or was taken out, only what is gone is told.
 */
import { Effect } from "effect"
import type { Calendar } from "../../domain/Calendar.ts"
import { isStanding } from "../../domain/ConnectionStatus.ts"
import type { UserId } from "../../domain/Ids.ts"
import { type Refusal, refuse } from "../../domain/Refusal.ts"
import { type Account, Store, type StoreError } from "../../ports/Store.ts"
import { notConnected } from "../account/OpenAccount.ts"
import type { Failure, SyncMode } from "../contract/Contract.ts"
import type { UpdatesPage, UpdatesPlace, UpdatesRequest } from "../contract/FollowContract.ts"
import type { SyncRequirements } from "../sync/SyncCalendar.ts"
import type { SyncWaits } from "../sync/SyncWaits.ts"
import { choose, freshen, staleness, withContext } from "./ListEvents.ts"
import { PageReads } from "./PageReads.ts"

/**
 * Synced first where the mode or the age of the mirror asks for it. Refused: `cursor_expired`, `calendar_not_connected`,
 * `calendar_not_found`; where there is nothing to show: `reauthorization_required`, `provider_unavailable`.
 */
export const updatedEvents = Effect.fn("Punctual.updatedEvents")(function* (
  userId: UserId,
  request: UpdatesRequest,
  sync: SyncMode
): Effect.fn.Return<UpdatesPage, Failure, PageReads | SyncRequirements | SyncWaits> {
  const account = yield* followedOf(userId)
  const chosen = yield* chooseFollowed(account.calendars, request)
  const followed = connectionsOf(account, chosen)
  if ("connections" in request.from && !continues(request.from, followed)) return yield* Effect.fail(expired)
  const refusals = sync === "never" ? [] : yield* freshen(userId, chosen, null, sync)
  const page = yield* (yield* PageReads).inTurn(userId, readUpdates(userId, account, chosen, request))
  return { ...page, next: { ...page.next, connections: followed }, ...staleness(refusals) }
})

const expired: Refusal = refuse(
  "cursor_expired",
  "That is so long ago that not all that is gone since is known any more. List the events anew, and follow them from then on."
)

/** With calendars that were taken out: what stood in them is told to be gone. */
const followedOf = Effect.fnUntraced(function* (
  userId: UserId
): Effect.fn.Return<Account, StoreError | Refusal, Store> {
  const { calendars, connections } = yield* (yield* Store).account(userId)
  const standing = connections.filter(isStanding)
  if (standing.length === 0) return yield* Effect.fail(notConnected)
  return {
    calendars: calendars.filter((each) => standing.some(({ id }) => id === each.connectionId)),
    connections: standing
  }
})

const chooseFollowed = (all: ReadonlyArray<Calendar>, request: UpdatesRequest) => {
  if (request.calendarId === "all") return Effect.succeed(all)
  return choose(request.calendarId === null ? all.filter(({ isRemoved }) => !isRemoved) : all, request)
}

const connectionsOf = ({ connections }: Account, chosen: ReadonlyArray<Calendar>): UpdatesPlace["connections"] =>
  connections
    .filter(({ id }) => chosen.some(({ connectionId }) => connectionId === id))
    .map(({ generation, id }) => ({ id, generation }))

/** A connection that is taken down takes its rows along, without a trace among those that changed. */
const continues = ({ connections }: UpdatesPlace, followed: UpdatesPlace["connections"]): boolean =>
  connections.every((before) =>
    followed.some(({ generation, id }) => id === before.id && generation === before.generation)
  )

const readUpdates = Effect.fnUntraced(function* (
  userId: UserId,
  account: Account,
  chosen: ReadonlyArray<Calendar>,
  { from, limit }: UpdatesRequest
) {
  const store = yield* Store
  const page = yield* store.updatedListing({ userId, calendarIds: chosen.map(({ id }) => id), from, limit })
  if (page.isExpired) return yield* Effect.fail(expired)
  const left = new Set(chosen.filter(({ isRemoved, selected }) => isRemoved || !selected).map(({ id }) => id))
  const rows = page.items.filter(({ event }) => event.isDeleted || !left.has(event.calendarId))
  return { items: yield* withContext(account, userId, rows), next: page.next, hasMore: page.hasMore }
})
