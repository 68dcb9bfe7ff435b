/**
 * Generators of what rules look at in an event.
 * Decides facts as an adapter keeps them (`keptFacts`): nothing is listed twice, or in an order of its own.
 */
import { Arbitrary } from "effect"
import { type EventFacts, keptFacts } from "../../src/domain/Facts.ts"
import { boolean, nullable, oneOf, text } from "./Values.ts"

/** Addresses that differ in case, a domain below another, one that only looks like it, and none at all. */
const address = oneOf([
  "ada@example.com",
  "ADA@example.com",
  "bob@mail.example.com",
  "eve@notexample.com",
  "zoë@exämple.org",
  "nobody",
  "@",
  "__proto__@constructor",
  "o'neil+tag@sub.domain.co.uk"
])

const few: Arbitrary.Arbitrary<ReadonlyArray<string>> = Arbitrary.array(address, { maxLength: 4 })

/** More than are kept by their addresses, now and then. */
const people: Arbitrary.Arbitrary<ReadonlyArray<string>> = Arbitrary.map(
  Arbitrary.all({ others: few, crowd: oneOf([0, 0, 0, 0, 0, 0, 0, 0, 0, 501]) }),
  ({ crowd, others }) => [...others, ...Array.from({ length: crowd }, (_, n) => `guest${n}@domain${n % 3}.example`)]
)

export const facts: Arbitrary.Arbitrary<EventFacts> = Arbitrary.map(
  Arbitrary.all({
    isOrganizer: boolean,
    response: oneOf(["accepted", "tentative", "declined", "none", "none", "organizer"]),
    organizer: nullable(address),
    people,
    sensitivity: oneOf(["normal", "personal", "private", "confidential"]),
    showAs: oneOf(["free", "tentative", "busy", "oof", "working_elsewhere"]),
    categories: Arbitrary.array(text, { maxLength: 2 }),
    location: text
  }),
  keptFacts
)
