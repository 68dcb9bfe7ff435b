/**
 * What people do in the simulated Google: signing in, making and sharing calendars, keeping meetings in them.
 *
 * Decides what an edit leaves behind: deleting an instance makes a cancelled one, deleting a series leaves one trace, and
 * "this and following" makes another series. An edit of what is not there is refused.
 */
import { type Times, idOfTwo, instanceNamed, recurrenceOf } from "../world/Instances.ts"
import {
  type Calendar,
  type Fault,
  type Item,
  type Members,
  type Role,
  type World,
  ticked,
  withEntry
} from "../world/World.ts"
import { readingScopes, withRevoked } from "../rules/Grants.ts"

export type Edit =
  | { readonly type: "addClient"; readonly clientId: string; readonly clientSecret: string }
  /** With a primary calendar, which has their address. */
  | { readonly type: "addPerson"; readonly email: string; readonly name?: string; readonly timeZone?: string }
  /** Signs in, with every box ticked where no scopes are named; answers the refresh token. */
  | {
      readonly type: "grant"
      readonly email: string
      readonly clientId: string
      readonly scopes?: ReadonlyArray<string>
    }
  | { readonly type: "revokeGrant"; readonly email: string }
  | { readonly type: "expireAccessTokens"; readonly email: string }
  | { readonly type: "addCalendar"; readonly email: string; readonly summary: string; readonly isPushable?: boolean }
  | { readonly type: "shareCalendar"; readonly calendar: string; readonly email: string; readonly role: Role }
  | { readonly type: "removeCalendar"; readonly calendar: string; readonly email: string }
  | { readonly type: "renameCalendar"; readonly calendar: string; readonly summary: string }
  | { readonly type: "setPush"; readonly calendar: string; readonly isPushable: boolean }
  | { readonly type: "expireSyncTokens"; readonly calendar: string }
  | { readonly type: "fault"; readonly email: string; readonly fault: Fault | null }
  /** `members` as the API takes them; answers the id. */
  | { readonly type: "createEvent"; readonly calendar: string; readonly members: Members; readonly id?: string }
  /** Of a single event, a master or an instance; a member of `null` is taken out. */
  | { readonly type: "patchEvent"; readonly calendar: string; readonly id: string; readonly members: Members }
  | { readonly type: "deleteEvent"; readonly calendar: string; readonly id: string }
  /** To another calendar: the id stays, and what was cancelled or changed of a series goes with it. */
  | { readonly type: "moveToCalendar"; readonly calendar: string; readonly id: string; readonly to: string }
  /** "This and following": the instance begins a series of its own; answers that one's id. */
  | { readonly type: "splitSeries"; readonly calendar: string; readonly id: string; readonly members: Members }
  /** Traces of what was deleted are forgotten after a while, and with them every token that they would be told by. */
  | { readonly type: "forgetDeleted"; readonly calendar: string }

/** The edit names what is not there. */
export class EditRefused extends Error {}

export interface Edited {
  readonly world: World
  /** Of what was made; empty where nothing was. */
  readonly id: string
  /** Whose channels are told. */
  readonly calendar: string | null
  /** Another one, where two have changed. */
  readonly alsoTold?: string
}

export const applyEdit = (before: World, edit: Edit, now: number): Edited => {
  const world = ticked(before)
  const quiet = (next: World, id = ""): Edited => ({ world: next, id, calendar: null })
  switch (edit.type) {
    case "addClient":
      return quiet({ ...world, clients: withEntry(world.clients, edit.clientId, edit.clientSecret) })
    case "addPerson":
      return quiet(withPerson(world, edit), edit.email)
    case "grant": {
      const { clientId, email, scopes = readingScopes } = edit
      const refreshToken = `1//0g-${world.sequence}`
      const grant = { refreshToken, clientId, email, scopes, isRevoked: false }
      return quiet({ ...world, grants: withEntry(world.grants, refreshToken, grant) }, refreshToken)
    }
    case "revokeGrant":
      return quiet(withRevoked(world, null, edit.email))
    case "expireAccessTokens": {
      const isTheirs = (refreshToken: string): boolean => world.grants.get(refreshToken)?.email === edit.email
      const left = [...world.accessTokens].filter(([, { refreshToken }]) => !isTheirs(refreshToken))
      return quiet({ ...world, accessTokens: new Map(left) })
    }
    case "addCalendar": {
      const id = `c_${world.sequence.toString(16).padStart(16, "0")}@group.calendar.google.com`
      const made = { ...newCalendar(id, edit.summary, "UTC"), isPushable: edit.isPushable ?? true }
      return quiet(
        withListed({ ...world, calendars: withEntry(world.calendars, id, made) }, edit.email, id, "owner"),
        id
      )
    }
    case "shareCalendar":
      return quiet(withListed(world, edit.email, edit.calendar, edit.role))
    case "removeCalendar":
      return quiet(withoutListed(world, edit.email, edit.calendar))
    case "renameCalendar":
      return quiet(withCalendar(world, { ...calendarOf(world, edit.calendar), summary: edit.summary }))
    case "setPush":
      return quiet(withCalendar(world, { ...calendarOf(world, edit.calendar), isPushable: edit.isPushable }))
    case "expireSyncTokens":
      return quiet(withCalendar(world, { ...calendarOf(world, edit.calendar), tokensFrom: world.sequence }))
    case "fault":
      return quiet({
        ...world,
        people: withEntry(world.people, edit.email, { ...personOf(world, edit.email), fault: edit.fault })
      })
    case "moveToCalendar":
      return distinct(movedToCalendar(world, edit, now), edit.to, edit.id)
    case "forgetDeleted": {
      const calendar = calendarOf(world, edit.calendar)
      const items = new Map([...calendar.items].filter(([, item]) => !item.isCancelled || item.seriesId !== null))
      return quiet(withCalendar(world, { ...calendar, items, tokensFrom: world.sequence }))
    }
    default:
      return distinct(inCalendar(world, edit, now), edit.calendar, edit.type === "createEvent" ? null : edit.id)
  }
}

/** Refused where two instances of a calendar would have one id. What Google does then is not known. */
const distinct = (edited: Edited, calendarId: string, id: string | null): Edited => {
  const shared = id === null ? null : idOfTwo(calendarOf(edited.world, calendarId), id)
  if (shared !== null) throw new EditRefused(`two events would have the id ${shared}`)
  return edited
}

/** A single event or a whole series; in its old calendar nothing is left of it but an id. */
const movedToCalendar = (
  world: World,
  { calendar: from, id, to }: Extract<Edit, { readonly type: "moveToCalendar" }>,
  now: number
): Edited => {
  const [source, target] = [calendarOf(world, from), calendarOf(world, to)]
  const item = source.items.get(id)
  if (item === undefined || item.isCancelled || item.seriesId !== null || from === to) {
    throw new EditRefused(`there is no event ${id} to be moved`)
  }
  const stamp = { changed: world.sequence, updated: now }
  const whole = [...source.items.values()].filter((each) => each.id === id || each.seriesId === id)
  const left = new Map([...source.items].filter(([, each]) => each.seriesId !== id))
  left.set(id, { ...item, ...stamp, isCancelled: true })
  const taken = new Map(target.items)
  for (const each of whole) taken.set(each.id, { ...each, ...stamp })
  const moved = withCalendar(withCalendar(world, { ...source, items: left }), { ...target, items: taken })
  return { world: moved, id, calendar: from, alsoTold: to }
}

type EventEdit = Extract<Edit, { readonly type: "createEvent" | "patchEvent" | "deleteEvent" | "splitSeries" }>

const inCalendar = (world: World, edit: EventEdit, now: number): Edited => {
  const calendar = calendarOf(world, edit.calendar)
  const made = (items: ReadonlyArray<Item>, id: string, without: ReadonlyArray<string> = []): Edited => {
    const next = new Map(calendar.items)
    for (const gone of without) next.delete(gone)
    for (const item of items) next.set(item.id, item)
    return { world: withCalendar(world, { ...calendar, items: next }), id, calendar: calendar.id }
  }
  const stamp = { changed: world.sequence, updated: now }
  const fresh = { ...stamp, created: now, isCancelled: false, seriesId: null, originalStart: null }
  if (edit.type === "createEvent") {
    const id = edit.id ?? `ev${world.sequence.toString(32).padStart(8, "0")}`
    return made([{ id, ...fresh, members: edit.members }], id)
  }
  const { id } = edit
  const item = calendar.items.get(id)
  const isOwn = item !== undefined && !item.isCancelled && item.seriesId === null
  if (edit.type === "splitSeries") return split(calendar, edit, stamp, made, now)
  if (isOwn) {
    const exceptions = [...calendar.items.values()].filter(({ seriesId }) => seriesId === id).map((each) => each.id)
    if (edit.type === "deleteEvent") return made([{ ...item, ...stamp, isCancelled: true }], id, exceptions)
    const members = patched(item.members, edit.members)
    // Its instances begin anew where it takes place otherwise.
    const isLaidAnew = "recurrence" in edit.members || "start" in edit.members
    return made([{ ...item, ...stamp, members }], id, isLaidAnew ? exceptions : [])
  }
  const { instance, master } = instanceAt(calendar, id)
  const isDate = instance.times.isDate
  const base = instance.exception ?? { ...fresh, id, members: instanceMembers(master, instance.times) }
  const exception = { ...base, ...stamp, id, seriesId: master.id, originalStart: instance.originalStart }
  return edit.type === "deleteEvent"
    ? made([{ ...exception, isCancelled: true, members: { ...base.members, isDate } }], id)
    : made([{ ...exception, members: patched(base.members, edit.members) }], id)
}

type Made = (items: ReadonlyArray<Item>, id: string, without?: ReadonlyArray<string>) => Edited

const split = (
  calendar: Calendar,
  { id, members }: Extract<Edit, { readonly type: "splitSeries" }>,
  stamp: { readonly changed: number; readonly updated: number },
  made: Made,
  now: number
): Edited => {
  const { instance, master } = instanceAt(calendar, id)
  const at = instance.originalStart
  const compact = (instant: number): string => new Date(instant).toISOString().replaceAll(/[-:]|\.\d+/g, "")
  const rules = recurrenceOf(master)
  const ended = rules.map((line) =>
    line.startsWith("RRULE:") ? `${line.replace(/;(?:UNTIL|COUNT)=[^;]*/g, "")};UNTIL=${compact(at - 1_000)}` : line
  )
  // A second split takes the place of the first in the id.
  const newId = `${master.id.replace(/_R\d{8}T\d{6}$/, "")}_R${compact(at).slice(0, 15)}`
  const later = [...calendar.items.values()].filter(
    ({ originalStart, seriesId }) => seriesId === master.id && (originalStart ?? 0) >= at
  )
  const next: Item = {
    ...stamp,
    id: newId,
    created: now,
    isCancelled: false,
    seriesId: null,
    originalStart: null,
    members: patched({ ...instanceMembers(master, instance.times), recurrence: rules }, members)
  }
  const old = { ...master, ...stamp, members: { ...master.members, recurrence: ended } }
  return made(
    [old, next],
    newId,
    later.map((each) => each.id)
  )
}

const instanceAt = (calendar: Calendar, id: string) => {
  const found = instanceNamed(calendar, id)
  if (found !== null && found.instance.exception?.isCancelled !== true) return found
  throw new EditRefused(`there is no event ${id}`)
}

/** What an instance has of its master, at its own time. */
const instanceMembers = (master: Item, { end, isDate, start, zone }: Times): Members => {
  const { recurrence: _, ...members } = master.members
  const time = (instant: number) =>
    isDate
      ? { date: new Date(instant).toISOString().slice(0, 10) }
      : { dateTime: new Date(instant).toISOString(), timeZone: zone }
  return { ...members, start: time(start), end: time(end) }
}

const patched = (before: Members, changes: Members): Members =>
  Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null))

const newCalendar = (id: string, summary: string, timeZone: string): Calendar => ({
  id,
  summary,
  timeZone,
  items: new Map(),
  tokensFrom: 0,
  isPushable: true
})

const withPerson = (world: World, { email, name, timeZone }: Extract<Edit, { readonly type: "addPerson" }>): World => {
  const sub = `1176916492745${String(world.sequence).padStart(8, "0")}`
  const entries = [{ calendarId: email, role: "owner" as const, isPrimary: true }]
  return {
    ...world,
    people: withEntry(world.people, email, { sub, email, name: name ?? email, entries, fault: null }),
    calendars: withEntry(world.calendars, email, newCalendar(email, email, timeZone ?? "UTC"))
  }
}

const withListed = (world: World, email: string, calendarId: string, role: Role): World => {
  const calendar = calendarOf(world, calendarId)
  const cleared = withoutListed(world, email, calendarId)
  const person = personOf(cleared, email)
  const entries = [...person.entries, { calendarId: calendar.id, role, isPrimary: false }]
  return { ...cleared, people: withEntry(cleared.people, email, { ...person, entries }) }
}

const withoutListed = (world: World, email: string, calendarId: string): World => {
  const person = personOf(world, email)
  const entries = person.entries.filter((entry) => entry.calendarId !== calendarId)
  return { ...world, people: withEntry(world.people, email, { ...person, entries }) }
}

const withCalendar = (world: World, calendar: Calendar): World => ({
  ...world,
  calendars: withEntry(world.calendars, calendar.id, calendar)
})

const calendarOf = (world: World, id: string): Calendar => {
  const found = world.calendars.get(id)
  if (found === undefined) throw new EditRefused(`there is no calendar ${id}`)
  return found
}

const personOf = (world: World, email: string) => {
  const found = world.people.get(email)
  if (found === undefined) throw new EditRefused(`there is nobody with the address ${email}`)
  return found
}
