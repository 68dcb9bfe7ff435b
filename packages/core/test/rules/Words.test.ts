/**
 * Words in texts that are asked for many of them: however many were asked before, each answer is the second reading's. And
 * that a text which takes the short way of folding is folded as by the long one.
 */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { FoldedText, foldText, foldWords, hasAnyOf } from "../../src/rules/Words.ts"
import { hasWholeWords } from "./NaiveReading.ts"

const runs = process.env["PROVE"] === "1" ? 50_000 : 500

const piece = fc.oneof(
  fc.constantFrom(
    "sync",
    "1:1",
    "Café",
    "CAFE\u0301",
    "Straße",
    "c++",
    "会議",
    "𐐷",
    "🚀",
    "_",
    "-",
    " ",
    "  ",
    "\u00a0",
    "a"
  ),
  fc.string({ maxLength: 3, unit: "grapheme" })
)

const subject = fc
  .array(piece, { minLength: 4, maxLength: 12 })
  .chain((pieces) =>
    fc.record({
      text: fc.constant(pieces.join(" ")),
      words: fc.array(
        // Of the text itself, so that they are found; and others.
        fc.oneof(
          fc
            .tuple(fc.nat(8), fc.integer({ min: 1, max: 3 }))
            .map(([at, length]) => pieces.slice(at, at + length).join(" ")),
          fc.array(piece, { minLength: 1, maxLength: 2 }).map((each) => each.join(""))
        ),
        { minLength: 10, maxLength: 40 }
      )
    })
  )
  .map(({ text, words }) => ({ text, words: words.filter((each) => each.trim() !== "") }))

describe("words in a text", () => {
  it("are found however many were asked for before", () => {
    let [found, missed] = [0, 0]
    fc.assert(
      fc.property(subject, ({ text, words }) => {
        const folded = new FoldedText(text)
        for (const each of words) {
          const expected = hasWholeWords(text, each)
          assert.strictEqual(hasAnyOf(folded, [foldWords(each)]), expected, each)
          if (expected) found++
          else missed++
        }
      }),
      { numRuns: runs }
    )
    assert.isAbove(found, runs)
    assert.isAbove(missed, runs)
  })

  it("are not looked for where a pair of their letters is missing", () => {
    const text = new FoldedText("Weekly planning of project 7")
    const words = Array.from({ length: 20 }, () => foldWords("interview"))
    assert.isFalse(hasAnyOf(text, words))
    assert.isTrue(words.every((each) => text.surelyLacks(each)))
    assert.isFalse(text.surelyLacks(foldWords("planning of")))
  })

  it("are folded alike by the short way and the long one", () => {
    // Behind a character that takes the long way, which stays as it is.
    const long = (text: string): string => foldText(`${text}会`).slice(0, -1)
    const latin = Array.from({ length: 0x100 }, (_, unit) => String.fromCharCode(unit))
    for (const each of latin) assert.strictEqual(foldText(`x${each}y`), long(`x${each}y`), each)
    assert.strictEqual(foldText("A  B"), "a b")
  })
})
