/**
 * The demo: `npx --yes pnpm@12 demo [--stay] [--ics FILE]`.
 * Decides which of the two shows is given: the story with real parts (a simulated Microsoft 365, the real server, a bot
 * sink), or a calendar file of one's own. Needs no account and no configuration, and leaves nothing behind.
 */
import { parseArgs } from "node:util"
import { tellCalendar } from "./CalendarFile.ts"
import { tellStory } from "./Story.ts"

const usage = `usage: demo [--stay] [--ics FILE]
  --stay      keep everything running afterwards, with ready-made curl lines
  --ics FILE  read a calendar file and say which of its meetings would get a bot, when, and why the others would not
`

const options = (): { readonly stay: boolean; readonly ics: string | undefined } => {
  try {
    const { values } = parseArgs({
      options: {
        stay: { type: "boolean", default: false },
        ics: { type: "string" },
        help: { type: "boolean", default: false }
      }
    })
    if (values.help) {
      process.stdout.write(usage)
      process.exit(0)
    }
    return { stay: values.stay, ics: values.ics }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
    process.exit(2)
  }
}

// Whoever reads the output may stop reading, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1))

const { ics, stay } = options()
process.exitCode = ics === undefined ? await tellStory({ stay }) : await tellCalendar(ics)
