/**
 * Reads payloads as the adapter does. Decides nothing about what is right.
 */
import { Result } from "effect"
import type { ProviderEvent, ProviderSeries } from "@punctual/core"
import { type GoogleItem, eventOf, readGoogleItem, seriesOf } from "../../src/index.ts"
import { payload } from "../fakes/Payloads.ts"

export const itemOf = (json: unknown): GoogleItem => Result.getOrThrow(readGoogleItem(json))

export const berlin = "Europe/Berlin"

/** An event as it is read in a calendar in Berlin; `master` is the payload of its series. */
export const readEvent = (json: unknown, master: unknown = null): ProviderEvent =>
  Result.getOrThrow(eventOf(itemOf(json), { calendarZone: berlin, master: master === null ? null : itemOf(master) }))

export const event = (name: string, master: string | null = null): ProviderEvent =>
  readEvent(payload(name), master === null ? null : payload(master))

export const readSeries = (json: unknown, instances: ReadonlyArray<unknown> | null = null): ProviderSeries =>
  Result.getOrThrow(seriesOf(itemOf(json), instances?.map(itemOf) ?? null, berlin))

/** A weekly master of half an hour from 6 April 2026 on, with other members. */
export const master = (members: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: "series",
  status: "confirmed",
  summary: "Weekly",
  iCalUID: "series@google.com",
  etag: '"1"',
  start: { dateTime: "2026-04-06T09:30:00+02:00", timeZone: berlin },
  end: { dateTime: "2026-04-06T10:00:00+02:00", timeZone: berlin },
  recurrence: ["RRULE:FREQ=WEEKLY"],
  ...members
})
