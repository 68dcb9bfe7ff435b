/**
 * The contract of the calendar port, kept over a socket with the simulated Google, whichever way what is not known of the
 * real one turns out.
 */
import { CalendarContract } from "@punctual/core/testing"
import { stageLayer } from "./SimulatedStage.ts"

const options = {
  time: "live",
  runs: process.env["PROVE"] === "1" ? 300 : 25,
  // A meeting that its organizer cancels is gone at Google; it has no categories, and no list of channels.
  without: ["cancel", "categories", "listSubscriptions"]
} as const

CalendarContract.suite("Google Calendar, simulated", stageLayer({}), options)

CalendarContract.suite(
  "Google Calendar, simulated the other way, in small pages",
  stageLayer(
    {
      tokensWithBounds: true,
      boundsByFirstInstance: true,
      sparseCancelled: true,
      emptyFirstPage: true,
      pageSizeMax: 40
    },
    { pageSize: 30 }
  ),
  options
)
