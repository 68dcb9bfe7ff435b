/** The contract of the calendar port, kept over a socket with the simulated Microsoft 365. */
import { CalendarContract } from "@punctual/core/testing"
import { stageLayer } from "./SimulatedStage.ts"

CalendarContract.suite("Microsoft Graph, simulated", stageLayer, {
  time: "live",
  runs: process.env["PROVE"] === "1" ? 300 : 25
})
