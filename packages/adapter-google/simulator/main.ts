/**
 * The simulator as a command: `node simulator/main.ts --port 4020 --person "Ada Lovelace <ada@example.com>"`.
 *
 * Reads its options, starts a server, prints where it is and the credentials of everyone in it, and stops on a signal.
 */
import { parseArgs } from "node:util"
import { startSimulator } from "./Server.ts"

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "4020" },
    host: { type: "string", default: "127.0.0.1" },
    person: { type: "string", multiple: true, default: ["ada@example.com"] }
  }
})

const simulator = await startSimulator({ port: Number(values.port), host: values.host })
const client = { clientId: "simulated.apps.googleusercontent.com", clientSecret: "simulated-secret" }
simulator.edit({ type: "addClient", ...client })

const people = values.person.map((text) => {
  const [, name, address] = /^(.*?)\s*<(.+)>$/.exec(text) ?? []
  const email = address ?? text
  simulator.edit({ type: "addPerson", email, ...(name !== undefined && { name }) })
  return { email, ...client, refreshToken: simulator.edit({ type: "grant", email, clientId: client.clientId }) }
})

process.stdout.write(`${JSON.stringify({ url: simulator.url, people })}\n`)

const stop = (): void => {
  void simulator.close().then(() => process.exit(0))
}
process.on("SIGINT", stop)
process.on("SIGTERM", stop)
