/**
 * How fast meeting links are found: megabytes of body a second, on what calendars hold and on what attackers would send.
 * `node packages/core/bench/links.ts` prints the table; `run()` gives its rows to a runner. Every answer is checked
 * before and after the clock runs, never while it does.
 */
import { type LinkField, findMeetingLink } from "../src/links/index.ts"

type Fields = ReadonlyArray<LinkField>

type Row = Readonly<Record<string, string | number>>

interface Table {
  readonly title: string
  readonly note: string
  readonly rows: readonly Row[]
}

/** Long enough for the optimiser to have finished; the best of several, since the machine is shared. */
const warmUpMillis = 150
const sampleMillis = 100
const samples = 5

const bodyCharacters = 300_000
const url = "https://us02web.zoom.us/j/81234567890?pwd=Th6tHQjOAjS2VWS4VjYT80AIKHt1no.1"

interface Body {
  readonly name: string
  readonly contentType: "text" | "html"
  readonly content: string
  readonly expected: string | null
}

const filled = (part: string, characters = bodyCharacters): string =>
  part.repeat(Math.ceil(characters / part.length)).slice(0, characters)

const prose = "Agenda item 12: please read section 3 before the call, see https://wiki.example.com/p/12. "
const safeLink =
  '<p><a href="https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.com%2F1&amp;data=05%7C02%7Calex' +
  '.example%40contoso.com%7C35607c0de4f2ef59d9b62d9018d2b381&amp;reserved=0">item</a></p>\r\n'
const invitation =
  '<html><head><meta charset=utf-8><style>p{margin:0}</style></head><body><div class="me-email-text" lang="en-US">' +
  '<div style="white-space:nowrap">________________________________</div><span>Join Zoom Meeting</span><br>' +
  `<a href="${url}" target="_blank">${url}</a><p>Meeting ID: 812 3456 7890<br>Passcode: 197091</p></div></body></html>`

const bodies: readonly Body[] = [
  { name: "invitation, 500 B", contentType: "html", content: invitation, expected: url },
  { name: "prose, link last", contentType: "text", content: `${filled(prose)}\r\n${url}`, expected: url },
  { name: "prose, no link", contentType: "text", content: filled(prose), expected: null },
  {
    name: "markup, no link",
    contentType: "html",
    content: filled('<p class="x">and <b>so</b> on</p>\r\n'),
    expected: null
  },
  {
    name: "inline image",
    contentType: "html",
    content: `<img src="data:${filled("Wh2Lpk3W")}"><a href="${url}">`,
    expected: url
  },
  { name: "foreign Safe Links", contentType: "html", content: filled(safeLink), expected: null },
  { name: "hostile: nested addresses", contentType: "text", content: filled("https://zoom.us/,"), expected: null },
  { name: "hostile: nested typed hosts", contentType: "text", content: filled("zoom.us/,"), expected: null },
  { name: "hostile: labels", contentType: "text", content: filled(`${"a.".repeat(100)}a/`), expected: null },
  { name: "hostile: brackets", contentType: "text", content: `https://zoom.us/j/${filled(")")}`, expected: null },
  { name: "hostile: folded brackets", contentType: "text", content: filled("<https://zoom.us/\r\n"), expected: null },
  { name: "hostile: open comments", contentType: "html", content: filled("<!--"), expected: null },
  { name: "hostile: open anchors", contentType: "html", content: filled('<a href="'), expected: null },
  { name: "hostile: references", contentType: "html", content: filled("&#x2F;"), expected: null }
]

/** One row a body, in the order above. */
export const run = (): Table => ({
  title: "Meeting links: how fast a body is searched",
  note: `Best of ${samples} samples of ${sampleMillis} ms of processor time. The time of the whole of findMeetingLink, on one body.`,
  rows: bodies.map((body) => {
    const fields: Fields = [{ form: body.contentType === "html" ? "html" : "mail", text: body.content, isCut: false }]
    check(body, fields)
    timed(fields, warmUpMillis)
    const millisPerEvent = Math.min(...Array.from({ length: samples }, () => timed(fields, sampleMillis)))
    check(body, fields)
    return {
      body: body.name,
      form: body.contentType,
      characters: body.content.length,
      "ms a body": Number(millisPerEvent.toFixed(3)),
      "MB/s": Number((body.content.length / 1000 / millisPerEvent).toFixed(1))
    }
  })
})

const check = ({ name, expected }: Body, fields: Fields): void => {
  const found = findMeetingLink(fields)?.url ?? null
  if (found !== expected) throw new Error(`${name}: found ${found}, expected ${expected}`)
}

/** Milliseconds an event takes, over at least so many milliseconds of the processor's time: what else the machine does costs it nothing. */
const timed = (fields: Fields, millis: number): number => {
  const before = process.cpuUsage()
  let events = 0
  let passed = 0
  while (passed < millis) {
    findMeetingLink(fields)
    events += 1
    const { system, user } = process.cpuUsage(before)
    passed = (system + user) / 1000
  }
  return passed / events
}

if (import.meta.main) console.table(run().rows)
