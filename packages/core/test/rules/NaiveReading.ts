/**
 * Rules read a second time, slowly and as the documentation says it: what `matches` is held against.
 * Decides nothing that the code decides by the same means: words by taking texts apart into characters, hours by counting
 * minutes that `Intl` shows, people by listing them.
 */
import type { Conditions, Hours, JoinRule } from "../../src/domain/JoinRule.ts"
import type { KnownOfUser, RuledEvent } from "../../src/rules/RuleFacts.ts"

export const naiveMatches = (
  { when }: Pick<JoinRule, "when">,
  event: RuledEvent,
  known: KnownOfUser
): boolean | null => {
  const { not, ...own } = when
  const answers = answersTo(own, event, known)
  if (not !== undefined) {
    const negated = all(answersTo(not, event, known))
    answers.push(negated === null ? null : !negated)
  }
  return all(answers)
}

const all = (answers: ReadonlyArray<boolean | null>): boolean | null =>
  answers.includes(false) ? false : answers.includes(null) ? null : true

const answersTo = (conditions: Conditions, event: RuledEvent, known: KnownOfUser): Array<boolean | null> =>
  Object.entries(conditions).map(([member, value]) => answerTo(member as keyof Conditions, value, event, known))

/** Values are of the member's type. */
const answerTo = (
  member: keyof Conditions,
  // oxlint-disable-next-line typescript/no-explicit-any -- each member has another type, which its line below knows.
  value: any,
  event: RuledEvent,
  known: KnownOfUser
): boolean | null => {
  const { facts } = event
  switch (member) {
    case "subject_contains":
      return value.some((words: string) => hasWholeWords(event.subject, words))
    case "platform":
      return event.link !== null && value.includes(event.link.platform)
    case "calendar_id":
      return value.includes(event.calendarId)
    case "all_day":
      return value === event.isAllDay
    case "recurring":
      return value === (event.seriesKey !== null)
    case "minutes":
      return isBetween(value, (event.end - event.start) / 60_000)
    case "hours":
      return isInHours(value, event.start, value.time_zone ?? known.calendarZone ?? event.zone)
    case "organizer_email":
      if (event.organizer !== null) return value.some((each: string) => glob(each).test(event.organizer ?? ""))
      break
    case "people":
    case "external_people":
      if (Object.keys(value).length === 0) return true
      break
    default:
  }
  if (facts === null) return null
  const people = namesOf(event, known)
  switch (member) {
    case "location_contains":
      return value.some((words: string) => hasWholeWords(facts.location, words))
    case "organizer_email":
      return false
    case "category":
      return value.some((each: string) => facts.categories.some((other) => folded(other) === folded(each)))
    case "my_response":
      return value.includes(facts.response)
    case "sensitivity":
      return value.includes(facts.sensitivity)
    case "show_as":
      return value.includes(facts.showAs)
    case "people":
      return isBetween(value, people.length)
    case "external_people":
      return isBetween(value, people.filter((each) => !isInternal(each, known)).length)
    case "attendee_email":
      return value.some((each: string) =>
        [...facts.people, ...beyondOf(event)].some((address) => glob(each).test(address))
      )
    default:
      return value.some((side: string) => isOnSide(side, event, known))
  }
}

const isOnSide = (side: string, event: RuledEvent, known: KnownOfUser): boolean => {
  const { facts, organizer } = event
  const isUser = facts?.isOrganizer === true || known.userAddresses.has(organizer ?? "")
  if (side === "self") return isUser && known.userAddresses.size > 0
  const inside = isUser || (organizer !== null && isInternal(organizer, known))
  return side === "internal" ? inside : !inside && organizer !== null
}

const user = "the user"

/** Everybody, the user once. */
const namesOf = (event: RuledEvent, known: KnownOfUser): ReadonlyArray<string> => {
  const addresses = event.facts?.people ?? []
  const own = new Set([...known.userAddresses, ...(event.facts?.isOrganizer === true ? [event.organizer] : [])])
  return [user, ...addresses.filter((address) => !own.has(address)), ...beyondOf(event)]
}

/** With names that nobody else has. */
const beyondOf = ({ facts }: RuledEvent): ReadonlyArray<string> =>
  Object.entries(facts?.peopleBeyond ?? {}).flatMap(([domain, count]) =>
    Array.from({ length: count }, (_, index) => `%${index}@${domain}`)
  )

const isInternal = (address: string, known: KnownOfUser): boolean => {
  if (address === user) return true
  const own =
    known.internalDomains.length > 0
      ? known.internalDomains.map((domain) => domain.toLowerCase())
      : [...known.userAddresses].map((each) => each.split("@")[1] ?? "").filter((domain) => !consumer.test(domain))
  const domain = address.split("@")[1]
  return domain !== undefined && own.some((each) => `.${domain}`.endsWith(`.${each}`))
}

/** Those that the arbitraries have. */
const consumer = /^(?:gmail\.com|yahoo\.co\.uk)$/

const glob = (pattern: string): RegExp => {
  const literal = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&")
  return new RegExp(`^${literal.replaceAll("*", "[^@]+")}$`, "iu")
}

const isBetween = ({ max, min }: { min?: number; max?: number }, number: number): boolean =>
  !(min !== undefined && number < min) && !(max !== undefined && number > max)

// ---- words

const folded = (text: string): string =>
  [...text.normalize("NFKC")]
    .map((each) => (each === "\u0130" ? "i" : each.toLowerCase()))
    .join("")
    .split(/\s+/)
    .join(" ")

const isWord = (character: string | undefined): boolean =>
  character !== undefined && /[\p{L}\p{N}\p{M}_]/u.test(character)

export const hasWholeWords = (text: string, words: string): boolean => {
  const [characters, wanted] = [[...folded(text)], [...folded(words)]]
  return characters.some((_, at) => {
    if (wanted.some((character, index) => characters[at + index] !== character)) return false
    const cutsBefore = isWord(wanted[0]) && isWord(characters[at - 1])
    return !cutsBefore && !(isWord(wanted.at(-1)) && isWord(characters[at + wanted.length]))
  })
}

// ---- hours

const minuteOf = (text: string): number => Number(text.split(":")[0]) * 60 + Number(text.split(":")[1])

/** The minutes of the week that a span has, counted out. */
const isInHours = ({ days, from = "00:00", to }: Hours, start: number, zone: string): boolean => {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23"
  }).formatToParts(start)
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? ""
  const week = ["mo", "tu", "we", "th", "fr", "sa", "su"] as const
  const today = week.findIndex((day) => part("weekday").toLowerCase().startsWith(day))
  const minute = today * 1_440 + minuteOf(`${part("hour")}:${part("minute")}`)
  const first = minuteOf(from)
  const span = (to === undefined ? 1_440 : minuteOf(to)) - first
  const length = span > 0 ? span : span + 1_440
  return week.some((day, index) => {
    if (days !== undefined && !days.includes(day)) return false
    const passed = (minute - (index * 1_440 + first) + 7 * 1_440) % (7 * 1_440)
    return passed < length
  })
}
