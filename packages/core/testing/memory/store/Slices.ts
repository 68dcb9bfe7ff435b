/**
 * Slices of a user's state in the in-memory store.
 *
 * Decides what belongs to a slice: no less than the port promises, and no more, so that a use case that relies on
 * more fails here first. Never decides about bots.
 */
import { relevantBots } from "../../../src/decide/state/RelevantBots.ts"
import { seriesOfMeeting } from "../../../src/domain/MeetingKey.ts"
import type { CalendarEvent } from "../../../src/domain/Event.ts"
import type { MeetingKey, SeriesKey, UserId } from "../../../src/domain/Ids.ts"
import type { Intent } from "../../../src/domain/Intent.ts"
import type { Instant } from "../../../src/domain/Time.ts"
import { type UserNumbers, numbersOf } from "../../../src/domain/UserNumbers.ts"
import type { BotsOfUser, Scope, Slice } from "../../../src/ports/Store.ts"
import { scopeOfBots } from "../../../src/ports/StoreParts.ts"
import {
  type Tenant,
  type Tenants,
  calendarsOf,
  compareIds,
  comparePlaces,
  connectionsOf,
  isLive,
  overlaps,
  tenantOf,
  usersAfter
} from "./Tenant.ts"
import { workspaceOf } from "./Workspaces.ts"

export const slice = (tenants: Tenants, userId: UserId, scope: Scope, now: Instant): Slice => {
  const tenant = tenantOf(tenants, userId)
  const { meetings, series } = close(tenant, seed(tenant, scope), now)
  const rows = [...tenant.series.values()].map(({ row }) => row).filter((row) => series.has(row.key))
  const intents = [...tenant.intents.values()].filter((intent) => isAbout(intent, meetings, series))
  return {
    userId,
    version: tenant.version,
    mirrorNumber: tenant.mirrorNumber,
    decided: tenant.decided,
    decideAt: tenant.decideAt,
    judgeMark: tenant.judgeMark,
    connections: connectionsOf(tenant),
    calendars: calendarsOf(tenant),
    auto: tenant.auto,
    pausedUntil: tenant.pausedUntil,
    workspace: workspaceOf(tenants, tenant),
    events: eventsOf(tenant)
      .filter((row) => meetings.has(row.meeting))
      .map((row) => (scope.kind === "all" || row.isVirtual ? row : { ...row, raw: null }))
      .toSorted((a, b) => comparePlaces({ at: a.start, id: a.id }, { at: b.start, id: b.id })),
    series: rows.toSorted((a, b) => compareIds(a.id, b.id)),
    intents: intents.toSorted((a, b) => compareIds(a.id, b.id)),
    overrides: [...tenant.overrides.values()]
      .filter(({ meeting }) => meetings.has(meeting))
      .toSorted((a, b) => compareIds(a.meeting, b.meeting)),
    bots: relevantBots([...tenant.bots.values()].filter((bot) => meetings.has(bot.meeting)))
  }
}

export const slicesOfBots = (tenants: Tenants, asked: ReadonlyArray<BotsOfUser>, now: Instant): ReadonlyArray<Slice> =>
  asked.map(({ botIds, userId }) => {
    const { bots } = tenantOf(tenants, userId)
    return slice(tenants, userId, scopeOfBots(botIds.flatMap((id) => bots.get(id) ?? [])), now)
  })

export const userNumbers = (tenants: Tenants, userIds: ReadonlyArray<UserId>): ReadonlyArray<UserNumbers> =>
  userIds.map((userId) => {
    const tenant = tenantOf(tenants, userId)
    return numbersOf({ ...tenant, workspace: workspaceOf(tenants, tenant) })
  })

/** Users whose state is ahead of what was decided, who are marked, or for whom time alone may have changed it. */
export const lagging = (tenants: Tenants, now: Instant, after: UserId | null, limit: number): ReadonlyArray<UserId> =>
  usersAfter(tenants, after)
    .filter(
      ({ decideAt, decided, judgeMark, mirrorNumber }) =>
        mirrorNumber > decided || judgeMark !== null || (decideAt !== null && decideAt <= now)
    )
    .slice(0, limit)
    .map(({ userId }) => userId)

export const autoUsers = (tenants: Tenants, after: UserId | null, limit: number): ReadonlyArray<UserId> =>
  usersAfter(tenants, after)
    .filter(({ auto }) => auto.enabled)
    .slice(0, limit)
    .map(({ userId }) => userId)

export const intendedSeries = (tenants: Tenants, userId: UserId): ReadonlyArray<SeriesKey> => {
  const { intents: asked, overrides } = tenantOf(tenants, userId)
  const meetings = [
    ...[...asked.values()].flatMap((intent) => ("meeting" in intent ? [intent.meeting] : [])),
    ...overrides.keys()
  ]
  const named = [...asked.values()].flatMap((intent) => ("series" in intent ? [intent.series] : []))
  return [...new Set([...named, ...meetings.flatMap((meeting) => seriesOfMeeting(meeting) ?? [])])]
}

/** What a slice is about: it grows until it is closed. */
interface Reach {
  readonly meetings: Set<MeetingKey>
  readonly series: Set<SeriesKey>
}

const eventsOf = (tenant: Tenant): ReadonlyArray<CalendarEvent> => [...tenant.events.values()].map(({ row }) => row)

const seed = (tenant: Tenant, scope: Scope): Reach => {
  switch (scope.kind) {
    case "changed":
      return {
        meetings: new Set([
          ...(scope.meetings ?? []),
          ...changedSince(tenant.events, tenant.decided).map((row) => row.meeting)
        ]),
        series: new Set([
          ...(scope.series ?? []),
          ...changedSince(tenant.series, tenant.decided).map((row) => row.key),
          ...[...tenant.intents.values()].flatMap((intent) => (intent.kind === "recurring" ? [intent.series] : []))
        ])
      }
    case "meetings":
      return { meetings: new Set(scope.meetings), series: new Set(scope.series) }
    case "span":
      return {
        meetings: new Set([
          ...eventsOf(tenant)
            .filter((row) => overlaps(row, scope.span))
            .map((row) => row.meeting),
          ...[...tenant.bots.values()].filter(isLive).map((bot) => bot.meeting)
        ]),
        series: new Set()
      }
    case "intended":
      return intended(tenant)
    case "all":
      return everything(tenant)
  }
}

const intended = (tenant: Tenant): Reach => {
  const asked = [...tenant.intents.values()].filter(({ kind }) => kind !== "exclusion" && kind !== "series-exclusion")
  return {
    meetings: new Set([
      ...asked.flatMap((intent) => ("meeting" in intent ? [intent.meeting] : [])),
      ...[...tenant.bots.values()].filter(isLive).map((bot) => bot.meeting)
    ]),
    series: new Set(asked.flatMap((intent) => ("series" in intent ? [intent.series] : [])))
  }
}

const changedSince = <Row>(
  held: ReadonlyMap<unknown, { readonly row: Row; readonly changedAt: number }>,
  decided: number
): ReadonlyArray<Row> => [...held.values()].filter(({ changedAt }) => changedAt > decided).map(({ row }) => row)

const everything = (tenant: Tenant): Reach => {
  const intents = [...tenant.intents.values()]
  return {
    meetings: new Set([
      ...eventsOf(tenant).map((row) => row.meeting),
      ...intents.flatMap((intent) => ("meeting" in intent ? [intent.meeting] : [])),
      ...tenant.overrides.keys(),
      ...[...tenant.bots.values()].map((bot) => bot.meeting)
    ]),
    series: new Set([
      ...[...tenant.series.values()].map(({ row }) => row.key),
      ...intents.flatMap((intent) => ("series" in intent ? [intent.series] : []))
    ])
  }
}

/**
 * A meeting brings the series that own a copy of it. A series brings the meetings of its own that somebody asks for or
 * against or that have a live bot, stored or not; and with any such intent the stored occurrences that are still ahead.
 */
const close = (tenant: Tenant, { meetings, series }: Reach, now: Instant): Reach => {
  const events = eventsOf(tenant)
  const { spoken, wished } = intents(tenant)
  for (let size = -1; size !== meetings.size + series.size;) {
    size = meetings.size + series.size
    for (const [meeting, key] of spoken) if (series.has(key)) meetings.add(meeting)
    for (const { end, meeting, seriesKey } of events) {
      if (seriesKey === null) continue
      if (meetings.has(meeting)) series.add(seriesKey)
      else if (series.has(seriesKey) && wished.has(seriesKey) && end > now) meetings.add(meeting)
    }
    const families = new Set(events.filter(({ meeting }) => meetings.has(meeting)).map(({ family }) => family))
    for (const { family, meeting } of events) if (families.has(family)) meetings.add(meeting)
  }
  return { meetings, series }
}

/** The series that intents are about, and the occurrences that intents, overrides and live bots are about. */
const intents = (tenant: Tenant) => {
  const intents = [...tenant.intents.values()]
  const askedFor = intents.flatMap((intent) => ("meeting" in intent ? [intent.meeting] : []))
  const spokenOf = [
    ...askedFor,
    ...tenant.overrides.keys(),
    ...[...tenant.bots.values()].filter(isLive).map((bot) => bot.meeting)
  ]
  const spoken = new Map<MeetingKey, SeriesKey>()
  for (const meeting of spokenOf) {
    const key = seriesOfMeeting(meeting)
    if (key !== null) spoken.set(meeting, key)
  }
  const wished = new Set(intents.flatMap((intent) => ("series" in intent ? [intent.series] : [])))
  for (const meeting of askedFor) {
    const key = spoken.get(meeting)
    if (key !== undefined) wished.add(key)
  }
  return { spoken, wished }
}

const isAbout = (intent: Intent, meetings: ReadonlySet<MeetingKey>, series: ReadonlySet<SeriesKey>): boolean =>
  "meeting" in intent ? meetings.has(intent.meeting) : series.has(intent.series)
