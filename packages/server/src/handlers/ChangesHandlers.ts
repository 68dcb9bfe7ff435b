/**
 * The log of changes and the stories of meetings and bots. Translates between HTTP and the use cases.
 *
 * Decides what a cursor holds: a place, and what was asked for beside it, which counts where it is not said again. A place is
 * one of a user's own log, or of everybody's, whatever types were read up to it; one of a story is of that story alone.
 */
import { Effect, Option, Schema } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import {
  type BotId,
  type ChangeType,
  type EventId,
  type LogPage,
  type LogPlace,
  type LoggedChange,
  Punctual,
  WorkspaceId,
  changeTypes
} from "@punctual/core"
import { Api } from "../api/Api.ts"
import { InvalidCursor, WorkspaceNotFound } from "../api/Problems.ts"
import { adminCaller } from "../auth/Authorizing.ts"
import { HeldRequests } from "../http/HeldRequests.ts"
import { workspacePolicies } from "../rules/WorkspacePolicies.ts"
import { makeCalendarNames } from "./CalendarNames.ts"
import { callingUser } from "./CallingUser.ts"
import { changeOnWire, entryOnWire } from "./ChangeView.ts"
import { type Cursors as CursorsShape, type ListName, instantIn } from "./Cursor.ts"
import { Cursors } from "./CursorService.ts"
import { jsonAnswer } from "./PageText.ts"
import { refusalToProblem } from "./RefusalToProblem.ts"

const pageSizeUsual = 100

export const layer = HttpApiBuilder.group(
  Api,
  "changes",
  Effect.fnUntraced(function* (handlers) {
    const punctual = yield* Punctual
    const cursors = yield* Cursors
    const held = yield* HeldRequests
    const namesFor = makeCalendarNames(punctual)
    const storing = refusalToProblem([])

    const story = Effect.fnUntraced(function* <const Code extends "event_not_found" | "bot_not_found">(
      of: { readonly eventId: EventId } | { readonly botId: BotId },
      notFound: Code,
      { cursor: text, limit }: { readonly cursor?: string; readonly limit?: number }
    ) {
      const userId = yield* callingUser
      const id = "botId" in of ? of.botId : of.eventId
      const cursor = text === undefined ? null : yield* readCursor(cursors, userId, "timeline", StoryCursor, text)
      if (cursor !== null && cursor.of !== id) return yield* badCursor
      const size = limit ?? cursor?.limit ?? pageSizeUsual
      const { hasMore, items } = yield* punctual
        .timeline(userId, of, { limit: size, before: cursor?.before ?? null })
        .pipe(refusalToProblem([notFound]))
      const names = yield* namesFor(items).pipe(storing)
      const last = items.at(-1)
      return jsonAnswer(
        JSON.stringify({
          entries: items.map((change) => entryOnWire(change, names)),
          next:
            hasMore && last !== undefined
              ? cursors.write(userId, "timeline", { of: id, before: last.sequence, limit: size } satisfies StoryCursor)
              : null,
          has_more: hasMore
        })
      )
    })

    return handlers.handleAll({
      list: Effect.fnUntraced(function* ({ query }) {
        const userId = yield* callingUser
        const at = query.cursor === undefined ? null : instantIn(query.cursor)
        const cursor =
          query.cursor === undefined || at !== null
            ? null
            : yield* readCursor(cursors, userId, "changes", OwnCursor, query.cursor)
        const asked = askedFor(query, cursor)
        const read = (waitMillis: number) =>
          punctual
            .readChanges(userId, { ...asked, after: at === null ? cursor : { at }, waitMillis })
            .pipe(refusalToProblem(["cursor_expired"]))
        const page = yield* held.hold(userId, waitOf(query), read)
        const names = yield* namesFor(page.items).pipe(storing)
        return answer(page, names, cursors.write(userId, "changes", cursorOf(page.next, asked)))
      }),
      eventTimeline: ({ params, query }) => story({ eventId: params.event_id as EventId }, "event_not_found", query),
      botTimeline: ({ params, query }) => story({ botId: params.bot_id as BotId }, "bot_not_found", query)
    })
  })
)

export const layerOfAll = HttpApiBuilder.group(
  Api,
  "allChanges",
  Effect.fnUntraced(function* (handlers) {
    const punctual = yield* Punctual
    const cursors = yield* Cursors
    const held = yield* HeldRequests
    const namesFor = makeCalendarNames(punctual)
    const policies = workspacePolicies(punctual)
    const storing = refusalToProblem([])
    const { userId: caller } = adminCaller
    return handlers.handleAll({
      list: Effect.fnUntraced(function* ({ query }) {
        const cursor =
          query.cursor === undefined ? null : yield* readCursor(cursors, caller, "allChanges", AllCursor, query.cursor)
        const named = query.workspace_id ?? cursor?.workspaceId ?? null
        const isKnown = named === null || Option.isSome(yield* policies.policy(named).pipe(storing))
        if (!isKnown) {
          return yield* new WorkspaceNotFound({ detail: "No user is of such a workspace, and it has no policy." })
        }
        const asked = { ...askedFor(query, cursor), workspaceId: named === null ? null : WorkspaceId.make(named) }
        const read = (waitMillis: number) =>
          punctual.readAllChanges({ ...asked, after: cursor, waitMillis }).pipe(refusalToProblem(["cursor_expired"]))
        const page = yield* held.hold(caller, waitOf(query), read)
        const names = yield* namesFor(page.items).pipe(storing)
        return answer(page, names, cursors.write(caller, "allChanges", cursorOf(page.next, asked)))
      })
    })
  })
)

interface LogQuery {
  readonly limit?: number
  readonly types?: ReadonlyArray<ChangeType> | null
  readonly wait?: number
}

interface Asked {
  readonly limit: number
  readonly types: ReadonlyArray<ChangeType> | null
}

const kept = {
  since: Schema.Finite,
  limit: Schema.Int,
  types: Schema.NullOr(Schema.Array(Schema.Literals(changeTypes)))
}
const OwnCursor = Schema.Struct({ ...kept, place: Schema.Int })
const AllCursor = Schema.Struct({ ...kept, place: Schema.String, workspaceId: Schema.NullOr(Schema.String) })
const StoryCursor = Schema.Struct({ of: Schema.String, before: Schema.Int, limit: Schema.Int })
type StoryCursor = typeof StoryCursor.Type

/** What the request says, else what its cursor was made for. */
const askedFor = ({ limit, types }: LogQuery, cursor: Asked | null): Asked => ({
  limit: limit ?? cursor?.limit ?? pageSizeUsual,
  types: types === undefined ? (cursor?.types ?? null) : types
})

const cursorOf = <Where>({ place, since }: LogPlace<Where>, asked: Asked): object => ({ place, since, ...asked })

const waitOf = ({ wait = 0 }: LogQuery): number => wait * 1_000

const readCursor = <A>(
  cursors: CursorsShape,
  caller: string,
  list: ListName,
  schema: Schema.ConstraintDecoder<A>,
  text: string
): Effect.Effect<A, InvalidCursor> => {
  const cursor = cursors.read(caller, list, schema, text)
  return cursor === null ? badCursor : Effect.succeed(cursor)
}

const badCursor = Effect.fail(
  new InvalidCursor({
    detail: "Use a cursor as `next` of the same list gave it, with the same key; or none, to begin."
  })
)

const answer = (page: LogPage<unknown>, names: Parameters<typeof changeOnWire>[1], next: string) =>
  jsonAnswer(
    JSON.stringify({
      changes: page.items.map((change: LoggedChange) => changeOnWire(change, names)),
      next,
      has_more: page.hasMore
    })
  )
