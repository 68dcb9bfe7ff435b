/**
 * One meeting that rules are read on: Ann's, of Acme, an hour on a Monday at ten by Berlin's clocks, with Bob, who is a
 * colleague, and Eve, who is not. Decides defaults only.
 */
import type { EventFacts } from "../../src/domain/Facts.ts"
import type { When } from "../../src/domain/JoinRule.ts"
import { type LookedAt, lookedAt, matches } from "../../src/rules/Matches.ts"
import { type KnownOfUser, type RuledEvent, factsOf } from "../../src/rules/RuleFacts.ts"
import { event as eventRow, hour } from "../../testing/rows/index.ts"

const facts: EventFacts = {
  isOrganizer: true,
  response: "organizer",
  people: ["ann@acme.example", "bob@acme.example", "eve@partner.example"],
  peopleBeyond: {},
  sensitivity: "normal",
  showAs: "busy",
  categories: ["Customers"],
  location: "Room 5, Berlin"
}

const ann: KnownOfUser = {
  userAddresses: new Set(["ann@acme.example"]),
  internalDomains: [],
  calendarZone: "Europe/Berlin"
}

/** 2041-04-22T08:00:00Z, ten o'clock in Berlin. */
export const monday = 2_250_230_400_000

/** What of the meeting and of what is known of the user is another. `facts: null`: not known yet. */
export interface Otherwise extends Partial<Omit<RuledEvent, "facts">> {
  readonly facts?: Partial<EventFacts> | null
  readonly known?: Partial<KnownOfUser>
}

const subjectOf = ({ facts: other, known, ...members }: Otherwise) => {
  const start = members.start ?? monday
  const row = eventRow("Weekly sync with Acme", {
    start,
    end: start + hour,
    organizer: "ann@acme.example",
    ...members
  })
  return factsOf({ ...row, facts: other === null ? null : { ...facts, ...other } }, { ...ann, ...known })
}

const ruleWhen = (when: When) =>
  ({ id: "rule_1", name: "A rule", enabled: true, when, then: "join", bot_config: null }) as const

export const matchesWhen = (when: When, otherwise: Otherwise = {}): boolean | null =>
  matches(ruleWhen(when), subjectOf(otherwise))

export const lookedAtWhen = (when: When, otherwise: Otherwise = {}): LookedAt =>
  lookedAt(ruleWhen(when), subjectOf(otherwise))
