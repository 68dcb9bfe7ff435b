/**
 * The simulator as a command: `node simulator/main.ts --port 4010 --seed 1 --scenario demo`.
 *
 * Reads its options, starts a server, prints where it is and the credentials of everyone in it, and stops on a signal.
 */
import { parseArgs } from "node:util"
import { isScenario, scenarios } from "./Scenario.ts"
import { startSimulator } from "./Server.ts"
import { defaultApp, withApp } from "./world/Grant.ts"
import { emptyWorld } from "./world/World.ts"

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "4010" },
    host: { type: "string", default: "127.0.0.1" },
    seed: { type: "string", default: "1" },
    scenario: { type: "string", default: "empty" }
  }
})

if (!isScenario(values.scenario)) {
  process.stderr.write(`no scenario "${values.scenario}"; there are ${Object.keys(scenarios).join(", ")}\n`)
  process.exit(1)
}

const world = scenarios[values.scenario](withApp(emptyWorld(Number(values.seed)), defaultApp), Date.now())
const simulator = await startSimulator({ port: Number(values.port), host: values.host, world })
const people = Object.keys(world.mailboxes).map((mailbox) => simulator.grant(mailbox))

process.stdout.write(`${JSON.stringify({ url: simulator.url, people })}\n`)

const stop = (): void => {
  void simulator.close().then(() => process.exit(0))
}
process.on("SIGINT", stop)
process.on("SIGTERM", stop)
