/**
 * The page on connecting Google does what it says: its commands are run as they stand, against the simulated Google and a real
 * server, both started by the page's own commands. Decides nothing but the ports, which are free ones.
 */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { defaultOptions } from "@punctual/adapter-google/simulator"
import { askedScopes } from "@punctual/adapter-google"
import { bare, dataDir, freePort, until } from "../e2e/Processes.ts"

const root = join(import.meta.dirname, "../../../..")
const page = readFileSync(join(root, "docs/google.md"), "utf8")
const waitMillisMax = 120_000

const blocks = new Map(
  [...page.matchAll(/<!-- (google-[a-z]+) -->\n```sh\n([\s\S]*?)```/g)].map(([, name = "", text = ""]) => [name, text])
)

const running: Array<ChildProcess> = []
let ports: { readonly simulator: number; readonly server: number }
let data: Awaited<ReturnType<typeof dataDir>>

/** The block, with free ports, and without asking a registry for the package manager that runs the test already. */
const command = (name: string): string =>
  (blocks.get(name) ?? assert.fail(`no block ${name}`))
    .replaceAll("4020", String(ports.simulator))
    .replaceAll("8080", String(ports.server))
    .replaceAll("npx --yes pnpm@12 start", "exec node packages/server/src/main.ts")
    .replaceAll("npx --yes pnpm@12 exec node", "exec node")

const begin = (name: string): ChildProcess => {
  const child = spawn("bash", ["-c", command(name)], {
    cwd: root,
    env: bare({
      PATH: `${join(process.execPath, "..")}:${process.env["PATH"] ?? ""}`,
      PUNCTUAL_PORT: String(ports.server),
      PUNCTUAL_DATA_DIR: data.path
    }),
    stdio: ["ignore", "pipe", "inherit"]
  })
  running.push(child)
  return child
}

/** Answers of a block's curls, one after the other, as JSON where they are. */
const asked = (name: string, env: Readonly<Record<string, string>> = {}): string => {
  const { status, stderr, stdout } = spawnSync(
    "bash",
    [
      "-c",
      `set -e\n${command("google-variables")}\n${command(name).replaceAll("curl ", "curl --silent --show-error ")}`
    ],
    { cwd: root, env: bare(env), encoding: "utf8" }
  )
  assert.strictEqual(status, 0, stderr)
  return stdout
}

beforeAll(async () => {
  ports = { simulator: await freePort(), server: await freePort() }
  data = await dataDir()
}, waitMillisMax)

afterAll(async () => {
  for (const child of running) child.kill("SIGTERM")
  await Promise.all(
    running.map((child) =>
      child.exitCode === null && child.signalCode === null
        ? new Promise((resolve) => child.once("exit", resolve))
        : undefined
    )
  )
  await data.remove()
})

describe("docs/google.md", () => {
  it(
    "has commands that do what is said of them",
    async () => {
      const simulator = begin("google-simulator")
      const printed = await new Promise<string>((resolve) =>
        simulator.stdout?.once("data", (chunk) => resolve(String(chunk)))
      )
      for (const word of ["simulated.apps.googleusercontent.com", "simulated-secret", "1//0g-3", "ada@example.com"]) {
        assert.include(printed, word, "what the page says to export is what it prints")
      }
      begin("google-server")
      const isUp = await until(waitMillisMax, () =>
        fetch(`http://127.0.0.1:${ports.server}/readyz`).then(
          ({ ok }) => (ok ? true : null),
          () => null
        )
      )
      assert.isTrue(isUp)
      const connected = JSON.parse(asked("google-connect"))
      assert.deepInclude(connected, {
        user_email: "ada@example.com",
        user_name: "Ada Lovelace",
        platform: "google_calendar"
      })
      assert.strictEqual(connected.watch_setup.subscriptions_setup, 1)
      const looked = asked("google-look")
      assert.include(looked, '"status":"active"')
      assert.include(looked, '"results":[')
      assert.include(asked("google-consent"), "consent_not_configured", "the server of the page has no app of its own")
      const userId = String(connected.calendar_id).replace("google_calendar_", "")
      const gone = JSON.parse(asked("google-disconnect", { USER_ID: userId }))
      assert.deepInclude(gone, { disconnected: true, subscription_stopped: true })
    },
    waitMillisMax * 2
  )

  it("names the scopes that are asked for, and what refusals say", () => {
    for (const scope of askedScopes) {
      assert.include(page, scope.replace(/^.*\/auth\//, "").replace(/^(email|profile)$/, "userinfo.$1"))
    }
    assert.strictEqual(defaultOptions.channelMillis, 7 * 86_400_000)
  })

  it("shows every command once", () => {
    assert.sameMembers(
      [...blocks.keys()],
      [...page.matchAll(/<!-- (google-[a-z]+) -->/g)].map(([, name = ""]) => name)
    )
    assert.strictEqual([...page.matchAll(/```sh/g)].length, blocks.size)
    assert.include(blocks.get("google-oauth") ?? "", "oauth --provider google")
  })
})
