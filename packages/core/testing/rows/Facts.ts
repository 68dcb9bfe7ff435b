/**
 * What rules look at in a meeting that nobody else is in, not answered, where people are busy.
 * Decides default members only.
 */
import type { EventFacts } from "../../src/domain/Facts.ts"

export const facts = (members: Partial<EventFacts> = {}): EventFacts => ({
  isOrganizer: false,
  response: "none",
  people: [],
  peopleBeyond: {},
  sensitivity: "normal",
  showAs: "busy",
  categories: [],
  location: "",
  ...members
})
