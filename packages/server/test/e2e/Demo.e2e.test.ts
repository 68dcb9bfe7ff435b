/** The demo as a newcomer runs it: it ends by itself, well, and tells each step it promises. */
import { assert, describe, it } from "@effect/vitest"
import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { until } from "./Processes.ts"

const main = join(import.meta.dirname, "../../demo/main.ts")
/** All that the demo waits for at most, one after the other; it takes half a minute. */
const storyMillisMax = 600_000
/** Until all four of its processes run. */
const startMillisMax = 120_000
const waitMillisMax = 60_000

/** The line to its end: an address may come in two parts. */
const simulatorAt = /up: a simulated Microsoft 365, at (http\S+)\s/

const childrenOf = (pid: number): ReadonlyArray<number> =>
  spawnSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" })
    .stdout.split("\n")
    .map(Number)
    .filter((each) => each > 0)

const isAlive = (pid: number): boolean => {
  // Signal 0 asks whether the process is there, and throws where it is not.
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe("the demo", () => {
  it(
    "tells the whole story and ends",
    () => {
      const { status, stderr, stdout } = spawnSync(process.execPath, [main], {
        encoding: "utf8",
        timeout: storyMillisMax
      })
      assert.strictEqual(status, 0, `${stdout}\n${stderr}`)
      for (const step of [
        // D: a line for each part as it comes up, whatever else is told while one waits.
        /up: a simulated Microsoft 365[^]*up: the server's process[^]*up: the embedded database[^]*up: the server, at http/,
        /up: a bot sink/,
        /up: a simulated Google/,
        /connected: Adele Vance .*1 change subscription/,
        /connected: Miriam Graham <miriam@fabrikam\.example>, Google, 1 calendar\(s\), 1 change subscription/,
        /connected beside it: "Club", a published calendar/,
        /synced: \d+ meetings of Miriam Graham/,
        /Club night +Zoom/,
        /moved in Google: .* no call to the API\n.*followed: the same bot joins at .* \d+ ms after the move/,
        /synced: \d+ meetings of Adele Vance/,
        /scheduled by hand: "Design review" at \d\d:\d\d:\d\d, its bot joins at/,
        /moved in Outlook: .* no call to the API/,
        /followed: the same bot joins at .* \d+ ms after the move/,
        /its bot is gone: Cancelled \(meeting_deleted\)/,
        /launched: .* reached the sink \d+ ms after start − 1 minute, signature valid, once/
      ]) {
        assert.match(stdout, step)
      }
    },
    storyMillisMax + 10_000
  )

  it("leaves nothing running, and no folder, when its reader stops reading", async () => {
    const folder = await mkdtemp(join(tmpdir(), "demo-of-a-test-"))
    const child = spawn(process.execPath, [main], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ["ignore", "pipe", "ignore"]
    })
    const ended = once(child, "exit")
    let output = ""
    for await (const chunk of child.stdout) {
      output += String(chunk)
      if (simulatorAt.test(output)) break
    }
    // The pipe is closed: the next line that the demo writes ends it.
    assert.deepStrictEqual(await ended, [0, null])
    const url = simulatorAt.exec(output)?.[1] ?? assert.fail(`it told no address: ${output}`)
    const isGone = await until(waitMillisMax, () =>
      fetch(url).then(
        () => null,
        () => true
      )
    )
    assert.isTrue(isGone, `something still answers at ${url}`)
    assert.deepStrictEqual(await readdir(folder), [])
    await rm(folder, { recursive: true })
  })

  it(
    "O: asked to end by SIGTERM, ends its children and removes its folder",
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "demo-of-a-test-"))
      try {
        const demo = spawn(process.execPath, [main], { env: { ...process.env, TMPDIR: folder }, stdio: "ignore" })
        const ended = once(demo, "exit")
        const children = await until(startMillisMax, async () => {
          const found = childrenOf(demo.pid ?? 0)
          return found.length >= 4 ? found : null
        })
        if (children === null) return assert.fail("it started nothing")
        assert.lengthOf(await readdir(folder), 1)
        demo.kill("SIGTERM")
        assert.deepStrictEqual(await ended, [143, null])
        assert.deepStrictEqual(await readdir(folder), [])
        assert.deepStrictEqual(children.filter(isAlive), [])
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
    startMillisMax + 60_000
  )

  it("says how it is used when asked for something it has not", () => {
    const { status, stderr } = spawnSync(process.execPath, [main, "--nonsense"], { encoding: "utf8" })
    assert.strictEqual(status, 2)
    assert.match(stderr, /usage: demo/)
  })
})
