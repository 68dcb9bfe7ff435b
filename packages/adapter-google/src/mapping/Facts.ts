/**
 * Google's event → what rules look at in it.
 * Decides which member says what, and what stands for what is missing: Google leaves defaults out. Reads the whole item,
 * as it came.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/events
 */
import { type EventFacts, type Response, type Sensitivity, keptFacts } from "@punctual/core"
import { isTrue, type JsonObject, readObject, readObjects, readText } from "@punctual/core/http"

export const factsOf = (json: JsonObject): EventFacts => {
  const isOrganizer = isTrue(readObject(json, "organizer") ?? {}, "self")
  return keptFacts({
    isOrganizer,
    response: responseOf(json, isOrganizer),
    organizer: organizerOf(json),
    people: readObjects(json, "attendees").flatMap((guest) => addressOf(guest) ?? []),
    sensitivity: sensitivities.get(readText(json, "visibility") ?? "") ?? "normal",
    showAs: readText(json, "transparency") === "transparent" ? "free" : "busy",
    // Google has colours and labels, and no categories.
    categories: [],
    location: readText(json, "location") ?? ""
  })
}

/** The organizer's address in lower case; null where Google does not say, or says that it does not know. */
export const organizerOf = (json: JsonObject): string | null => {
  const address =
    addressOf(readObject(json, "organizer") ?? {})
      ?.slice(0, addressLengthMax)
      .toLowerCase() ?? null
  return address === placeholder ? null : address
}

/** Of events that were found in mail. */
const placeholder = "unknownorganizer@calendar.google.com"

/** RFC 5321 allows 254. */
const addressLengthMax = 320

/** Who calls a meeting and then declines it has declined it. Without an own entry nothing was answered. */
const responseOf = (json: JsonObject, isOrganizer: boolean): Response => {
  const own = readObjects(json, "attendees").find((guest) => isTrue(guest, "self"))
  const answer = answers.get(readText(own ?? {}, "responseStatus") ?? "") ?? "none"
  return isOrganizer && answer !== "declined" ? "organizer" : answer
}

const answers: ReadonlyMap<string, Response> = new Map([
  ["accepted", "accepted"],
  ["tentative", "tentative"],
  ["declined", "declined"]
])

const sensitivities: ReadonlyMap<string, Sensitivity> = new Map([
  ["private", "private"],
  ["confidential", "confidential"]
])

/** Of a guest or the organizer; rooms are nobody. */
const addressOf = (person: JsonObject): string | null => {
  const address = readText(person, "email")
  return address === null || address.trim() === "" || isTrue(person, "resource") ? null : address
}
