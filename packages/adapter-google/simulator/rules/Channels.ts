/**
 * Channels: making and ending them, and what is posted to them.
 *
 * Decides how long one lives, that an id is never used twice, and that a change of a calendar is told to each channel of it
 * by headers alone. The first message says only that the channel was made, and is on its way before the answer.
 *
 * https://developers.google.com/workspace/calendar/api/guides/push
 */
import { type Calendar, type Channel, type World, ticked, withEntry } from "../world/World.ts"
import { type Parcel, type Reply, ok, refused } from "../wire/Exchange.ts"

export interface Watched {
  readonly world: World
  readonly reply: Reply
  readonly parcels: ReadonlyArray<Parcel>
}

export interface Caller {
  readonly email: string
  readonly clientId: string
  /** What was granted. */
  readonly scopes: ReadonlyArray<string>
}

export const watch = (
  world: World,
  caller: Caller,
  calendar: Calendar,
  body: Readonly<Record<string, unknown>>,
  now: number
): Watched => {
  const refuse = (reply: Reply): Watched => ({ world, reply, parcels: [] })
  const { address, expiration, id, token, type } = body
  if (typeof id !== "string" || !/^[\w\-+/=]{1,64}$/.test(id))
    return refuse(refused(400, "invalid", "Invalid channel id"))
  if (type !== "web_hook" || typeof address !== "string") return refuse(refused(400, "required", "Required"))
  if (!address.startsWith("https://") && !address.startsWith("http://127.0.0.1:")) {
    return refuse(refused(400, "push.webhookUrlNotHttps", `WebHook callback must be HTTPS: ${address}`))
  }
  if (token !== undefined && (typeof token !== "string" || token.length > 256))
    return refuse(refused(400, "invalid", "Invalid token"))
  if (!calendar.isPushable) {
    return refuse(
      refused(400, "pushNotSupportedForRequestedResource", "Push notifications are not supported by this resource.")
    )
  }
  if (world.channels.has(id)) return refuse(refused(400, "channelIdNotUnique", `Channel id ${id} not unique`))
  const longest = now + world.options.channelMillis
  const asked = Number(expiration ?? longest)
  const channel: Channel = {
    id,
    resourceId: resourceIdOf(calendar),
    calendarId: calendar.id,
    email: caller.email,
    clientId: caller.clientId,
    address,
    token: typeof token === "string" ? token : null,
    expiresAt: Math.min(Number.isFinite(asked) ? asked : longest, longest),
    messages: 1,
    isStopped: false
  }
  const next = ticked(world)
  return {
    world: { ...next, channels: withEntry(next.channels, id, channel) },
    reply: ok({
      kind: "api#channel",
      id,
      resourceId: channel.resourceId,
      resourceUri: resourceUri(channel),
      ...(channel.token === null ? {} : { token: channel.token }),
      // An int64, as a text.
      expiration: String(channel.expiresAt)
    }),
    parcels: [parcel(channel, "sync")]
  }
}

export const stop = (
  world: World,
  caller: Caller,
  body: Readonly<Record<string, unknown>>
): { readonly world: World; readonly reply: Reply } => {
  const channel = world.channels.get(String(body["id"]))
  const isTheirs = channel?.email === caller.email && channel.clientId === caller.clientId
  if (channel === undefined || !isTheirs || channel.isStopped || channel.resourceId !== body["resourceId"]) {
    return {
      world,
      reply: refused(404, "notFound", `Channel '${String(body["id"])}' not found for project '000000000000'`)
    }
  }
  const stopped = { ...channel, isStopped: true }
  return {
    world: { ...ticked(world), channels: withEntry(world.channels, channel.id, stopped) },
    reply: { status: 204 }
  }
}

/** What a change of a calendar has posted: numbers rise, with gaps. */
const told = (
  world: World,
  calendarId: string,
  now: number
): { readonly world: World; readonly parcels: ReadonlyArray<Parcel> } => {
  const live = [...world.channels.values()].filter(
    (channel) => channel.calendarId === calendarId && !channel.isStopped && channel.expiresAt > now
  )
  const channels = new Map(world.channels)
  const parcels = live.map((channel) => {
    const next = { ...channel, messages: channel.messages + 1 + (world.sequence % 3) }
    channels.set(channel.id, next)
    return parcel(next, "exists")
  })
  return { world: { ...world, channels }, parcels }
}

/** What is posted after an edit. */
export const toldOf = (
  {
    alsoTold,
    calendar,
    world
  }: { readonly world: World; readonly calendar: string | null; readonly alsoTold?: string },
  now: number
): { readonly world: World; readonly parcels: ReadonlyArray<Parcel> } => {
  const changed = [calendar, alsoTold ?? null].filter((each) => each !== null)
  let next = world
  const parcels: Array<Parcel> = []
  for (const each of changed) {
    const one = told(next, each, now)
    next = one.world
    parcels.push(...one.parcels)
  }
  return { world: next, parcels }
}

const parcel = (channel: Channel, state: string): Parcel => ({
  address: channel.address,
  headers: {
    "x-goog-channel-id": channel.id,
    "x-goog-channel-expiration": new Date(channel.expiresAt).toUTCString(),
    "x-goog-resource-id": channel.resourceId,
    "x-goog-resource-uri": resourceUri(channel),
    "x-goog-resource-state": state,
    "x-goog-message-number": String(channel.messages),
    ...(channel.token === null ? {} : { "x-goog-channel-token": channel.token })
  }
})

const resourceIdOf = ({ id }: Calendar): string => Buffer.from(`events of ${id}`).toString("base64url").slice(-27)

const resourceUri = ({ calendarId }: Channel): string =>
  `https://www.googleapis.com/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events?alt=json`
