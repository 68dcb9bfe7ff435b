/**
 * B12: what readings of two clocks prove, for any offset and any delays on the way.
 */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import {
  type OffsetSpan,
  correctionOf,
  provenSkewOf,
  offsetReading,
  readingsMax,
  together,
  withReading
} from "../../src/domain/ClockOffset.ts"

const start = Date.UTC(2026, 2, 10, 12)

/** A question: when it is put by the store's clock, and how long it and its answer are on the way. */
const question = fc.record({
  at: fc.nat(600_000),
  there: fc.nat(5_000),
  back: fc.nat(5_000)
})
type Question = typeof question extends fc.Arbitrary<infer A> ? A : never

const offset = fc.integer({ min: -200_000, max: 200_000 })
const precision = fc.constantFrom(0, 1, 1_000)
const questions = fc.array(question, { minLength: 1, maxLength: 30 })

/** Read by a process that lacks so much to the store's clock. */
const read = ({ at, back, there }: Question, offsetMillis: number, precisionMillis: number): OffsetSpan => {
  const sentAt = start + at - offsetMillis
  const told = start + at + there
  const coarse = precisionMillis === 0 ? told : Math.floor(told / precisionMillis) * precisionMillis
  return offsetReading(sentAt, { at: coarse, precisionMillis }, sentAt + there + back)
}

const readAll = (all: ReadonlyArray<Question>, offsetMillis: number, precisionMillis: number) =>
  all.reduce<ReadonlyArray<OffsetSpan>>(
    (readings, one) => withReading(readings, read(one, offsetMillis, precisionMillis)),
    []
  )

describe("B12: an offset", () => {
  it("is never believed to be more than it is, so that a corrected clock is never ahead of the store's", () => {
    fc.assert(
      fc.property(questions, offset, precision, (all, offsetMillis, precisionMillis) => {
        assert.isAtMost(correctionOf(readAll(all, offsetMillis, precisionMillis)), offsetMillis)
      })
    )
  })

  it("lacks at most what the quickest of the last answers took on its way, and how coarse the clock is", () => {
    fc.assert(
      fc.property(questions, offset, precision, (all, offsetMillis, precisionMillis) => {
        const quickest = Math.min(...all.slice(-readingsMax).map(({ back }) => back))
        const lacks = offsetMillis - correctionOf(readAll(all, offsetMillis, precisionMillis))
        assert.isAtMost(lacks, quickest + precisionMillis)
      })
    )
  })

  it("is within what readings prove together, and a skew is proven only as far as it goes", () => {
    fc.assert(
      fc.property(questions, offset, precision, (all, offsetMillis, precisionMillis) => {
        const readings = readAll(all, offsetMillis, precisionMillis)
        const span = together(readings) ?? assert.fail("readings of one clock contradict each other")
        assert.isTrue(span.least <= offsetMillis && offsetMillis <= span.most)
        assert.isAtMost(provenSkewOf(readings), Math.abs(offsetMillis))
        assert.isAtMost(readings.length, readingsMax)
      })
    )
  })

  it("is forgotten when the clock was set by more than any reading leaves open", () => {
    fc.assert(
      fc.property(questions, question, offset, (all, one, offsetMillis) => {
        const setTo = offsetMillis + 20_000
        const newest = read(one, setTo, 0)
        const readings = withReading(readAll(all, offsetMillis, 0), newest)
        assert.deepStrictEqual(readings, [newest])
      })
    )
  })

  it("is nothing before the first reading", () => {
    assert.deepStrictEqual([correctionOf([]), provenSkewOf([])], [0, 0])
  })

  it("of 90 s fast, told in 4 ms, is 90 s and 3 ms at worst", () => {
    const reading = offsetReading(start + 90_000, { at: start + 1, precisionMillis: 1 }, start + 90_004)
    assert.deepStrictEqual(reading, { least: -90_003, most: -89_998 })
    assert.strictEqual(correctionOf([reading]), -90_003)
    assert.strictEqual(provenSkewOf([reading]), 89_998)
  })
})
