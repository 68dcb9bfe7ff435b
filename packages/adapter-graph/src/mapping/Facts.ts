/**
 * Graph's event → what rules look at in it.
 * Decides which property says what, and what stands for what is missing or odd: an event is never rejected for its facts.
 * Reads the whole item, as it came.
 *
 * https://learn.microsoft.com/graph/api/resources/event
 */
import { type EventFacts, type Response, type Sensitivity, type ShowAs, keptFacts } from "@punctual/core"
import { asObject, isTrue, type JsonObject, readArray, readObject, readText } from "@punctual/core/http"
import { readWord } from "../client/Ids.ts"

export const factsOf = (json: JsonObject): EventFacts => {
  const response = responseOf(json)
  const isOrganizer = isTrue(json, "isOrganizer") || response === "organizer"
  return keptFacts({
    isOrganizer,
    // To one's own meeting there is nothing to answer, and of some of them Graph says just that.
    response: isOrganizer && response === "none" ? "organizer" : response,
    organizer: addressOf(json["organizer"]),
    people: (readArray(json, "attendees") ?? []).flatMap((person) => (isRoom(person) ? [] : (addressOf(person) ?? []))),
    sensitivity: wordOf(sensitivities, readWord(json, "sensitivity")) ?? "normal",
    showAs: wordOf(showings, readWord(json, "showAs")) ?? "busy",
    categories: (readArray(json, "categories") ?? []).filter((category) => typeof category === "string"),
    location: readText(readObject(json, "location") ?? {}, "displayName") ?? ""
  })
}

/** The same; null where the item is so bare that what is missing means nothing. */
export const toldFacts = (json: JsonObject): EventFacts | null =>
  telling.some((member) => Object.hasOwn(json, member)) ? factsOf(json) : null

/** An item that has one of these was asked for as a whole. */
const telling = ["attendees", "responseStatus", "isOrganizer", "sensitivity", "showAs", "categories"]

const responseOf = (json: JsonObject): Response =>
  wordOf(responses, readWord(readObject(json, "responseStatus") ?? {}, "response")) ?? "none"

/** Words in lower case, as they are read; `none` and `notResponded` are what is left. */
const responses: Readonly<Record<string, Response>> = {
  organizer: "organizer",
  accepted: "accepted",
  tentativelyaccepted: "tentative",
  declined: "declined"
}

const sensitivities: Readonly<Record<string, Sensitivity>> = {
  normal: "normal",
  personal: "personal",
  private: "private",
  confidential: "confidential"
}

/** `unknown` is what a calendar without the property says: its meetings are met like any others. */
const showings: Readonly<Record<string, ShowAs>> = {
  free: "free",
  tentative: "tentative",
  busy: "busy",
  oof: "oof",
  workingelsewhere: "working_elsewhere"
}

const wordOf = <Word>(words: Readonly<Record<string, Word>>, word: string | null): Word | null =>
  word !== null && Object.hasOwn(words, word) ? (words[word] ?? null) : null

const isRoom = (person: unknown): boolean => readWord(asObject(person) ?? {}, "type") === "resource"

/** Of an attendee or the organizer; null where there is none. */
const addressOf = (person: unknown): string | null => {
  const address = readText(readObject(asObject(person) ?? {}, "emailAddress") ?? {}, "address")
  return address === null || address.trim() === "" ? null : address
}
