/**
 * Whether the tests of what is read from Graph's JSON (recurrences, link fields, what is kept) would notice: each mistake
 * must turn them red.
 */
import { assert, describe, it } from "@effect/vitest"
import { type Mistake, colourOf, drawn } from "../../../core/test/MutantProcess.ts"

const recurrence = { file: "mapping/RecurrenceFromGraph.ts", tests: ["mapping/RecurrenceFromGraph.test.ts"] }
const fields = { file: "mapping/LinkFields.ts", tests: ["mapping/LinkFields.test.ts"] }
const trim = { file: "mapping/TrimRaw.ts", tests: ["mapping/TrimRaw.test.ts"] }

const mistakes: ReadonlyArray<Mistake & { readonly tests: ReadonlyArray<string> }> = [
  {
    ...recurrence,
    name: "the year 1, which means no date, is one",
    search: "endDate === null || endDate < firstRealDate",
    replace: "endDate === null"
  },
  {
    ...recurrence,
    name: "a null in Graph's place is taken for an object",
    search: 'typeof json === "object" && json !== null &&',
    replace: 'typeof json === "object" &&'
  },
  {
    ...recurrence,
    name: "half a week is an interval",
    search: "Number.isInteger(json) &&",
    replace: ""
  },
  {
    ...recurrence,
    name: "weeks begin on Monday where Graph says nothing",
    search: 'pattern["firstDayOfWeek"] ?? "sunday"',
    replace: 'pattern["firstDayOfWeek"] ?? "monday"'
  },
  {
    ...fields,
    name: "half a link at the end of a cut text is a link",
    search: "mayBeCut && value.length === cutCharacters",
    replace: "mayBeCut && value.length < 0"
  },
  {
    ...fields,
    name: "a subject is believed before the body",
    search: '  yield* body(property(event, "body"))\n',
    replace: '  yield* text(property(event, "subject"), false)\n  yield* body(property(event, "body"))\n',
    tests: ["mapping/LinkFields.test.ts", "links/Corpus.test.ts"]
  },
  {
    ...fields,
    name: "HTML that calls itself text is read as HTML",
    search: 'said === "html" || (said !== "text" && looksLikeHtml(content))',
    replace: 'said === "html" || looksLikeHtml(content)'
  },
  {
    ...fields,
    name: "a bare exception says that it has no link",
    search: "telling.some((member) => Object.hasOwn(event, member))",
    replace: "telling.length > 0"
  },
  {
    ...trim,
    name: "a body that is no object breaks the cut",
    search: 'Predicate.isReadonlyObject(body) ? body["content"] : undefined',
    replace: "(body as { content: unknown }).content"
  },
  {
    ...trim,
    name: "everybody who was asked is kept",
    search: "isCrowded ? { attendees",
    replace: "attendees === null ? { attendees"
  }
]

describe("the tests notice", () => {
  it.each(drawn(mistakes, 3))("that $name", { timeout: 60_000 }, (mistake) => {
    assert.strictEqual(colourOf(mistake, mistake.tests, "adapter-graph"), "red")
  })

  it("nothing in the code as it stands", { timeout: 60_000 }, () => {
    const none = { ...trim, name: "nothing", search: "!isLongBody && !isCrowded", replace: "!isCrowded && !isLongBody" }
    assert.strictEqual(colourOf(none, trim.tests, "adapter-graph"), "green")
  })
})
