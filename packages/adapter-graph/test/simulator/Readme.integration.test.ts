/** The simulator's README: what it shows is run, and what it lists is all there is. */
import { assert, describe, it } from "@effect/vitest"
import { execFileSync, spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { startSimulator } from "../../simulator/index.ts"
import { Edit } from "../../simulator/edits/Edit.ts"
import { FaultAnswer } from "../../simulator/world/Fault.ts"
import { defaultOptions } from "../../simulator/world/Options.ts"
import type { Json } from "./Client.ts"

const folder = new URL("../../simulator/", import.meta.url)
const readme = readFileSync(new URL("README.md", folder), "utf8")

const blocks = (language: string): ReadonlyArray<string> =>
  [...readme.matchAll(new RegExp("```" + language + "\n([\\s\\S]*?)```", "g"))].map((match) => match[1] ?? "")

const hasCurl = (() => {
  try {
    return execFileSync("curl", ["--version"]).length > 0
  } catch {
    return false // a machine without curl; the shell part is then not run
  }
})()

const run = (command: string, args: ReadonlyArray<string>): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: new URL("../", folder) })
    let output = ""
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()))
    child.on("error", reject)
    child.on("close", (code) => (code === 0 ? resolve(output) : reject(new Error(output))))
  })

describe("what it shows", () => {
  it.skipIf(!hasCurl)("the walk with curl", async () => {
    const simulator = await startSimulator()
    const walk = blocks("sh")[1] ?? ""
    const output = await run("bash", ["-euc", walk.replace("http://127.0.0.1:4010", simulator.url)])
    await simulator.close()
    assert.include(output, "2030-01-08T09:00:00.0000000")
    assert.include(output, "SyncStateNotFound")
    assert.include(output, "HTTP/1.1 429")
  })

  it("the piece of TypeScript", async () => {
    const output = await run(process.execPath, ["--input-type=module-typescript", "--eval", blocks("ts")[0] ?? ""])
    assert.strictEqual(output, "")
  })

  it("the command, until it is told to stop", async () => {
    const main = new URL("main.ts", folder).pathname
    const child = spawn(process.execPath, [main, "--port", "0", "--seed", "1", "--scenario", "demo"])
    const line = await new Promise<string>((resolve) =>
      child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString()))
    )
    const { url, people } = JSON.parse(line) as { readonly url: string; readonly people: ReadonlyArray<Json> }
    assert.strictEqual(people.length, 2)
    const reply = await fetch(`${url}/v1.0/me/calendars`, {
      headers: { authorization: `Bearer ${String(people[0]?.["accessToken"])}` }
    })
    assert.strictEqual(reply.status, 200)
    child.kill("SIGTERM")
    assert.strictEqual(await new Promise((resolve) => child.once("exit", resolve)), 0)
  })
})

describe("what it lists", () => {
  const named = (name: string): void => assert.include(readme, `\`${name}\``)

  it("every edit, with its type", () => {
    for (const member of Edit.members) named(member.fields.type.literal)
  })

  it("every fault", () => {
    for (const member of FaultAnswer.members) named(member.fields.type.literal)
  })

  it("every option", () => {
    for (const [group, value] of Object.entries(defaultOptions)) {
      named(group)
      if (typeof value === "object") for (const name of Object.keys(value)) named(name)
    }
  })

  it("every route of the control interface", async () => {
    const simulator = await startSimulator()
    const { routes } = (await (await fetch(`${simulator.url}/_sim`)).json()) as {
      readonly routes: ReadonlyArray<string>
    }
    await simulator.close()
    assert.isAbove(routes.length, 15)
    for (const route of routes) assert.include(readme, route.split(" ")[1] ?? route)
  })
})
