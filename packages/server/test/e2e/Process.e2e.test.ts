/**
 * The server as a process: how it starts, how it refuses to, how slow and odd clients fare, and how it ends.
 */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { readFile, stat } from "node:fs/promises"
import { once } from "node:events"
import { connect, createServer } from "node:net"
import { join } from "node:path"
import { type Client, clientOf } from "./Client.ts"
import { dataDir, punctual, runServer, stop, until } from "./Processes.ts"
import { type Stage, adminKey, makeStage } from "./Stage.ts"

const calendar = "/api/v1/calendar"
const apiKey = "pk_an-operators-own-key"
const waitMillisMax = 60_000
/** It allows itself eight seconds; a machine that runs other tests beside it may need some more. */
const endMillisMax = process.env["PROVE"] === "1" ? 10_000 : 30_000

let stage: Stage
let adele: Client

beforeAll(async () => {
  stage = await makeStage({ PUNCTUAL_API_KEY: apiKey, PUNCTUAL_SWEEP_INTERVAL: "2 seconds" })
  adele = await stage.makeUser("Adele")
  await adele.ok("POST", `${calendar}/create_calendar`, stage.credentialsOf("adele@contoso.example"))
})

afterAll(() => stage.close())

/** Sends raw bytes, piece by piece, and resolves with what came back, and how much was unsent, when it was closed. */
const raw = (pieces: ReadonlyArray<string>, pauseMillis = 0) =>
  new Promise<{ readonly text: string; readonly unsent: number }>((resolve) => {
    const { hostname, port } = new URL(stage.server().url)
    const socket = connect(Number(port), hostname)
    let text = ""
    const left = [...pieces]
    const send = () => {
      const piece = left.shift()
      if (piece === undefined || socket.destroyed) return
      socket.write(piece)
      setTimeout(send, pauseMillis)
    }
    socket.on("connect", send)
    socket.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")))
    socket.on("error", () => socket.destroy())
    socket.on("close", () => resolve({ text, unsent: left.length }))
  })

describe("a running server", () => {
  it("serves the contract and its page, and says that it is ready", async () => {
    const server = stage.server().url
    const spec = (await (await fetch(`${server}/openapi.json`)).json()) as { readonly openapi: string }
    assert.match(spec.openapi, /^3\.1/)
    const docs = await fetch(`${server}/docs`)
    assert.strictEqual(docs.status, 200)
    assert.match(docs.headers.get("content-security-policy") ?? "", /default-src 'none'/)
    assert.deepStrictEqual(await (await fetch(`${server}/readyz`)).json(), { status: "ready", warnings: [] })
    const metrics = await (await fetch(`${server}/metrics`)).text()
    assert.include(metrics, "punctual_http_requests_total")
    assert.match(metrics, /^punctual_rows\{kind="changes"\} \d+$/m)
  })

  it("takes the key of its configuration", async () => {
    const answer = await clientOf(stage.server().url, apiKey).any("GET", `${calendar}/connection`)
    assert.strictEqual(answer.json.code, "calendar_not_connected")
  })

  it("keeps its master key in a file of its owner's alone", async () => {
    const file = join(stage.env["PUNCTUAL_DATA_DIR"] ?? "", "master.key")
    assert.strictEqual((await stat(file)).mode & 0o777, 0o600)
    assert.lengthOf(Buffer.from(await readFile(file, "utf8"), "base64"), 32)
  })

  it("cuts off headers that come a byte at a time", async () => {
    const { text, unsent } = await raw([...`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ${"a".repeat(200)}`], 100)
    // Twenty seconds' worth of bytes. It is cut off after five and a look every half second, before half of them are
    // sent; a busy machine sends them more slowly still.
    assert.isAbove(unsent, 100)
    assert.match(text, /^HTTP\/1\.1 408/)
  })

  it.each([
    ["two lengths", "POST /webhooks/microsoft HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"],
    [
      "length and chunks",
      "POST /webhooks/microsoft HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    ],
    ["an unknown verb", "BREW /healthz HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["a line break in a header", "GET /healthz HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n"]
  ])("refuses %s with 400", async (_, request) => {
    const { text } = await raw([request])
    assert.match(text, /^HTTP\/1\.1 400/)
  })

  it("answers TRACE, absolute addresses and forged forwarding as the contract has it", async () => {
    const close = "Connection: close\r\n\r\n"
    const trace = await raw([`TRACE /healthz HTTP/1.1\r\nHost: x\r\n${close}`])
    assert.match(trace.text, /^HTTP\/1\.1 405/)
    const absolute = await raw([
      `GET http://evil.example/healthz HTTP/1.1\r\nHost: x\r\nX-Forwarded-Host: evil\r\n${close}`
    ])
    assert.match(absolute.text, /^HTTP\/1\.1 200/)
    assert.notInclude(absolute.text, "evil")
    const twoKeys = await raw([
      `GET ${calendar}/connection HTTP/1.1\r\nHost: x\r\nAuthorization: Token ${apiKey}\r\nAuthorization: Token ${apiKey}\r\n${close}`
    ])
    assert.match(twoKeys.text, /^HTTP\/1\.1 401/)
  })

  it("is administered by the command line while it runs, through its admin endpoints", async () => {
    const { port } = new URL(stage.server().url)
    const env = { ...stage.env, PUNCTUAL_PORT: port }
    const made = await punctual(["users", "create", "--name", "Jane"], env)
    assert.strictEqual(made.code, 0, made.output)
    const user = /usr_\w+/.exec(made.output)?.[0] ?? ""
    const first = /pk_[\w-]+/.exec(made.output)?.[0] ?? ""
    const status = async (key: string) =>
      (await fetch(`${stage.server().url}${calendar}/connection`, { headers: { authorization: `Token ${key}` } }))
        .status
    assert.strictEqual(await status(first), 404)
    const rotated = await punctual(["keys", "rotate", user], env)
    assert.strictEqual(rotated.code, 0, rotated.output)
    assert.strictEqual(await status(first), 401)
    assert.strictEqual(await status(/pk_[\w-]+/.exec(rotated.output)?.[0] ?? ""), 404)
    assert.include((await punctual(["keys", "list", user], env)).output, "revoked")
    assert.include((await punctual(["users", "list"], env)).output, "Jane")
    assert.match((await punctual(["jobs", "run", "sweep"], env)).output, /users_decided/)
    const workspace = new RegExp(`${user} +(\\S+)`).exec((await punctual(["users", "list"], env)).output)?.[1] ?? ""
    assert.include((await punctual(["policy", "get", workspace], env)).output, '"updated_at": null')
    assert.include((await punctual(["policy", "get", "wsp_nobodys"], env)).output, "no such workspace")
    assert.include((await punctual(["explain", user, "evt_nobodys"], env)).output, "No calendar is connected")
    assert.include((await punctual(["explain", "usr_nobody", "evt_nobodys"], env)).output, "There is no such user")
    const refused = await punctual(["users", "list"], { ...env, PUNCTUAL_ADMIN_KEY: "" })
    assert.strictEqual(refused.code, 1)
    assert.include(refused.output, "PUNCTUAL_ADMIN_KEY")
  })

  it("is looked over by the doctor", async () => {
    const { port } = new URL(stage.server().url)
    const { code, output } = await punctual(["doctor"], {
      ...stage.env,
      PUNCTUAL_PORT: port,
      PUNCTUAL_PUBLIC_URL: stage.server().url
    })
    assert.strictEqual(code, 0, output)
    assert.include(output, "leads to this server")
    assert.notInclude(output, adminKey)
  })
})

describe("an end", () => {
  it("by SIGKILL loses nothing: what was scheduled is launched after the restart, once", async () => {
    const start = new Date(Date.now() + 75_000).toISOString()
    stage.simulator.edit({
      type: "createEvent",
      mailbox: "adele@contoso.example",
      start,
      end: new Date(Date.now() + 3_600_000).toISOString(),
      details: { subject: "Soon", link: "https://zoom.us/j/5551112222" }
    })
    const { results } = await adele.ok("GET", `${calendar}/events?sync=true`)
    const booked = await adele.ok("POST", `${calendar}/schedule/${results[0].id}`)
    const killed = await stop(stage.server(), "SIGKILL")
    assert.isNull(killed.code)
    await stage.restart()
    const arrival = await until(120_000, async () => stage.arrivals.find(({ id }) => id === booked.bot_id) ?? null)
    assert.isNotNull(arrival, stage.server().output())
    assert.isAtLeast(arrival?.at ?? 0, Date.parse(booked.scheduled_time))
    assert.lengthOf(
      stage.arrivals.filter(({ id }) => id === booked.bot_id),
      1
    )
    assert.strictEqual((await adele.ok("GET", `${calendar}/connection`)).status, "active")
  })

  it("by SIGTERM comes within ten seconds, with code 0, and a request under way is answered", async () => {
    stage.simulator.addFaults({ path: "/calendars$", times: 1, answer: { type: "delay", millis: 2_000 } })
    const slow = adele.any("GET", `${calendar}/calendars`).then(
      ({ status }) => status,
      (error: unknown) => String(error)
    )
    // The fault is spent when Microsoft has the request: the answer is on its way and slow.
    await until(waitMillisMax, async () => (stage.simulator.world().faults.length === 0 ? true : null))
    const ended = await stop(stage.server())
    assert.strictEqual(ended.code, 0, ended.output)
    assert.isBelow(ended.millis, endMillisMax)
    assert.strictEqual(await slow, 200)
  })

  it("leaves the data to the next process, which refuses a port that is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1")
    await once(taken, "listening")
    const address = taken.address()
    const port = typeof address === "object" && address !== null ? String(address.port) : ""
    const { code, output } = await runServer({ ...stage.env, PUNCTUAL_PORT: port })
    taken.close()
    assert.strictEqual(code, 1)
    assert.include(output, `punctual: PUNCTUAL_PORT: 127.0.0.1:${port} is taken by another process; stop that one`)
    await stage.restart()
  })
})

describe("a start that can't be", () => {
  it.each([
    ["PUNCTUAL_PORT", { PUNCTUAL_PORT: "http" }],
    ["PUNCTUAL_PUBLIC_URL", { PUNCTUAL_PUBLIC_URL: "http://punctual.example.com" }],
    ["PUNCTUAL_MASTER_KEY", { PUNCTUAL_MASTER_KEY: "short" }],
    ["PUNCTUAL_LAUNCHER_SECRET", { PUNCTUAL_LAUNCHER: "recall" }]
  ])("says why in one line that names %s, and ends with code 1", async (variable, env) => {
    const data = await dataDir()
    const { code, output } = await runServer({ PUNCTUAL_DATA_DIR: data.path, ...env })
    await data.remove()
    assert.strictEqual(code, 1)
    assert.lengthOf(output.trim().split("\n"), 1, output)
    assert.include(output, `punctual: ${variable}: `)
  })

  it("refuses a data directory that another process holds", async () => {
    const { code, output } = await runServer({ ...stage.env, PUNCTUAL_PORT: "0" })
    assert.strictEqual(code, 1)
    assert.include(output, "in use")
  })
})
