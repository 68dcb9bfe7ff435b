/**
 * The doctor's findings: each thing that can be wrong with a set-up is found, in plain words, and nothing secret is said.
 */
import { type RequestListener, createServer } from "node:http"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type Finding, examineAll, keyFindings } from "../../src/cli/Doctor.ts"
import { parse } from "../../src/config/Config.ts"

/** A server on this machine; lives as long as the test. */
const answering = (listener: RequestListener) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly url: string; readonly close: () => void }>((resume) => {
      const server = createServer(listener).listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = typeof address === "object" && address !== null ? address.port : 0
        resume(Effect.succeed({ url: `http://127.0.0.1:${port}`, close: () => void server.close() }))
      })
    }),
    ({ close }) => Effect.sync(close)
  )

/** Nobody listens there. */
const nowhere = "http://127.0.0.1:9"

/** What `readyz` and the webhook's handshake of a healthy server say. */
const healthy: RequestListener = (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://x")
  if (pathname === "/readyz") return void response.writeHead(200).end('{"status":"ready","warnings":[]}')
  response.writeHead(200, { "content-type": "text/plain" }).end(searchParams.get("validationToken") ?? "")
}

const examine = Effect.fnUntraced(function* (env: Readonly<Record<string, string>>) {
  const config = yield* parse({
    MICROSOFT_GRAPH_URL: nowhere,
    MICROSOFT_LOGIN_URL: nowhere,
    GOOGLE_API_URL: nowhere,
    GOOGLE_OAUTH_URL: nowhere,
    PUNCTUAL_PORT: "9",
    ...env
  })
  return yield* examineAll(config)
})

const findingOf = (findings: ReadonlyArray<Finding>, about: string): string => {
  const found = findings.filter((each) => each.about === about)
  return found.map(({ grade, text }) => `${grade}: ${text}`).join("\n")
}

const secret = "hunter2-in-the-address"

describe("the doctor", () => {
  it.live("O: looks at the configured port, and tells a server of ours from somebody else's", () =>
    Effect.gen(function* () {
      const ours = yield* answering(healthy)
      const other = yield* answering((_, response) => void response.writeHead(200).end("It works!"))
      const serverAt = (url: string) =>
        Effect.map(examine({ PUNCTUAL_PORT: new URL(url).port }), (findings) => findingOf(findings, "server"))
      assert.strictEqual(yield* serverAt(ours.url), `fine: the server answers 200 at ${ours.url}`)
      assert.strictEqual(
        yield* serverAt(other.url),
        `wrong: ${other.url} is taken by something that is not Punctual: set PUNCTUAL_PORT`
      )
    })
  )

  it.live("says what does not answer, by its name: database, Microsoft, public address, bot service", () =>
    Effect.gen(function* () {
      const findings = yield* examine({
        DATABASE_URL: `postgres://user:${secret}@127.0.0.1:9/none`,
        PUNCTUAL_MASTER_KEY: Buffer.alloc(32, 7).toString("base64"),
        PUNCTUAL_PUBLIC_URL: nowhere,
        PUNCTUAL_LAUNCHER: "webhook",
        PUNCTUAL_LAUNCHER_URL: `${nowhere}/bots`,
        PUNCTUAL_LAUNCHER_SECRET: `whsec_${Buffer.from(secret).toString("base64")}`
      })
      assert.match(findingOf(findings, "storage"), /^wrong: the PostgreSQL server can't be used: .*ECONNREFUSED/)
      assert.strictEqual(findingOf(findings, "sign-in"), `wrong: ${nowhere} does not answer`)
      assert.strictEqual(findingOf(findings, "graph"), `wrong: ${nowhere} does not answer`)
      assert.strictEqual(findingOf(findings, "google calendar"), `warning: ${nowhere} does not answer`)
      assert.strictEqual(findingOf(findings, "google sign-in"), `warning: ${nowhere} does not answer`)
      const withApp = yield* examine({ GOOGLE_CLIENT_ID: "an-app", GOOGLE_CLIENT_SECRET: secret })
      assert.strictEqual(findingOf(withApp, "google calendar"), `wrong: ${nowhere} does not answer`)
      assert.strictEqual(findingOf(withApp, "google sign-in"), `wrong: ${nowhere} does not answer`)
      assert.notInclude(JSON.stringify(withApp), secret)
      assert.strictEqual(findingOf(findings, "webhooks"), `wrong: ${nowhere}/ does not answer from here`)
      assert.strictEqual(findingOf(findings, "launcher"), `wrong: ${nowhere} does not answer`)
      assert.strictEqual(findingOf(findings, "clock"), "", "there is none to compare with")
      assert.notInclude(JSON.stringify(findings), secret)
    })
  )

  it.live("is content with what works, and notes what is left out", () =>
    Effect.gen(function* () {
      const { url } = yield* answering(healthy)
      const findings = yield* examine({
        PUNCTUAL_PORT: new URL(url).port,
        PUNCTUAL_PUBLIC_URL: url,
        MICROSOFT_GRAPH_URL: url,
        MICROSOFT_LOGIN_URL: url,
        GOOGLE_API_URL: url,
        GOOGLE_OAUTH_URL: url
      })
      assert.deepStrictEqual(
        findings.filter(({ grade }) => grade === "wrong"),
        []
      )
      assert.strictEqual(findingOf(findings, "server"), `fine: the server answers 200 at ${url}`)
      assert.strictEqual(findingOf(findings, "webhooks"), `fine: ${url}/ leads to this server`)
      assert.strictEqual(findingOf(findings, "google calendar"), `fine: ${url} answers`)
      assert.strictEqual(findingOf(findings, "clock"), "fine: it is right")
      assert.match(findingOf(findings, "launcher"), /^warning: PUNCTUAL_LAUNCHER is not set/)
    })
  )

  it.live("finds a server that can't work, an address that leads elsewhere, and a clock that is off", () =>
    Effect.gen(function* () {
      const { url } = yield* answering((_, response) => {
        response
          .writeHead(503, { date: new Date(Date.now() - 3_600_000).toUTCString() })
          .end('{"detail":"Storage takes no writes.","code":"unavailable"}')
      })
      const findings = yield* examine({
        PUNCTUAL_PORT: new URL(url).port,
        PUNCTUAL_PUBLIC_URL: url,
        MICROSOFT_GRAPH_URL: url,
        MICROSOFT_LOGIN_URL: url
      })
      assert.strictEqual(
        findingOf(findings, "server"),
        `wrong: the server answers 503 at ${url}: Storage takes no writes.`
      )
      assert.match(findingOf(findings, "webhooks"), /^wrong: .* answers 503, which is not this server's handshake$/)
      assert.match(findingOf(findings, "clock"), /^wrong: it is 3[56]\d\d s fast: bots would join at the wrong time$/)
    })
  )

  it("tells secrets that rest under former keys, and those that no key opens", () => {
    const inUse = [
      { keyId: "a", secrets: 1 },
      { keyId: "b", secrets: 2 },
      { keyId: "c", secrets: 3 }
    ]
    const findings = keyFindings(inUse, ["b", "a"])
    assert.deepStrictEqual(
      findings.map(({ grade }) => grade),
      ["warning", "fine", "wrong"]
    )
    assert.include(findings[0]?.text ?? "", "punctual secrets reencrypt")
    assert.include(findings[2]?.text ?? "", "PUNCTUAL_MASTER_KEY")
  })
})
