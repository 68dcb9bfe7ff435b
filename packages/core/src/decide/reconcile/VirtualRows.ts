/**
 * Which virtual occurrences are stored as rows, so that users see them among their events.
 * Decides that a row stays for as long as a bot refers to it and the provider has not listed the occurrence. Never
 * decides whether there is a bot.
 */
import type { Bot } from "../../domain/Bot.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import { sameJson } from "../../domain/JsonEquality.ts"
import type { Commit } from "../../domain/Slice.ts"
import type { DecisionContext } from "../desired/DecisionContext.ts"

/** The virtual rows to write and those to remove. */
export const virtualRows = (
  events: ReadonlyArray<CalendarEvent>,
  far: DecisionContext["far"],
  bots: ReadonlyArray<Bot>
): Required<Pick<Commit, "putVirtual" | "deleteVirtual">> => {
  const spoken = new Set(bots.filter(({ status }) => status !== "Cancelled").map(({ meeting }) => meeting))
  const wanted = new Map<CalendarEvent["id"], CalendarEvent>()
  for (const [meeting, copies] of far) if (spoken.has(meeting)) for (const copy of copies) wanted.set(copy.id, copy)
  const stored = new Map(events.filter(({ isVirtual }) => isVirtual).map((event) => [event.id, event]))
  return {
    putVirtual: [...wanted.values()].filter((event) => {
      const held = stored.get(event.id)
      return held === undefined || !isSame(held, event)
    }),
    deleteVirtual: [...stored.keys()].filter((id) => !wanted.has(id))
  }
}

/** Compares the members that are a virtual occurrence's own; the rest is its series' and comes with it. */
const isSame = (held: CalendarEvent, event: CalendarEvent): boolean =>
  held.start === event.start &&
  held.end === event.end &&
  held.subject === event.subject &&
  held.zone === event.zone &&
  held.isAllDay === event.isAllDay &&
  sameJson(held.facts, event.facts) &&
  held.link?.url === event.link?.url
