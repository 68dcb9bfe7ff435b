/**
 * Calendars that a company follows through a history: processes read what is due and may die at any request, things happen
 * between their requests.
 * Decides the law that nothing is deleted from the mirror that was in its calendar all the time.
 */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import type { CalendarEvent, Punctual, StoreError, UserId } from "@punctual/core"
import type { Company, Tenant } from "./Company.ts"
import type { Loop } from "./Loop.ts"

const minute = 60_000

export interface Followed<Step> {
  readonly loop: Loop
  readonly company: Company
  readonly user: UserId
  /** Whether the provider would find a row by its id in its calendar now. */
  readonly isThere: (tenant: Tenant, row: CalendarEvent) => boolean
  /** Rows that were not in their calendar at some time. */
  readonly wereAbsent: Set<string>
  /** What happens between the requests of what is read now. */
  readonly meanwhile: Array<Step>
  /** The process dies at the request after so many more; null: it lives. */
  diesAfter: number | null
}

export const nothingYet = <Step>(): Pick<Followed<Step>, "diesAfter" | "meanwhile" | "wereAbsent"> => ({
  wereAbsent: new Set(),
  meanwhile: [],
  diesAfter: null
})

/** At each request. */
export const betweenRequests = <Step>(followed: Followed<Step>, perform: (step: Step) => void): void => {
  const { company, loop, meanwhile } = followed
  if (meanwhile.length > 0 && loop.chance() < 0.2) {
    const step = meanwhile.shift()
    if (step !== undefined) perform(step)
  }
  if (followed.diesAfter === null) return
  followed.diesAfter -= 1
  if (followed.diesAfter > 0) return
  followed.diesAfter = null
  company.kill()
}

/** After each thing that people do. */
export const noteAbsent = <Step>({ company, isThere, user, wereAbsent }: Followed<Step>): void => {
  const tenant = company.tenant(user)
  for (const row of rowsOf(tenant)) if (!isThere(tenant, row)) wereAbsent.add(keyOf(row))
}

/** Reads what is due, until nothing is. A process that dies on the way is replaced, and goes on later. */
export const read = async <Step>(followed: Followed<Step>): Promise<void> => {
  const { company, isThere, loop, user, wereAbsent } = followed
  await company.receive()
  // Both calendars at once, as a process reads them.
  const exit = await company.askExit(({ syncNext }) => Effect.all([drain(syncNext), drain(syncNext)], atOnce))
  if (!company.isUp()) {
    await company.crash()
    return loop.advance(2 * minute)
  }
  if (exit._tag === "Failure") throw new Error(`a sync failed: ${JSON.stringify(exit.cause)}`)
  const tenant = company.tenant(user)
  const rows = rowsOf(tenant)
  // An id may pass on to another row: the same occurrence then lives on under it.
  const alive = new Set(rows.filter((row) => !row.isDeleted).map(itemOf))
  for (const row of rows) {
    if (!row.isDeleted || alive.has(itemOf(row)) || wereAbsent.has(keyOf(row)) || !isThere(tenant, row)) continue
    assert.fail(`deleted without proof: ${JSON.stringify([row.providerId, row.subject, row.originalDate])}`)
  }
  noteAbsent(followed)
}

const rowsOf = (tenant: Tenant): ReadonlyArray<CalendarEvent> => [...tenant.events.values()].map(({ row }) => row)

const keyOf = (row: CalendarEvent): string => `${row.calendarId} ${row.id}`

/** What the provider calls it, whatever our row's name. */
const itemOf = (row: CalendarEvent): string => `${row.calendarId} ${row.providerId}`

const drain = (syncNext: Punctual["Service"]["syncNext"]): Effect.Effect<void, StoreError> =>
  Effect.flatMap(syncNext, (read) => (read._tag === "None" ? Effect.void : drain(syncNext)))

const atOnce = { concurrency: "unbounded", discard: true } as const
