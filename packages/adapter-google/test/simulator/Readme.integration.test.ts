/** The simulator's README: what it shows is run, and the options it names are all there are. */
import { assert, describe, it } from "@effect/vitest"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { defaultOptions } from "@punctual/adapter-google/simulator"

const folder = new URL("../../simulator/", import.meta.url)
const readme = readFileSync(new URL("README.md", folder), "utf8")

describe("what it shows", () => {
  it("the piece of TypeScript", async () => {
    const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? ""
    const child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", code], {
      cwd: new URL("../", folder)
    })
    let said = ""
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()))
    const [status] = (await once(child, "close")) as [number | null]
    assert.deepStrictEqual([status, said], [0, ""])
  })

  it("the command: credentials that are good at once", async () => {
    const child = spawn(process.execPath, [new URL("main.ts", folder).pathname, "--port", "0"])
    try {
      const [chunk] = (await once(child.stdout, "data")) as [Buffer]
      const { people, url } = JSON.parse(chunk.toString()) as {
        readonly url: string
        readonly people: ReadonlyArray<Record<"email" | "clientId" | "clientSecret" | "refreshToken", string>>
      }
      const [ada] = people
      const response = await fetch(`${url}/token`, {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "refresh_token",
          client_id: ada?.clientId ?? "",
          client_secret: ada?.clientSecret ?? "",
          refresh_token: ada?.refreshToken ?? ""
        })
      })
      assert.deepStrictEqual([ada?.email, response.status], ["ada@example.com", 200])
    } finally {
      child.kill()
      await once(child, "close")
    }
  })
})

describe("what it lists", () => {
  it("names every option", () => {
    const named = /`options` try it either way: ([^.]*)\./.exec(readme)?.[1] ?? ""
    const options = [...named.matchAll(/`(\w+)`/g)].map(([, name]) => name)
    assert.sameMembers(options, Object.keys(defaultOptions))
  })
})
