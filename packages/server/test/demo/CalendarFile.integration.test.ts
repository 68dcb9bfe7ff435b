/** `demo --ics` on real files: a sensible list or a clear word, never a crash. Each is run as a person would run it. */
import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const fixtures = join(import.meta.dirname, "../fixtures/ics")
const main = join(import.meta.dirname, "../../demo/main.ts")
const run = (file: string) => spawnSync(process.execPath, [main, "--ics", file], { encoding: "utf8" })
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

  it("says when a bot joins, and why none does", () => {
    const { stdout } = run(join(fixtures, "with-links.ics"))
    assert.match(stdout, /09:00Z {2}Interview +bot joins 08:59Z on Zoom/)
    assert.match(stdout, /Called off +no bot: cancelled/)
    assert.match(stdout, /Conference +no bot: lasts all day/)
  })

  it("tells a link that a gateway hides from none at all", () => {
    const event = (name: string, text: string) =>
      `BEGIN:VEVENT\nUID:${name}\nDTSTART:20300101T100000Z\nSUMMARY:${name}\nDESCRIPTION:${text}\nEND:VEVENT\n`
    const events = event("Hidden", "https://link.edgepilot.com/s/c3482de6/4dTB") + event("Bare", "See you there")
    const { stdout } = run(temporary("hidden.ics", `BEGIN:VCALENDAR\nVERSION:2.0\n${events}END:VCALENDAR\n`))
    assert.match(stdout, /Hidden +no bot: a mail gateway hides where its link leads/)
    assert.match(stdout, /Bare +no bot: no meeting link/)
  })

  it("leaves out an entry it can't read and says so", () => {
    const { stdout } = run(join(fixtures, "ms_timezones.ics"))
    assert.match(stdout, /! an entry was left out: /)
  })

  it.each([
    ["nothing at all", ""],
    ["something else", "hello"],
    ["a calendar cut short", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:2020"],
    ["an event without a start", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR\n"],
    [
      "an impossible rule",
      "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20200101T000000Z\nRRULE:FREQ=NEVER\nEND:VEVENT\nEND:VCALENDAR\n"
    ]
  ])("has a clear word for %s", (_, text) => {
    const { status, stderr, stdout } = run(temporary("broken.ics", text))
    assert.notInclude(stderr, "    at ")
    assert.strictEqual(status, 1)
    assert.match(stdout, /^! /)
  })

  it("has a clear word for a file that is not there", () => {
    const { status, stderr } = run("no-such-file.ics")
    assert.strictEqual(status, 1)
    assert.match(stderr, /can't read no-such-file\.ics/)
  })
})
