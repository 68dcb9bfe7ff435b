/**
 * The demo: `npx --yes pnpm@12 demo [--stay] [--ics FILE [--json] [--from T] [--days N] [--zone Z]]`.
 * Decides which of the two shows is given: the story with real parts (simulated Microsoft and Google, the real server, a
 * bot sink), or a calendar file of one's own. Needs no account and no configuration, and leaves nothing behind.
 */
import { parseArgs } from "node:util"
import { tellCalendar } from "../src/cli/ics/TellCalendar.ts"
import { icsAllow } from "../src/config/IcsAllow.ts"
import { tellStory } from "./Story.ts"

const usage = `usage: demo [--stay] [--ics FILE [--json] [--from T] [--days N] [--zone Z]]
  --stay      keep everything running afterwards, with ready-made curl lines
  --ics FILE  read a calendar file (or the https address of one) and say which of its meetings would get a bot, when, and
              why the others would not
  --json      say so as JSON
  --from T    look from this RFC 3339 instant on, as 2027-01-31T09:00:00Z; now, if absent
  --days N    look so many times 24 hours ahead
  --zone Z    the zone of times without one, as Europe/Berlin, in a file that does not say which it means
`

const options = () => {
  try {
    const { values } = parseArgs({
      options: {
        stay: { type: "boolean", default: false },
        ics: { type: "string" },
        json: { type: "boolean", default: false },
        from: { type: "string" },
        days: { type: "string" },
        zone: { type: "string" },
        help: { type: "boolean", default: false }
      }
    })
    if (values.help) {
      process.stdout.write(usage)
      process.exit(0)
    }
    return values
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
    process.exit(2)
  }
}

// Whoever reads the output may stop reading, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1))

const { days, from, ics, json, stay, zone } = options()
if (ics === undefined) process.exitCode = await tellStory({ stay })
else {
  const answer = await tellCalendar(
    { place: ics, isJson: json, from, days, zone },
    { allowed: process.env[icsAllow], now: Date.now() }
  )
  process.stdout.write(answer.output)
  process.stderr.write(answer.error)
  process.exitCode = answer.exitCode
}
