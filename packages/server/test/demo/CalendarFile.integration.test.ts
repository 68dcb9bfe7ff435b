/** `demo --ics` and `punctual ics` on files: each run as a person would run it. */
import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const fixtures = join(import.meta.dirname, "../../../adapter-ics/test/fixtures/exports")
const main = join(import.meta.dirname, "../../demo/main.ts")
const cli = join(import.meta.dirname, "../../src/cli/main.ts")
const runAny = (program: string, ...words: ReadonlyArray<string>) =>
  spawnSync(process.execPath, [program, ...words], { encoding: "utf8" })
const run = (file: string, ...words: ReadonlyArray<string>) => runAny(main, "--ics", file, ...words)
const temporary = (name: string, text: string): string => {
  const file = join(mkdtempSync(join(tmpdir(), "punctual-ics-")), name)
  writeFileSync(file, text)
  return file
}

describe("demo --ics", () => {
  const files = readdirSync(fixtures).filter((name) => name.endsWith(".ics"))

  it("has real files to read", () => assert.isAtLeast(files.length, 8))

  it.each(files)("lists the meetings of %s", (name) => {
    const { status, stderr, stdout } = run(join(fixtures, name))
    assert.strictEqual(stderr, "")
    assert.strictEqual(status, 0, stdout)
    assert.match(stdout, /\d+ of \d+ meetings shown get a bot\.\n$/)
  })

  it("says when a bot joins, and why none does, in each meeting's own zone", () => {
    const { stdout } = run(join(fixtures, "with-links.ics"))
    assert.match(stdout, / 10:00 Europe\/Berlin {2}Interview +bot joins 09:59 on Zoom/)
    assert.match(stdout, /Called off +no bot: cancelled/)
    assert.match(stdout, /Conference +no bot: lasts all day/)
  })

  it("tells a link that a gateway hides from none at all", () => {
    const event = (name: string, text: string) =>
      `BEGIN:VEVENT\nUID:${name}\nDTSTART:20300101T100000Z\nSUMMARY:${name}\nDESCRIPTION:${text}\nEND:VEVENT\n`
    const events = event("Hidden", "https://link.edgepilot.com/s/c3482de6/4dTB") + event("Bare", "See you there")
    const file = temporary("hidden.ics", `BEGIN:VCALENDAR\nVERSION:2.0\n${events}END:VCALENDAR\n`)
    const { stdout } = run(file)
    assert.match(stdout, /Hidden +no bot: a mail gateway hides where its link leads/)
    assert.match(stdout, /Bare +no bot: no meeting link/)
    const { meetings } = JSON.parse(run(file, "--json").stdout)
    assert.deepStrictEqual(
      meetings.map(({ code, subject }: { code: string; subject: string }) => [subject, code]),
      [
        ["Hidden", "link_behind_gateway"],
        ["Bare", "no_meeting_link"]
      ]
    )
  })

  it("says what of a file it could not read as it stands, with the line", () => {
    const { stdout } = run(join(fixtures, "ms_timezones.ics"))
    assert.match(stdout, /^! line 152: DTSTART has quotation marks/)
  })

  it.each([
    ["nothing at all", ""],
    ["something else", "hello"]
  ])("has a clear word for %s, and no calendar to show", (_, text) => {
    const { status, stderr, stdout } = run(temporary("broken.ics", text), "--json")
    assert.strictEqual(status, 2)
    assert.strictEqual(stdout, "")
    assert.match(stderr, /^This is no calendar file: it has no BEGIN:VCALENDAR\./)
  })

  it.each([
    ["a calendar cut short", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:2020", /line 2: The file ends within this VEVENT/],
    [
      "an event without a start",
      "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR\n",
      /line 2: The event "x" has no start/
    ],
    [
      "an impossible rule",
      "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20200101T000000Z\nRRULE:FREQ=NEVER\nEND:VEVENT\nEND:VCALENDAR\n",
      /line 4: RRULE can't be read at "FREQ"/
    ]
  ])("has a clear word for %s", (_, text, word) => {
    const { status, stderr, stdout } = run(temporary("broken.ics", text))
    assert.strictEqual(stderr, "")
    assert.strictEqual(status, 0)
    assert.match(stdout, /^! /)
    assert.match(stdout, word)
  })

  it("has a clear word for a file that is not there, and for options that are none", () => {
    const { status, stderr } = run("no-such-file.ics")
    assert.strictEqual(status, 2)
    assert.match(stderr, /can't read no-such-file\.ics/)
    const file = join(fixtures, "with-links.ics")
    assert.match(run(file, "--from", "tomorrow").stderr, /--from is no RFC 3339 instant/)
    assert.match(run(file, "--days", "0").stderr, /--days is a whole number/)
    assert.match(run(file, "--zone", "Nowhere").stderr, /--zone is no time zone/)
  })
})

describe("punctual ics", () => {
  const file = temporary(
    "one.ics",
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:One\nSUMMARY:Standup\nDTSTART:20271206T100000\nDURATION:PT15M\n" +
      "LOCATION:https://zoom.us/j/91234567890?pwd=abc\nEND:VEVENT\nEND:VCALENDAR\n"
  )
  const span = ["--from", "2027-12-06T00:00:00Z", "--days", "1"]

  it("answers as JSON what the demo answers", () => {
    const { status, stderr, stdout } = runAny(cli, "ics", file, "--json", ...span, "--zone", "Europe/Berlin")
    assert.strictEqual(stderr, "")
    assert.strictEqual(status, 0)
    assert.deepStrictEqual(JSON.parse(stdout), {
      meetings: [
        {
          uid: "One",
          recurrence_id: null,
          subject: "Standup",
          start_time: "2027-12-06T09:00:00Z",
          end_time: "2027-12-06T09:15:00Z",
          time_zone: "Europe/Berlin",
          is_all_day: false,
          is_cancelled: false,
          meeting_platform: "Zoom",
          meeting_url: "https://zoom.us/j/91234567890?pwd=abc",
          will_join: true,
          join_time: "2027-12-06T08:59:00Z",
          code: "joined_by_default"
        }
      ],
      problems: [],
      shown_from: "2027-12-06T00:00:00Z",
      shown_until: "2027-12-07T00:00:00Z",
      shifted_weeks: 0
    })
    assert.strictEqual(run(file, "--json", ...span, "--zone", "Europe/Berlin").stdout, stdout)
  })

  it("exits with 2 and the reason where there is no calendar", () => {
    const { status, stderr } = runAny(cli, "ics", temporary("broken.ics", "hello"))
    assert.strictEqual(status, 2)
    assert.match(stderr, /This is no calendar file/)
  })

  it("reads no address that is not https and public", () => {
    const said = (place: string) => runAny(cli, "ics", place).stderr
    assert.match(said("http://calendar.example/private-secret/basic.ics"), /must begin with https/)
    const { status, stderr } = runAny(cli, "ics", "https://127.0.0.1/private-secret/basic.ics")
    assert.strictEqual(status, 2)
    assert.match(stderr, /private network/)
    assert.notInclude(stderr, "private-secret")
  })
})
