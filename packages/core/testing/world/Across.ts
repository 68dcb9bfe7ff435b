/**
 * What is told apart, and what is not, where people have several connections, or share a mailbox: ids mean one thing over all
 * users (S11), and a meeting that stands in two connections has one bot.
 * Decides from the rows of all users beside each other.
 */
import { Context } from "effect"
import { StoreProbe } from "../memory/StoreMemory.ts"
import type { Tenant } from "../memory/StoreMemory.ts"
import type { Ports } from "./Site.ts"
import type { Stage } from "./Stage.ts"

/** No id of one user is another's, whoever shares the mailbox. */
export const checkApart = (stage: Stage, ports: Ports): void => {
  const owners = new Map<string, string>()
  for (const [userId, tenant] of stage.loop.sync(Context.get(ports, StoreProbe).tenants)) {
    const before = owners.size
    for (const id of idsOf(tenant)) {
      const owner = owners.get(id)
      if (owner !== undefined) stage.fail("S11", `${owner} and ${userId} share the id ${id}`)
      owners.set(id, userId)
    }
    if (before > 0 && tenant.calendars.size > 0) stage.marks.judgedApart += 1
  }
}

const idsOf = (tenant: Readonly<Tenant>): ReadonlyArray<string> => [
  ...tenant.calendars.keys(),
  ...tenant.events.keys(),
  ...tenant.series.keys(),
  ...tenant.bots.keys(),
  ...[...tenant.calendars.values()].flatMap(({ subscription }) => (subscription === null ? [] : [subscription.id]))
]

/** The connections in which a meeting stands, with their generations: what a bot for it is made for. */
export const carriersOf = (tenant: Readonly<Tenant> | null, meeting: string): ReadonlyMap<string, number> => {
  const found = new Map<string, number>()
  for (const { row } of tenant?.events.values() ?? []) {
    const calendar = row.meeting === meeting ? tenant?.calendars.get(row.calendarId) : undefined
    const connection = calendar === undefined ? undefined : tenant?.connections.get(calendar.connectionId)
    if (connection !== undefined) found.set(connection.id, connection.generation)
  }
  return found
}
