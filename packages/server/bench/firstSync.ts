/**
 * The first sync: a calendar of 10,000 events, and a thousand calendars of fifty, through the real server on its embedded
 * database and the simulated Microsoft 365, which shares the machine.
 * Measures time, requests beside the least there could be, and the server's memory at its highest.
 */
import type { Row, Table } from "../../../bench/Table.ts"
import { deploy } from "../test/e2e/Deployment.ts"
import { type Office, firstSync } from "../test/e2e/FirstSync.ts"

const offices: ReadonlyArray<Office> = [
  { mailboxes: 1, calendars: 1, events: 1_000 },
  { mailboxes: 1, calendars: 1, events: 10_000 },
  { mailboxes: 100, calendars: 10, events: 50 },
  { mailboxes: 1_000, calendars: 1, events: 50 }
]

export const run = async (): Promise<Table> => {
  const rows: Array<Row> = []
  for (const office of offices) {
    // A process that has read much keeps some of its memory: each office has its own.
    const deployment = await deploy()
    try {
      const seen = await firstSync(deployment, office)
      rows.push({
        mailboxes: office.mailboxes,
        "calendars each": office.calendars,
        "events each": office.events,
        "took s": seen.tookMillis / 1_000,
        "of it server's core s": seen.serverCpuMillis === null ? "?" : seen.serverCpuMillis / 1_000,
        "pages asked for": seen.pages,
        "at least": seen.pagesMin,
        "other requests": seen.others,
        tokens: seen.tokens,
        "at once in a mailbox": seen.inFlightMax,
        "told to wait": seen.throttled,
        "MiB at rest": seen.restMiB ?? "?",
        "MiB at most": seen.peakMiB ?? "?"
      })
    } finally {
      await deployment.close()
    }
  }
  return { title: "First sync", note: "From the first request to connect until the last calendar is read.", rows }
}
