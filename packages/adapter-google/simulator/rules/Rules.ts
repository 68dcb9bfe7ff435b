/**
 * The simulated Google as a function: a world, a request and an instant come to a world, an answer and what is posted.
 *
 * Decides who asks, whether they may, and which rule answers. No socket, no clock and no chance.
 */
import { type Person, type World, roleIn } from "../world/World.ts"
import { type Parcel, type Reply, type Request, notFound, ok, refused } from "../wire/Exchange.ts"
import { entryJson } from "../wire/Resource.ts"
import { type Caller, stop, watch } from "./Channels.ts"
import { eventsGet } from "./Events.ts"
import { eventsList, instancesList } from "./EventLists.ts"
import { userinfo } from "./Grants.ts"
import { authorize } from "./SignIn.ts"
import { revoke, token } from "./Token.ts"

export interface Outcome {
  readonly world: World
  readonly reply: Reply
  readonly parcels: ReadonlyArray<Parcel>
}

export const step = (world: World, request: Request, now: number): Outcome => {
  const { method, path } = request
  const route = `${method} /${path.join("/")}`
  if (route === "POST /token") return { ...token(world, request, now), parcels: [] }
  if (route === "POST /revoke") return { ...revoke(world, request), parcels: [] }
  if (path.join("/") === "o/oauth2/v2/auth") return { ...authorize(world, request, now), parcels: [] }
  const answer = (reply: Reply): Outcome => ({ world, reply, parcels: [] })
  const caller = callerOf(world, request, now)
  if (caller === null) return answer(unauthorized)
  const person = world.people.get(caller.email)
  if (person === undefined) return answer(unauthorized)
  if (person.fault !== null && person.fault.until > now) {
    const { reason, status } = person.fault
    return answer(refused(status, reason, reason, { domain: "usageLimits" }))
  }
  if (route === "GET /oauth2/v3/userinfo") return answer(userinfo(person, caller.scopes) ?? unauthorized)
  if (path[0] !== "calendar" || path[1] !== "v3") return answer(notFound)
  return inCalendars(world, request, now, { caller, person }) ?? answer(notFound)
}

const unauthorized = refused(401, "authError", "Invalid Credentials")

const callerOf = (world: World, { headers }: Request, now: number): Caller | null => {
  const given = /^Bearer (.+)$/.exec(headers["authorization"] ?? "")?.[1] ?? ""
  const access = world.accessTokens.get(given)
  const grant = world.grants.get(access?.refreshToken ?? "")
  return access === undefined || grant === undefined || grant.isRevoked || access.expiresAt <= now
    ? null
    : { email: grant.email, clientId: grant.clientId, scopes: grant.scopes }
}

const inCalendars = (
  world: World,
  request: Request,
  now: number,
  { caller, person }: { readonly caller: Caller; readonly person: Person }
): Outcome | null => {
  const { method, query } = request
  const [first, second, third, fourth, fifth, ...more] = request.path.slice(2)
  const answer = (reply: Reply): Outcome => ({ world, reply, parcels: [] })
  const isGet = method === "GET"
  if (first === "users" && second === "me" && third === "calendarList" && isGet) {
    return answer(
      fourth === undefined ? calendarList(world, person) : calendarEntry(world, person, named(person, fourth))
    )
  }
  if (first === "channels" && second === "stop" && method === "POST") {
    return { ...stop(world, caller, bodyOf(request)), parcels: [] }
  }
  if (first !== "calendars" || second === undefined || more.length > 0) return null
  const calendarId = named(person, second)
  const calendar = world.calendars.get(calendarId)
  const role = roleIn(person, calendarId)
  if (calendar === undefined || role === null) return null
  if (third !== "events") return null
  if (fourth === undefined && isGet) return answer(eventsList(world, calendar, role, query))
  if (fourth === "watch" && method === "POST") return watch(world, caller, calendar, bodyOf(request), now)
  if (fourth === undefined || !isGet) return null
  if (fifth === undefined) return answer(eventsGet(calendar, fourth, world.options))
  return fifth === "instances" ? answer(instancesList(world, calendar, role, fourth, query)) : null
}

/** A word stands for somebody's own calendar. */
const named = ({ entries }: Person, calendarId: string): string =>
  calendarId === "primary" ? (entries.find(({ isPrimary }) => isPrimary)?.calendarId ?? calendarId) : calendarId

const calendarList = (world: World, person: Person): Reply =>
  ok({
    kind: "calendar#calendarList",
    etag: `"l${world.sequence}"`,
    nextSyncToken: `list-${world.sequence}`,
    items: person.entries.flatMap((entry) => {
      const calendar = world.calendars.get(entry.calendarId)
      return calendar === undefined ? [] : [entryJson(entry, calendar)]
    })
  })

const calendarEntry = (world: World, person: Person, calendarId: string): Reply => {
  const entry = person.entries.find((each) => each.calendarId === calendarId)
  const calendar = world.calendars.get(calendarId)
  return entry === undefined || calendar === undefined ? notFound : ok(entryJson(entry, calendar))
}

const bodyOf = ({ body }: Request): Readonly<Record<string, unknown>> => {
  try {
    const json: unknown = JSON.parse(body)
    return typeof json === "object" && json !== null ? (json as Readonly<Record<string, unknown>>) : {}
  } catch {
    // No JSON is as good as nothing.
    return {}
  }
}
