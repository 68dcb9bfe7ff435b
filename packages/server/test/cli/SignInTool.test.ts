/**
 * The sign-in tool against whoever is not the person at the keyboard: row A27 of the project's attack table, each line
 * of it a test.
 */
import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Redacted, type Scope } from "effect"
import { HttpEffect, type HttpServerRequest } from "effect/http"
import { TestClock } from "effect/testing"
import { settingsFrom } from "../../src/cli/oauth/Settings.ts"
import { makeSignInTool } from "../../src/cli/oauth/SignInTool.ts"
import type { Redeem, Redeemed } from "../../src/oauth/CodeFlow.ts"

const origin = "http://localhost:3000"
const back = "/api/microsoft/oauth-callback"
const refreshToken = "0.AX</script><script>alert(1)</script>"
const granted: Redeemed = {
  kind: "granted",
  tokens: { refreshToken: Redacted.make(refreshToken), accessToken: Redacted.make("ey.a&b"), obtainedAt: 0 }
}

interface Call {
  readonly cookie?: string | null
  readonly host?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

const running = Effect.fnUntraced(function* (outcome: Redeemed = granted) {
  const redeemed: Array<readonly [string, string]> = []
  const told: Array<string> = []
  const redeem: Redeem = (code, verifier) => Effect.sync(() => (redeemed.push([code, verifier]), outcome))
  const settings = yield* settingsFrom({ MICROSOFT_CLIENT_ID: "an-app", MICROSOFT_CLIENT_SECRET: "hunter2" }, [])
  const tool = yield* makeSignInTool(settings, redeem, (line) => Effect.sync(() => void told.push(line)))
  const handler = HttpEffect.toWebHandlerWith<never, HttpServerRequest.HttpServerRequest | Scope.Scope>(
    yield* Effect.context<never>()
  )(tool.handle)
  const call = (path: string, { cookie = null, headers = {}, host = "localhost:3000", method = "GET" }: Call = {}) =>
    Effect.promise(async () => {
      const all = { host, ...headers, ...(cookie !== null && { cookie }) }
      const response = await handler(new Request(`${origin}${path}`, { method, headers: all }))
      const location = response.headers.get("location") ?? ""
      return { status: response.status, headers: response.headers, location, text: await response.text() }
    })
  const start = Effect.fnUntraced(function* (cookie: string | null = null) {
    const answer = yield* call("/start", { cookie })
    const set = answer.headers.get("set-cookie") ?? ""
    const query = new URL(answer.location).searchParams
    return { answer, set, cookie: set.split(";", 1)[0] ?? "", state: query.get("state") ?? "", query }
  })
  return { call, start, redeemed, told, done: tool.done }
})

const returning = (state: string, more = "code=the-code") => `${back}?state=${encodeURIComponent(state)}&${more}`

describe("settings", () => {
  it.effect.each([
    ["MICROSOFT_CLIENT_ID", { MICROSOFT_CLIENT_ID: " " }, []],
    ["MICROSOFT_CLIENT_SECRET", { MICROSOFT_CLIENT_SECRET: undefined }, []],
    ["MICROSOFT_LOGIN_URL", { MICROSOFT_LOGIN_URL: "http://login.example.com" }, []],
    ["--port", {}, ["--port", "http"]],
    ["usage", {}, ["--prot", "3000"]]
  ] as const)("says what is wrong with %s", ([variable, env, args]) =>
    Effect.gen(function* () {
      const whole = { MICROSOFT_CLIENT_ID: "an-app", MICROSOFT_CLIENT_SECRET: "hunter2", ...env }
      assert.strictEqual((yield* Effect.flip(settingsFrom(whole, args))).variable, variable)
    })
  )

  it.effect("have another port where asked to, and the redirect address with it", () =>
    Effect.gen(function* () {
      const env = { MICROSOFT_CLIENT_ID: "an-app", MICROSOFT_CLIENT_SECRET: "hunter2" }
      const { app } = yield* settingsFrom(env, ["--port", "3001"])
      assert.strictEqual(app.redirectUri, "http://localhost:3001/api/microsoft/oauth-callback")
    })
  )
})

describe("the way to Microsoft", () => {
  it.effect("asks for the guide's three scopes and no other, with PKCE, at the exact redirect address", () =>
    Effect.gen(function* () {
      const { start } = yield* running()
      const { answer, query, set, state } = yield* start()
      assert.strictEqual(answer.status, 303)
      assert.match(answer.location, /^https:\/\/login\.microsoftonline\.com\/common\/oauth2\/v2\.0\/authorize\?/)
      assert.strictEqual(query.get("scope"), "Calendars.Read User.Read offline_access")
      assert.strictEqual(query.get("redirect_uri"), "http://localhost:3000/api/microsoft/oauth-callback")
      assert.strictEqual(query.get("code_challenge_method"), "S256")
      assert.match(query.get("code_challenge") ?? "", /^[\w-]{43}$/)
      // 43 letters of base64url: 256 bits.
      assert.match(state, /^[\w-]{43}$/)
      assert.match(set, /^punctual-sign-in=[\w-]{43};.*Max-Age=600;.*Path=\/;.*HttpOnly;.*SameSite=Lax/)
      assert.notInclude(answer.location, "hunter2")
      assert.notStrictEqual((yield* start()).state, state)
    })
  )

  it.effect("does not begin from somebody's page, and goes nowhere that a parameter names", () =>
    Effect.gen(function* () {
      const { call } = yield* running()
      const foreign = yield* call("/start", { headers: { "sec-fetch-site": "cross-site" } })
      assert.strictEqual(foreign.location, `${origin}/`)
      assert.isNull(foreign.headers.get("set-cookie"))
      const evil = "https%3A%2F%2Fevil.example"
      const steered = yield* call(`/start?redirect_uri=${evil}&next=${evil}&state=x`)
      assert.notInclude(steered.location, "evil")
    })
  )
})

describe("the way back", () => {
  it.effect("shows the tokens as data that can't become markup, once, and is done", () =>
    Effect.gen(function* () {
      const { call, done, redeemed, start } = yield* running()
      const { cookie, query, state } = yield* start()
      const waiting = yield* Effect.forkChild(done)
      const answer = yield* call(returning(state, "code=the-code&session_state=x"), { cookie })
      assert.strictEqual(answer.status, 200)
      const [code, verifier] = redeemed[0] ?? ["", ""]
      assert.strictEqual(code, "the-code")
      assert.strictEqual(createHash("sha256").update(verifier).digest("base64url"), query.get("code_challenge"))
      const data = /<script type="application\/json" id="data">(.*?)<\/script>/.exec(answer.text)?.[1] ?? ""
      assert.deepStrictEqual(JSON.parse(data), { refresh: refreshToken, access: "ey.a&b" })
      assert.notInclude(answer.text, "alert(1)</script>")
      assert.notInclude(answer.text, "hunter2")
      yield* Fiber.join(waiting)
      // The same address once more, as from the history.
      assert.strictEqual((yield* call(returning(state), { cookie })).status, 400)
      assert.lengthOf(redeemed, 1)
    })
  )

  it.effect("is refused without a state, with another, after ten minutes, and in another browser", () =>
    Effect.gen(function* () {
      const { call, redeemed, start } = yield* running()
      const mine = yield* start()
      const theirs = yield* start()
      const refused = [
        yield* call(back, { cookie: mine.cookie }),
        yield* call(`${back}?code=the-code`, { cookie: mine.cookie }),
        yield* call(returning(`${mine.state}x`), { cookie: mine.cookie }),
        yield* call(`${returning(mine.state)}&state=${theirs.state}`, { cookie: mine.cookie }),
        // A code that somebody wants this browser to redeem, or that was taken from it.
        yield* call(returning(theirs.state, "code=injected"), { cookie: mine.cookie }),
        yield* call(returning(mine.state)),
        yield* call(returning(mine.state), { cookie: theirs.cookie })
      ]
      for (const { status } of refused) assert.strictEqual(status, 400)
      assert.lengthOf(redeemed, 0)
      // None of that used the sign-in up; time does.
      yield* TestClock.adjust("599 seconds")
      assert.strictEqual((yield* call(returning(theirs.state), { cookie: theirs.cookie })).status, 200)
      yield* TestClock.adjust("1 seconds")
      assert.strictEqual((yield* call(returning(mine.state), { cookie: mine.cookie })).status, 400)
    })
  )

  it.effect("finishes each of two tabs, and forgets the oldest of very many", () =>
    Effect.gen(function* () {
      const { call, start } = yield* running()
      const first = yield* start()
      const second = yield* start(first.cookie)
      assert.strictEqual(second.cookie, first.cookie)
      assert.strictEqual((yield* call(returning(first.state), { cookie: second.cookie })).status, 200)
      assert.strictEqual((yield* call(returning(second.state), { cookie: second.cookie })).status, 200)
      const third = yield* start(first.cookie)
      for (let index = 0; index < 64; index++) yield* start()
      assert.strictEqual((yield* call(returning(third.state), { cookie: third.cookie })).status, 400)
    })
  )

  it.effect("shows what Microsoft said as text, nothing a stranger said, and tells the terminal neither", () =>
    Effect.gen(function* () {
      const { call, start, told } = yield* running()
      const said = `error=access_denied&error_description=${encodeURIComponent("AADSTS65004: <img src=x onerror=alert(1)>")}`
      assert.notInclude((yield* call(returning("x", said))).text, "AADSTS65004")
      const { cookie, state } = yield* start()
      const declined = yield* call(returning(state, said), { cookie })
      assert.strictEqual(declined.status, 400)
      assert.include(declined.text, "AADSTS65004: &lt;img src=x onerror=alert(1)&gt;")
      assert.include(declined.text, "choose Accept")
      assert.lengthOf(told, 1)
      assert.notInclude(told.join(), "img")
    })
  )

  it.effect("goes on after a refusal, and after an answer without a refresh token, with the guide's hint", () =>
    Effect.gen(function* () {
      const refused = yield* running({ kind: "refused", detail: "The client secret has expired.", said: null })
      const one = yield* refused.start()
      const answer = yield* refused.call(returning(one.state), { cookie: one.cookie })
      assert.strictEqual(answer.status, 502)
      assert.include(answer.text, "The client secret has expired.")
      assert.include(answer.text, `href="/start"`)

      const without = yield* running({ kind: "granted", tokens: { ...granted.tokens, refreshToken: null } })
      const two = yield* without.start()
      const hinted = yield* without.call(returning(two.state), { cookie: two.cookie })
      assert.include(hinted.text, "only when offline_access is in the")
      for (const { done } of [refused, without]) {
        const waiting = yield* Effect.forkChild(done)
        yield* Effect.yieldNow
        assert.isUndefined(waiting.pollUnsafe())
      }
    })
  )
})

describe("every answer", () => {
  it.effect("is for this machine's own names alone: a foreign name pointed here gets nothing", () =>
    Effect.gen(function* () {
      const { call } = yield* running()
      for (const host of [
        "evil.example:3000",
        "evil.example",
        "localhost",
        "localhost:3001",
        "localhost.evil.example:3000"
      ]) {
        const answer = yield* call("/", { host })
        assert.strictEqual(answer.status, 421, host)
        assert.notInclude(answer.text, "Microsoft")
      }
      // Cookies belong to a name, so there is one.
      for (const host of ["127.0.0.1:3000", "[::1]:3000"]) {
        assert.strictEqual((yield* call("/", { host })).location, `${origin}/`)
        assert.strictEqual((yield* call("/start", { host })).status, 404)
      }
      for (const method of ["POST", "HEAD", "OPTIONS"]) {
        assert.strictEqual((yield* call("/start", { method })).status, 405, method)
      }
      assert.strictEqual((yield* call("/favicon.ico")).status, 404)
    })
  )

  it.effect("is kept nowhere and framed by nobody, and what runs or styles it is told by its digest", () =>
    Effect.gen(function* () {
      const { call, start } = yield* running()
      const { cookie, state } = yield* start()
      const pages = [
        yield* call("/"),
        yield* call(returning("nobody's"), { cookie }),
        yield* call(returning(state), { cookie })
      ]
      for (const { headers, text } of pages) {
        assert.strictEqual(headers.get("cache-control"), "no-store")
        assert.strictEqual(headers.get("referrer-policy"), "no-referrer")
        assert.strictEqual(headers.get("x-content-type-options"), "nosniff")
        const policy = headers.get("content-security-policy") ?? ""
        assert.match(policy, /^default-src 'none'; /)
        assert.include(policy, "frame-ancestors 'none'")
        assert.notInclude(policy, "unsafe")
        const told = [...policy.matchAll(/'(sha256-[^']+)'/g)].map(([, digest]) => digest)
        const inline = [...text.matchAll(/<(?:style|script)>(.*?)<\/(?:style|script)>/gs)].map(
          ([, code = ""]) => `sha256-${createHash("sha256").update(code).digest("base64")}`
        )
        assert.isNotEmpty(inline)
        assert.deepStrictEqual(told, inline)
        assert.notMatch(text, / on\w+=|style=|javascript:/)
      }
      assert.lengthOf([...(pages[2]?.headers.get("content-security-policy") ?? "").matchAll(/sha256-/g)], 2)
    })
  )
})
