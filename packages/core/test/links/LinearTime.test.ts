/**
 * Law C9, time: linear in the text, whatever the text. Proved twice. First by counting: the candidates of a text never
 * overlap, so everything that is done per candidate is done on each character once. Then by processor time, with four
 * times the text: linear work takes about four times as long, quadratic work sixteen.
 */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { type LinkField, findMeetingLink } from "../../src/links/index.ts"
import { html, mail } from "./Fields.ts"
import { linksInText } from "../../src/links/TextLinks.ts"
import { hostileText } from "./Arbitraries.ts"

const filled = (part: string, characters: number): string =>
  part.repeat(Math.ceil(characters / part.length)).slice(0, characters)

/** What has made such searches quadratic: here, elsewhere, or in a first draft. */
const traps = {
  "nested addresses": "https://zoom.us/,",
  "nested foreign addresses": "https://,",
  "nested typed hosts": "zoom.us/,",
  "nested app addresses": "msteams:/,",
  "labels without end": "a.",
  "labels before a slash": `${"a.".repeat(200)}a/`,
  slashes: "/",
  "closing brackets": "https://zoom.us/j/))))))))))",
  "brackets and dots": ").",
  "opening brackets": "https://zoom.us/j/((((((((((",
  "escaped ampersands": "&amp;",
  "open angle brackets": "<https://",
  "folded lines": "<https://zoom.us/\r\n",
  "blank lines in a bracket": `<https://zoom.us/${" ".repeat(300)}\r\n>`,
  "soft breaks": "=\r\n",
  rulers: "=",
  "white space": " ",
  comments: "<!--",
  "closed comments": "<!---->",
  "open anchors": '<a href="',
  "mixed quotes": `<a href='"`,
  "open tags": "<a",
  "attributes without end": "<a x=y ",
  "open scripts": "<script>",
  "closed scripts": "<script></script>",
  "half end tags": "<title></titl",
  templates: "<template>",
  references: "&#x2F;",
  "half references": "&#",
  "zeros in a reference": "&#0000000000",
  "Proofpoint tokens": "https://urldefense.com/v3/__******__;AAAA!! ",
  "Proofpoint ends": "https://urldefense.com/v3/__;__;__;",
  wrappers: "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fzoom.us%2Fj%2F1 ",
  "hidden targets": "https://link.edgepilot.com/s/c3482de6/4dTB ",
  "regions without end": "https://protect.checkpoint.com/v2/r01/______ ",
  "clicks without end": "https://x.awstrack.me/L0///////// ",
  "countries without end": "https://google.co.google.co.uk/url?q=",
  "the same meeting, never with a passcode": "https://zoom.us/j/81234567890 ",
  prose: "Agenda: see https://wiki.example.com/p/0. And so on, and so on. "
} as const

const bodies = (content: string) => [mail(content), html(content)]

/** Milliseconds of processor, not of clock: what else the machine does is not counted. */
const cpuMillis = (events: readonly ReadonlyArray<LinkField>[]): number => {
  const before = process.cpuUsage()
  for (const event of events) findMeetingLink(event)
  const { system, user } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** Below this, the collector and the optimiser drown the difference between linear and quadratic. */
const noiseMillis = 60

/** For a body of 300,000 characters; the slowest trap takes a quarter of it on two shared cores. */
const bodyMillisMax = 500

const growthMax = 10

/** No busy machine explains this. */
const hopelessMillis = 4 * bodyMillisMax

/** A busy machine disturbs a measurement now and then; what is quadratic is so every time. */
const attemptsMax = 6

/** `characters` of the part, read as text and as HTML, against a quarter as many. */
const assertLinear = (name: string, part: string, characters: number): void => {
  const whole = bodies(filled(part, characters))
  const quarter = bodies(filled(part, characters / 4))
  let wholeMillis = Number.POSITIVE_INFINITY
  let quarterMillis = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    wholeMillis = Math.min(wholeMillis, cpuMillis(whole))
    if (wholeMillis < noiseMillis) return
    quarterMillis = Math.min(quarterMillis, cpuMillis(quarter))
    if (wholeMillis > whole.length * hopelessMillis) break
    if (wholeMillis / quarterMillis < growthMax && wholeMillis / whole.length < bodyMillisMax) return
  }
  const growth = (wholeMillis / quarterMillis).toFixed(1)
  assert.fail(
    `${name}: ${characters} characters take ${wholeMillis.toFixed(0)} ms, ${growth} times what a quarter takes`
  )
}

describe("law C9: the time is linear", () => {
  it("candidates never overlap: together they are no longer than the text", () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 50 }), (part, times) => {
        const text = part.repeat(times)
        const candidates = [...linksInText(text, false)]
        const typed = candidates.filter((candidate) => !text.includes(candidate)).length
        const characters = candidates.reduce((sum, candidate) => sum + candidate.length, 0)
        assert.isAtMost(characters, text.length + typed * "https://".length)
      })
    )
  })

  it.each(Object.entries(traps))("%s", (name, part) => {
    assertLinear(name, part, 300_000)
  })

  it("any text, repeated", () => {
    fc.assert(
      fc.property(hostileText, (part) => {
        fc.pre(part !== "")
        assertLinear(JSON.stringify(part), part, 100_000)
      }),
      { numRuns: process.env["PROVE"] === "1" ? 300 : 30 }
    )
  })

  it("a link at the end of a million characters is found", () => {
    const url = "https://zoom.us/j/81234567890"
    const before = filled("Agenda: see https://wiki.example.com/p/0. <p>And so on.</p> ", 1_000_000)
    for (const event of bodies(`${before} ${url}`)) assert.strictEqual(findMeetingLink(event)?.url, url)
  })
})
