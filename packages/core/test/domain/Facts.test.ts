/** How much of what rules look at is kept, and that the order in which a provider tells it says nothing. */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import {
  type ToldFacts,
  factAddressCharactersMax,
  factCategoriesMax,
  factDomainsMax,
  factPeopleCharactersMax,
  factPeopleMax,
  isDeclined,
  keptFacts
} from "../../src/domain/Facts.ts"
import { facts } from "../../testing/rows/Facts.ts"

const told = (members: Partial<ToldFacts> = {}): ToldFacts => ({ ...facts(), organizer: null, ...members })

const guests = (count: number, domain = "example.com"): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, n) => `guest${n}@${domain}`)

const count = (beyond: Readonly<Record<string, number>>): number =>
  Object.values(beyond).reduce((sum, each) => sum + each, 0)

describe("people", () => {
  it("are distinct addresses in lower case, sorted, the organizer among them", () => {
    const { people, peopleBeyond } = keptFacts(
      told({
        organizer: " Zoe@Example.com",
        people: ["bob@example.com", "ADA@example.com", "ada@example.com ", "", "zoe@example.com"]
      })
    )
    assert.deepStrictEqual(people, ["ada@example.com", "bob@example.com", "zoe@example.com"])
    assert.deepStrictEqual(peopleBeyond, {})
  })

  it("beyond those that are kept are counted by domain, and the organizer is never among them", () => {
    const { people, peopleBeyond } = keptFacts(
      told({ organizer: "zz@last.example", people: [...guests(factPeopleMax), "zy@last.example", "zz@nobody"] })
    )
    assert.lengthOf(people, factPeopleMax)
    assert.include(people, "zz@last.example")
    assert.deepStrictEqual(peopleBeyond, { "": 1, "example.com": 1, "last.example": 1 })
  })

  it("of more domains than are told apart count together, those of fewest people", () => {
    const many = Array.from({ length: factDomainsMax + 9 }, (_, n) => `x@d${n}.example`)
    const { peopleBeyond } = keptFacts(
      told({ people: [...guests(factPeopleMax, "a.example"), ...many, "y@d3.example", "a@d3.example"] })
    )
    assert.strictEqual(Object.keys(peopleBeyond).filter((domain) => domain !== "").length, factDomainsMax)
    assert.isAtLeast(peopleBeyond["d3.example"] ?? 0, 2)
    assert.isAbove(peopleBeyond[""] ?? 0, 0)
  })

  it("of a domain that every object has a member of are counted all the same", () => {
    const odd = ["x@__proto__", "x@constructor", "x@tostring", "nobody"].map((address) => `zz${address}`)
    const { peopleBeyond } = keptFacts(told({ people: [...guests(factPeopleMax), ...odd] }))
    assert.deepStrictEqual(peopleBeyond, { "": 4 })
  })

  it("of addresses as long as any may be are fewer, and of domains too", () => {
    const long = Array.from({ length: 400 }, (_, n) => `x@${"d".repeat(300)}${n}.example`)
    const { people, peopleBeyond } = keptFacts(told({ people: long }))
    assert.isBelow(people.join("").length, factPeopleCharactersMax)
    assert.isBelow(Object.keys(peopleBeyond).join("").length, factPeopleCharactersMax)
    assert.deepStrictEqual([people.length, count(peopleBeyond)], [104, 296])
  })

  it("never take more room than they may, and none is lost", () => {
    const address = fc
      .tuple(fc.string({ maxLength: 300 }), fc.constantFrom("@", ""), fc.string({ maxLength: 60 }))
      .map((parts) => parts.join(""))
    fc.assert(
      fc.property(fc.array(address, { maxLength: 60 }), fc.integer({ min: 1, max: 30 }), (some, times) => {
        const people = Array.from({ length: times }, (_, n) => some.map((each) => `${n}${each}`)).flat()
        const kept = keptFacts(told({ people }))
        const all = new Set(
          people
            .map((each) => each.trim().toLowerCase())
            .filter((each) => each !== "" && each.length <= factAddressCharactersMax)
        )
        assert.strictEqual(kept.people.length + count(kept.peopleBeyond), all.size)
        assert.isAtMost(kept.people.length, factPeopleMax)
        assert.isAtMost(kept.people.join("").length, factPeopleCharactersMax)
        assert.isAtMost(Object.keys(kept.peopleBeyond).join("").length, factPeopleCharactersMax)
      }),
      { numRuns: 200 }
    )
  })
})

describe("facts", () => {
  it("are the same in whatever order they are told, and kept once they stay as they are", () => {
    const people = fc.array(fc.constantFrom(...guests(40), ...guests(5, "other.example"), "Ada@example.com"), {
      maxLength: 30
    })
    const categories = fc.array(fc.constantFrom("Red", "red", "Blue", " Blue", ""), { maxLength: 6 })
    fc.assert(
      fc.property(people, categories, fc.integer({ min: 0, max: 520 }), (some, labels, crowd) => {
        const all = [...some, ...guests(crowd, "crowd.example")]
        const kept = keptFacts(told({ organizer: "zoe@example.com", people: all, categories: labels }))
        const turned = told({ organizer: "zoe@example.com", people: all.toReversed(), categories: labels.toReversed() })
        assert.deepStrictEqual(keptFacts(turned), kept)
        if (count(kept.peopleBeyond) === 0) assert.deepStrictEqual(keptFacts({ ...kept, organizer: null }), kept)
      }),
      { numRuns: 200 }
    )
  })

  it("keep categories and a location within their limits, whole characters only", () => {
    const { categories, location } = keptFacts(
      told({
        categories: ["", " Red ", "Red", `${"x".repeat(254)}😀`, ...Array.from({ length: 200 }, (_, n) => `c${n}`)],
        location: ` Room 5\n${"😀".repeat(600)}`
      })
    )
    assert.lengthOf(categories, factCategoriesMax)
    assert.isTrue([...categories, location].every((text) => text.isWellFormed()))
    assert.strictEqual(categories[0], "Red")
    assert.isTrue(location.startsWith("Room 5\n😀"))
    assert.isAtMost(location.length, 1_000)
  })

  it("say who declined; where they are not known, nobody has", () => {
    const responses = ["accepted", "tentative", "declined", "none", "organizer"] as const
    assert.deepStrictEqual(
      responses.filter((response) => isDeclined({ facts: facts({ response }) })),
      ["declined"]
    )
    assert.isFalse(isDeclined({ facts: null }))
  })
})
