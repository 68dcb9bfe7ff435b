/**
 * What must be gone when a connection is (S10): its rows and its credentials, and nothing of another connection's.
 * Decides from the rows of its user, per connection. What a user had beside calendars goes with the last one.
 */
import { Context } from "effect"
import type { Bot } from "../../src/domain/Bot.ts"
import { SecretsProbe } from "../memory/SecretsMemory.ts"
import type { Tenant } from "../memory/StoreMemory.ts"
import { isStanding } from "../memory/store/Tenant.ts"
import { rowOf, tenantOf } from "./Rows.ts"
import type { Link, Person } from "./Model.ts"
import { type Ports, worldPolicy } from "./Site.ts"
import type { Stage } from "./Stage.ts"
import { canBeKnown } from "./Swarm.ts"

/**
 * S10: nothing of a connection that was taken down is left. What a later connect had put before it broke off is of a later
 * generation, and goes with that one.
 */
export const checkErased = (stage: Stage, ports: Ports, person: Person, link: Link): void => {
  checkRowsErased(stage, ports, person, link)
  const row = rowOf(tenantOf(stage, ports, person), link.connectionId)
  if (row?.status !== "disconnected") return
  const secrets = stage.loop
    .sync(Context.get(ports, SecretsProbe).refs)
    .filter(({ connectionId, generation }) => connectionId === link.connectionId && generation <= row.generation)
  if (secrets.length > 0) stage.fail("S10", `${row.id} is disconnected, and ${secrets.length} secrets are left`)
}

/** A bot on its way stays until the service has said what became of it, or the meeting is over; then a sweep takes it. */
const isLeft = ({ loop, phaseSince, swarm }: Stage, { end, launch, status, updatedAt }: Bot): boolean => {
  if (status === "Scheduled") return true
  const settledAt = launch?.mayHaveSucceeded === true && !canBeKnown(swarm) ? Math.max(end, updatedAt) : updatedAt
  return loop.now() - Math.max(settledAt, phaseSince) > settledMillis
}

/** A lease, and a sweep after it. */
const settledMillis = worldPolicy.leaseMillis + 2 * worldPolicy.sweepMillis

export const checkRowsErased = (stage: Stage, ports: Ports, person: Person, link: Link): void => {
  const tenant = tenantOf(stage, ports, person)
  if (tenant === null || rowOf(tenant, link.connectionId)?.status !== "disconnected") return
  const calendars = new Set<string>(link.calendars)
  const isHis = ({ row }: { readonly row: { readonly calendarId: string } }): boolean => calendars.has(row.calendarId)
  const isLast = ![...tenant.connections.values()].some(isStanding)
  const left = {
    events: [...tenant.events.values()].filter((row) => isLast || isHis(row)).length,
    series: [...tenant.series.values()].filter((row) => isLast || isHis(row)).length,
    calendars: [...tenant.calendars.values()].filter(({ connectionId }) => isLast || connectionId === link.connectionId)
      .length,
    ...(isLast ? restOf(stage, tenant) : {})
  }
  const rows = Object.values(left).reduce((sum, count) => sum + count, 0)
  if (rows > 0) stage.fail("S10", `${link.connectionId} is disconnected, and there is ${JSON.stringify(left)}`)
}

const restOf = (stage: Stage, { bots, intents }: Readonly<Tenant>) => ({
  bots: [...bots.values()].filter((bot) => isLeft(stage, bot)).length,
  intents: intents.size
})
