/**
 * People of a VEVENT.
 * Decides by which address each goes, and who has said no.
 */
import type { Property } from "../text/Property.ts"

/** What a person is called by: an address in lower case, or null. */
export const addressOf = (person: Property | null): string | null => {
  if (person === null) return null
  const written = [person.value, person.parameters["EMAIL"] ?? ""].map((text) =>
    text
      .trim()
      .replace(/^mailto:/i, "")
      .toLowerCase()
  )
  return written.find((address) => /^[^\s@]+@[^\s@]+$/.test(address)) ?? null
}

export const isDecline = (attendee: Property, owners: ReadonlySet<string>): boolean =>
  (attendee.parameters["PARTSTAT"] ?? "").toUpperCase() === "DECLINED" && owners.has(addressOf(attendee) ?? "")
