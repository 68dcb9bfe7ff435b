/**
 * What generators of rules and of events draw from together, so that rules match about as often as they miss.
 *
 * Decides the words, addresses, times of day and counts that are tried. A draw is a function of what is shared: what is
 * shared is known only when event and rule are both drawn, and generators are made once.
 */
import { Arbitrary } from "effect"
import { factPeopleMax } from "../../src/domain/Facts.ts"
import { nullable, oneOf, zones } from "./Values.ts"

/** What a rule and an event have in common. */
export interface Shared {
  readonly words: ReadonlyArray<string>
  /** Times of a day at which spans begin and end. */
  readonly clocks: ReadonlyArray<string>
  /** Ends of counts. */
  readonly ends: ReadonlyArray<number>
  readonly zones: ReadonlyArray<string>
}

/** Words whose edges, case or width is a matter of its own. */
export const ruleWords = [
  "interview",
  "1:1",
  "c++",
  "x_y",
  "a",
  "Café",
  "\u017ftra\u00dfe",
  "ΟΔΟΣ",
  "İstanbul",
  "会議",
  "собес",
  "हिन्दी",
  "𝐛old",
  "ｆｕｌｌ",
  "🚀",
  "+1",
  "#ask",
  "two  words"
]

/** Nothing in particular: at both ends of what small meetings have, and of what is kept by address. */
export const anything: Shared = {
  words: ruleWords,
  clocks: ["00:00", "00:30", "01:00", "02:00", "02:30", "03:00", "09:00", "13:30", "22:00", "23:59"],
  ends: [0, 1, 2, 3, factPeopleMax - 1, factPeopleMax, factPeopleMax + 1, factPeopleMax + 2],
  zones
}

export type Draw<A> = Arbitrary.Arbitrary<(shared: Shared) => A>

/** More than any of the lists is long, and divisible by most lengths. */
const place = oneOf(Array.from({ length: 360 }, (_, index) => index))

const among = <A>(listOf: (shared: Shared) => ReadonlyArray<A>): Draw<A> =>
  Arbitrary.map(place, (index) => (shared: Shared) => {
    const list = listOf(shared)
    // The lists are not empty.
    return list[index % list.length] as A
  })

export const word = among(({ words }) => words)
export const clock = among(({ clocks }) => clocks)
export const countEnd = among(({ ends }) => ends)
export const sharedZone = among((shared) => shared.zones)

/** Whatever is shared. */
export const fixed = <A>(arbitrary: Arbitrary.Arbitrary<A>): Draw<A> => Arbitrary.map(arbitrary, (value) => () => value)

export const listOf = <A>(draw: Draw<A>): Draw<ReadonlyArray<A>> =>
  Arbitrary.map(
    Arbitrary.array(draw, { minLength: 1, maxLength: 3 }),
    (draws) => (shared: Shared) => draws.map((each) => each(shared))
  )

export const settled = <A>(draw: Draw<A>, shared: Shared): Arbitrary.Arbitrary<A> =>
  Arbitrary.map(draw, (each) => each(shared))

const beside = oneOf(["", " ", "-", "(", "x", "7", "_", "é", "\u0301", "会", "🚀", "𐐷", "\u00a0", ":"])

/** A word or two with something at their edges, in one case or another. */
export const text: Draw<string> = Arbitrary.map(
  Arbitrary.all([beside, word, beside, nullable(word, 2), beside, oneOf(["as it is", "upper", "lower", "wide"])]),
  ([before, first, between, second, after, form]) =>
    (shared: Shared) => {
      const whole = `${before}${first(shared)}${between}${second?.(shared) ?? ""}${after}`
      return written(whole, form)
    }
)

const written = (whole: string, form: "as it is" | "upper" | "lower" | "wide"): string => {
  switch (form) {
    case "as it is":
      return whole
    case "upper":
      return whole.toUpperCase()
    case "lower":
      return whole.toLowerCase()
    case "wide":
      return whole.replaceAll(/[!-~]/g, (each) => String.fromCodePoint((each.codePointAt(0) ?? 0) + wideFrom))
  }
}

/** How far the wide forms of ASCII stand behind it. */
const wideFrom = 0xfee0

/** In lower case: the user's own, colleagues', those below a domain or only alike, and those that anybody may have. */
export const ruleAddress = oneOf([
  "ann@acme.example",
  "ann@mail.acme.example",
  "bob@acme.example",
  "eve@notacme.example",
  "kim@eu.acme.example",
  "joe@gmail.com",
  "lea@gmail.com",
  "max@live.acme.example",
  "zoë@partner.example",
  "room"
])

export const ruleDomain = oneOf(["acme.example", "mail.acme.example", "partner.example", "gmail.com", "example", ""])

export const addressPattern = oneOf([
  "ann@acme.example",
  "JOE@Gmail.com",
  "*@acme.example",
  "*@*.acme.example",
  "*@*.example",
  "*@gmail.com",
  "*@ACME.example",
  "zoë@partner.example"
])
