/**
 * X1: no key, token or secret leaves the process but where it belongs. Everything is done to a real server that could
 * make it talk, at the most talkative level, with traces, metrics and logs sent to a collector; then all that it wrote,
 * sent and stored is searched for every secret that there was.
 */
import { readFile, readdir } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { type Answer, type Client, clientOf } from "../e2e/Client.ts"
import { stop, until } from "../e2e/Processes.ts"
import { type Stage, adminKey, makeStage, secret as launcherSecret } from "../e2e/Stage.ts"
import { type Collector, startCollector } from "./Collector.ts"

const base = "/api/v1/calendar"
const mail = "adele@contoso.example"
const subject = "A subject that may be told"

const apiKey = "pk_MARKED-key-of-the-configuration"
const appSecret = "MARKED-secret-of-the-servers-app"
const masterKey = Buffer.from("MARKED master key of 32 bytes...").toString("base64")
const code = "MARKED-authorization-code"
const typo = "MARKED-secret-in-the-wrong-place"

let collector: Collector
let stage: Stage
/** All that clients were answered, but for keys told to whom they were made for. */
const answered: Array<string> = []
const secrets = new Set<string>([adminKey, apiKey, appSecret, masterKey, launcherSecret, code, typo])

beforeAll(async () => {
  collector = await startCollector()
  stage = await makeStage({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    PUNCTUAL_LOG_LEVEL: "debug",
    PUNCTUAL_API_KEY: apiKey,
    PUNCTUAL_MASTER_KEY: masterKey,
    MICROSOFT_CLIENT_ID: "the-servers-app",
    MICROSOFT_CLIENT_SECRET: appSecret
  })
})

afterAll(async () => {
  await stage.close()
  collector.close()
})

const keeping =
  (client: Client) =>
  async (method: string, path: string, body?: unknown, headers = {}) => {
    const answer: Answer = await client.any(method, path, body, headers)
    answered.push(`${answer.text}\n${JSON.stringify([...answer.headers])}`)
    return answer
  }

const credentials = (): Record<string, string> => {
  const given = stage.credentialsOf(mail)
  secrets.add(given["microsoft_client_secret"] ?? "").add(given["microsoft_refresh_token"] ?? "")
  return given
}

const meeting = (start: number) =>
  stage.simulator.edit({
    type: "createEvent",
    mailbox: mail,
    start: new Date(start).toISOString(),
    end: new Date(start + 3_600_000).toISOString(),
    details: { subject, link: "https://zoom.us/j/5551112222" }
  })

/** Every file under a folder, as bytes. */
const filesOf = async (folder: string): Promise<ReadonlyArray<readonly [string, Buffer]>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(files.map(async (file) => [file, await readFile(file)] as const))
}

describe("a server that was made to talk", () => {
  it("does its work, and meets every kind of failure", async () => {
    const call = keeping(clientOf(stage.server().url, apiKey))
    const admin = clientOf(stage.server().url, adminKey)
    // Made with an idempotency key: the answer, which holds the user's key, is kept for a repetition.
    const made = await admin.any("POST", "/api/v1/admin/users", { name: "Jane" }, { "idempotency-key": "once" })
    const again = await admin.any("POST", "/api/v1/admin/users", { name: "Jane" }, { "idempotency-key": "once" })
    assert.strictEqual(again.json.api_key, made.json.api_key)
    secrets.add(made.json.api_key)

    // Refused before any handler.
    await call("POST", `${base}/create_calendar`, { microsoft_refresh_tokn: typo, microsoft_client_secret: typo })
    await call("GET", `${base}/events?cursor=${typo}`)
    await keeping(clientOf(stage.server().url, `${typo}-as-a-key`))("GET", `${base}/connection`)
    await keeping(clientOf(stage.server().url, null))("GET", `/api/microsoft/oauth-callback?code=${code}&state=${typo}`)
    await keeping(clientOf(stage.server().url, null))("GET", `/nowhere?api_key=${apiKey}`)

    // Refused by Microsoft, then taken.
    const wrong = await call("POST", `${base}/create_calendar`, {
      ...credentials(),
      microsoft_client_secret: typo
    })
    assert.strictEqual(wrong.status, 422, wrong.text)
    const connected = await call("POST", `${base}/create_calendar`, credentials())
    assert.strictEqual(connected.status, 200, connected.text)
    assert.strictEqual((await call("POST", `${base}/connect`)).status, 200)

    meeting(Date.now() + 30_000)
    const { json } = await call("GET", `${base}/events?sync=true`)
    const { id } = json.results.find((row: { readonly subject: string }) => row.subject === subject)
    assert.strictEqual((await call("POST", `${base}/schedule/${id}`, {})).status, 200)
    assert.strictEqual((await call("POST", `${base}/schedule/${id}`, {})).status, 409)
    assert.isNotNull(await until(60_000, async () => stage.arrivals[0] ?? null), stage.server().output())

    // Microsoft is down, then slow, then has taken the grant back.
    stage.simulator.addFaults({ times: 12, answer: { type: "throttle", retryAfter: "integer" } })
    await call("GET", `${base}/calendars`)
    await call("GET", `${base}/events?sync=true`)
    stage.simulator.clearFaults()
    const state = stage.simulator.world()
    for (const subscription of Object.values(state.subscriptions)) secrets.add(subscription.clientState ?? typo)
    await keeping(clientOf(stage.server().url, null))("POST", "/webhooks/microsoft", {
      value: [{ subscriptionId: Object.keys(state.subscriptions)[0], clientState: typo, changeType: "updated" }]
    })
    stage.simulator.edit({ type: "revokeGrant", mailbox: mail })
    stage.simulator.edit({ type: "expireAccessTokens", mailbox: mail })
    await call("GET", `${base}/calendars`)
    await call("GET", `${base}/connection`)
    answered.push(await (await fetch(`${stage.server().url}/metrics`)).text())
    for (const token of [...Object.keys(state.accessTokens), ...Object.keys(state.refreshTokens)]) secrets.add(token)
  })

  it("has sent traces, metrics and logs when it ends", async () => {
    const { code: ended } = await stop(stage.server())
    assert.strictEqual(ended, 0)
    assert.include(collector.got("traces"), '"punctual"')
    assert.include(collector.got("traces"), "Punctual.launch")
    assert.include(collector.got("metrics"), "punctual_launches_total")
    assert.include(collector.got("metrics"), "punctual_bots_due")
    assert.include(collector.got("logs"), "request_id")
    assert.match(stage.server().output(), /level=INFO .*message=request.* request_id=req_\w+ route="POST/)
  })

  it("has told no secret in its logs, traces, metrics or answers", () => {
    assert.isAbove(secrets.size, 12)
    const places = {
      output: stage.server().output(),
      traces: collector.got("traces"),
      metrics: collector.got("metrics"),
      logs: collector.got("logs"),
      answers: answered.join("\n")
    }
    assert.include(places.answers, subject, "a search that finds nothing is none")
    for (const secret of secrets) {
      assert.isAtLeast(secret.length, 8)
      for (const [place, text] of Object.entries(places)) {
        for (const form of [secret, encodeURIComponent(secret)]) {
          const at = text.indexOf(form)
          assert.strictEqual(at, -1, `${place}: …${text.slice(Math.max(0, at - 300), at + 100)}…`)
        }
      }
    }
  })

  it("keeps no secret in its data directory that can be read there", async () => {
    const files = await filesOf(stage.env["PUNCTUAL_DATA_DIR"] ?? "")
    assert.isTrue(
      files.some(([, bytes]) => bytes.includes(subject)),
      "a search that finds nothing is none"
    )
    for (const secret of secrets) {
      for (const [file, bytes] of files) assert.isFalse(bytes.includes(secret), file)
    }
  })
})
