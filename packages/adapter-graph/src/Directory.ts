/**
 * Who the account belongs to, and which calendars it has.
 *
 * Decides which requests are needed to tell a calendar's role and zone. Never asks for what the grant does not cover.
 *
 * https://learn.microsoft.com/graph/api/user-get, …/user-list-calendars, …/user-get-mailboxsettings
 */
import { Effect, Option } from "effect"
import { type CalendarListing, type Profile, Unavailable } from "@punctual/core"
import { resolveZone } from "@punctual/core/recurrence"
import { type JsonObject, readText } from "@punctual/core/http"
import { refusalOf } from "./client/GraphReply.ts"
import type { Reason } from "./client/GraphClient.ts"
import { graphUrl } from "./client/GraphUrl.ts"
import { items } from "./client/Pages.ts"
import { type GraphContext, get, succeeded } from "./client/GraphContext.ts"
import { addressesOf, needsOwner, toListing, toProfile } from "./mapping/Listing.ts"

export const profile = (context: GraphContext): Effect.Effect<Profile, Reason> =>
  Effect.flatMap(me(context), (user) => {
    const found = toProfile(user)
    return found === null
      ? new Unavailable({ message: "Microsoft Graph did not say who the account belongs to." })
      : Effect.succeed(found)
  })

/** All calendars, in Graph's order; the first with an id wins where one comes twice. */
export const calendars = (context: GraphContext): Effect.Effect<ReadonlyArray<CalendarListing>, Reason> =>
  Effect.gen(function* () {
    const found = yield* items(context, graphUrl(context.service, ["me", "calendars"], { $top: "100" }), refusalOf)
    const own = found.some(needsOwner) ? addressesOf(yield* me(context)) : []
    const timeZone = yield* mailboxZone(context)
    const listings = found.flatMap((json) => toListing(json, own, timeZone) ?? [])
    return [...new Map(listings.toReversed().map((listing) => [listing.providerId, listing])).values()].toReversed()
  })

const me = (context: GraphContext): Effect.Effect<JsonObject, Reason> =>
  get(context, ["me"], { $select: "id,displayName,mail,userPrincipalName" }).pipe(
    Effect.flatMap(succeeded),
    Effect.map((reply) => reply.json)
  )

/** The mailbox's zone, where the user granted more than was asked for. Calendars themselves have none. */
const mailboxZone = (context: GraphContext): Effect.Effect<string | null, Reason> =>
  Effect.gen(function* () {
    const { scopes } = yield* context.account.access
    if (!scopes.some((scope) => /(?:^|\/)mailboxsettings\.read(?:write)?$/i.test(scope))) return null
    const reply = yield* Effect.option(Effect.flatMap(get(context, ["me", "mailboxSettings"]), succeeded))
    return Option.match(reply, {
      onNone: () => null,
      onSome: ({ json }) => resolveZone(readText(json, "timeZone") ?? "")
    })
  })
