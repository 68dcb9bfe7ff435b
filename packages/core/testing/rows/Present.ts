/**
 * When and whose the rows are of which nothing else is said.
 * Decides that no test is about it: noon of a spring day that lies so far ahead that nothing has ended for a store that
 * reads a clock.
 */
import type { ProviderCalendarId, UserId } from "../../src/domain/Ids.ts"
import { calendarId as calendarIdOf, connectionId as connectionIdOf } from "../../src/domain/DeterministicIds.ts"
import type { Instant } from "../../src/domain/Time.ts"

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** 2041-04-20T12:00:00Z */
export const now: Instant = 2_250_072_000_000

export const userId = "usr_1" as UserId
export const platform = "memory_calendar"
export const connectionId = connectionIdOf(platform, userId)
export const providerCalendarId = "AAMk=" as ProviderCalendarId
export const calendarId = calendarIdOf(connectionId, providerCalendarId)
