/**
 * One person's case before the judge: what stands in the calendars, beside what the store and the scheduler hold.
 * Shapes alone; it is brought together and judged in `Judge.ts`.
 */
import type { CalendarId } from "../../src/domain/Ids.ts"
import type { EventFacts } from "../../src/domain/Facts.ts"
import type { Bot } from "../../src/domain/Bot.ts"
import type { Instant } from "../../src/domain/Time.ts"
import type { Schedule } from "../../src/ports/Scheduler.ts"
import type { Tenant } from "../memory/StoreMemory.ts"
import type { Person } from "./Model.ts"
import type { Stage } from "./Stage.ts"

/** A meeting as it stands in the calendars that count. */
export interface Standing {
  readonly key: string
  readonly seriesId: string | null
  readonly calendarId: CalendarId
  readonly start: Instant
  readonly end: Instant
  readonly isCancelled: boolean
  readonly url: string | null
  readonly facts: EventFacts | null
}

export interface Case {
  readonly stage: Stage
  readonly person: Person
  readonly tenant: Readonly<Tenant>
  readonly now: Instant
  readonly standing: ReadonlyMap<string, Standing>
  readonly bots: ReadonlyMap<string, ReadonlyArray<Bot>>
  readonly schedules: ReadonlyMap<string, ReadonlyArray<Schedule>>
  /** A put that was overtaken by the bot's end leaves an alarm, which is dropped when it rings. */
  readonly overtaken: ReadonlySet<string>
}
