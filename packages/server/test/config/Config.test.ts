/**
 * The configuration: its defaults, and one clear line for each mistake.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Redacted } from "effect"
import { type ServerConfig, parse } from "../../src/config/Config.ts"
import { isTrusted } from "../../src/config/ConfigValue.ts"

const day = 86_400_000
const recall = { PUNCTUAL_LAUNCHER: "recall", PUNCTUAL_LAUNCHER_SECRET: "a-key" }
const webhook = {
  PUNCTUAL_LAUNCHER: "webhook",
  PUNCTUAL_LAUNCHER_URL: "https://bots.example.com/launch",
  PUNCTUAL_LAUNCHER_SECRET: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
}

const addresses = ({ google: { apiUrl, authUrl, tokenUrl } }: ServerConfig) => [
  apiUrl.href,
  tokenUrl.href,
  authUrl.href
]

describe("the configuration", () => {
  it.effect("has the contract's defaults", () =>
    Effect.gen(function* () {
      const config = yield* parse({})
      assert.strictEqual(config.host, "127.0.0.1")
      assert.strictEqual(config.port, 8_080)
      assert.strictEqual(config.dataDir, "./.punctual")
      assert.strictEqual(config.graphUrl.href, "https://graph.microsoft.com/")
      assert.strictEqual(config.loginUrl.href, "https://login.microsoftonline.com/")
      assert.strictEqual(config.rateLimit, 50)
      assert.deepStrictEqual(config.launcher, { kind: "none" })
      const { launchTimeoutMillis, leadMillis, leaseMillis, pollMillis, safetyPollMillis, sweepMillis } = config.policy
      assert.deepStrictEqual(
        [pollMillis, safetyPollMillis, sweepMillis, leadMillis],
        [300_000, 900_000, 60_000, 60_000]
      )
      assert.deepStrictEqual([leaseMillis, launchTimeoutMillis], [60_000, 30_000])
      const { changesKeptMillis, historyKeptMillis } = config.policy
      assert.deepStrictEqual([changesKeptMillis, historyKeptMillis], [30 * day, 400 * day])
      const { adminKey, apiKey, apps, databaseUrl, masterKey, otlpEndpoint, publicUrl } = config
      const none: ReadonlyArray<Option.Option<unknown>> = [
        publicUrl,
        apiKey,
        adminKey,
        masterKey,
        databaseUrl,
        apps.microsoft,
        apps.google,
        otlpEndpoint
      ]
      for (const each of none) assert.isTrue(Option.isNone(each))
    })
  )

  it.effect("takes every variable", () =>
    Effect.gen(function* () {
      const config = yield* parse({
        PUNCTUAL_HOST: "0.0.0.0",
        PUNCTUAL_PORT: "0",
        PUNCTUAL_PUBLIC_URL: "https://punctual.example.com/base",
        PUNCTUAL_API_KEY: "pk_x",
        PUNCTUAL_ADMIN_KEY: "admin-key-of-a-test",
        PUNCTUAL_DATA_DIR: "/data",
        PUNCTUAL_MASTER_KEY: "abc",
        DATABASE_URL: "postgres://user:hunter3@db/punctual",
        PUNCTUAL_STORE: "postgres",
        PUNCTUAL_SCHEDULER: "postgres",
        PUNCTUAL_SECRETS: "postgres",
        ...webhook,
        PUNCTUAL_POLL_INTERVAL: "2 seconds",
        PUNCTUAL_SAFETY_POLL_INTERVAL: "1 hour",
        PUNCTUAL_SWEEP_INTERVAL: "500 millis",
        PUNCTUAL_JOIN_LEAD: "0 seconds",
        PUNCTUAL_LEASE: "8 seconds",
        PUNCTUAL_CHANGES_KEPT: "90 days",
        PUNCTUAL_HISTORY_KEPT: "2 weeks",
        MICROSOFT_GRAPH_URL: "http://127.0.0.1:4000",
        MICROSOFT_LOGIN_URL: "https://login.microsoftonline.us",
        MICROSOFT_CLIENT_ID: "id",
        MICROSOFT_CLIENT_SECRET: "hunter2",
        GOOGLE_API_URL: "http://127.0.0.1:4001",
        GOOGLE_TOKEN_URL: "http://127.0.0.1:4002",
        GOOGLE_AUTH_URL: "http://127.0.0.1:4003",
        GOOGLE_OAUTH_URL: "http://127.0.0.1:4004",
        GOOGLE_CLIENT_ID: "id",
        GOOGLE_CLIENT_SECRET: "hunter4",
        PUNCTUAL_RATE_LIMIT: "0",
        PUNCTUAL_LOG_LEVEL: "debug",
        OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318"
      })
      assert.strictEqual(config.port, 0)
      assert.strictEqual(Option.getOrThrow(config.publicUrl).href, "https://punctual.example.com/base")
      assert.strictEqual(config.policy.pollMillis, 2_000)
      assert.strictEqual(config.policy.sweepMillis, 500)
      assert.strictEqual(config.policy.leadMillis, 0)
      assert.deepStrictEqual([config.policy.leaseMillis, config.policy.launchTimeoutMillis], [8_000, 4_000])
      assert.deepStrictEqual([config.policy.changesKeptMillis, config.policy.historyKeptMillis], [90 * day, 14 * day])
      assert.strictEqual(config.launcher.kind, "webhook")
      assert.strictEqual(Redacted.value(Option.getOrThrow(config.apps.microsoft).clientSecret), "hunter2")
      assert.strictEqual(Redacted.value(Option.getOrThrow(config.apps.google).clientSecret), "hunter4")
      assert.deepStrictEqual(addresses(config), [
        "http://127.0.0.1:4001/",
        "http://127.0.0.1:4002/",
        "http://127.0.0.1:4003/"
      ])
      for (const secret of ["hunter2", "hunter3", "hunter4", "MfKQ9r8G"])
        assert.notInclude(JSON.stringify(config), secret)
    })
  )

  it.effect("of Google, one address for signing in stands for both that are not given", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(addresses(yield* parse({})), [
        "https://www.googleapis.com/",
        "https://oauth2.googleapis.com/",
        "https://accounts.google.com/"
      ])
      const one = yield* parse({ GOOGLE_OAUTH_URL: "http://127.0.0.1:1" })
      assert.deepStrictEqual(addresses(one).slice(1), ["http://127.0.0.1:1/", "http://127.0.0.1:1/"])
    })
  )

  it.effect("an empty variable is one that is not set", () =>
    Effect.gen(function* () {
      const config = yield* parse({ PUNCTUAL_PORT: "", PUNCTUAL_LAUNCHER: " ", DATABASE_URL: "", PUNCTUAL_API_KEY: "" })
      assert.strictEqual(config.port, 8_080)
      assert.isTrue(Option.isNone(config.apiKey))
    })
  )

  const wrong: ReadonlyArray<readonly [string, Readonly<Record<string, string>>]> = [
    ["PUNCTUAL_PORT", { PUNCTUAL_PORT: "99999" }],
    ["PUNCTUAL_PORT", { PUNCTUAL_PORT: "http" }],
    ["PUNCTUAL_PORT", { PUNCTUAL_PORT: "80.5" }],
    ["PUNCTUAL_PUBLIC_URL", { PUNCTUAL_PUBLIC_URL: "http://punctual.example.com" }],
    ["PUNCTUAL_PUBLIC_URL", { PUNCTUAL_PUBLIC_URL: "punctual.example.com" }],
    ["PUNCTUAL_PUBLIC_URL", { PUNCTUAL_PUBLIC_URL: "https://user:hunter3@punctual.example.com" }],
    ["PUNCTUAL_PUBLIC_URL", { PUNCTUAL_PUBLIC_URL: "https://punctual.example.com/?a=b" }],
    ["PUNCTUAL_API_KEY", { PUNCTUAL_API_KEY: "hunter2 hunter3" }],
    ["PUNCTUAL_ADMIN_KEY", { PUNCTUAL_ADMIN_KEY: "schlüssel" }],
    // V11: a key that opens everybody's is no short one.
    ["PUNCTUAL_ADMIN_KEY", { PUNCTUAL_ADMIN_KEY: "fifteen-letters" }],
    ["PUNCTUAL_POOL_SIZE", { PUNCTUAL_POOL_SIZE: "1" }],
    ["PUNCTUAL_TRUSTED_PROXIES", { PUNCTUAL_TRUSTED_PROXIES: "proxy.example" }],
    ["PUNCTUAL_DOCS", { PUNCTUAL_DOCS: "no" }],
    ["DATABASE_URL", { DATABASE_URL: "mysql://db" }],
    ["PUNCTUAL_STORE", { PUNCTUAL_STORE: "mongodb" }],
    ["PUNCTUAL_SCHEDULER", { PUNCTUAL_SCHEDULER: "cron" }],
    ["PUNCTUAL_SECRETS", { PUNCTUAL_SECRETS: "vault" }],
    ["PUNCTUAL_LAUNCHER", { PUNCTUAL_LAUNCHER: "zoom" }],
    ["PUNCTUAL_LAUNCHER_URL", { ...webhook, PUNCTUAL_LAUNCHER_URL: "" }],
    ["PUNCTUAL_LAUNCHER_URL", { ...webhook, PUNCTUAL_LAUNCHER_URL: "ftp://bots.example.com" }],
    ["PUNCTUAL_LAUNCHER_SECRET", { ...webhook, PUNCTUAL_LAUNCHER_SECRET: "" }],
    ["PUNCTUAL_LAUNCHER_SECRET", { ...webhook, PUNCTUAL_LAUNCHER_SECRET: "hunter2" }],
    ["PUNCTUAL_LAUNCHER_SECRET", { PUNCTUAL_LAUNCHER: "meetstream" }],
    // V11: a key in the clear goes no further than this machine.
    ["PUNCTUAL_LAUNCHER_URL", { ...recall, PUNCTUAL_LAUNCHER_URL: "http://bots.example.com" }],
    ["PUNCTUAL_LAUNCHER_URL", { ...recall, PUNCTUAL_LAUNCHER_URL: "http://127.0.0.1.example.com" }],
    ["PUNCTUAL_LAUNCHER_URL", { ...recall, PUNCTUAL_LAUNCHER_URL: "http://localhost.example.com" }],
    ["PUNCTUAL_POLL_INTERVAL", { PUNCTUAL_POLL_INTERVAL: "soon" }],
    ["PUNCTUAL_POLL_INTERVAL", { PUNCTUAL_POLL_INTERVAL: "0 seconds" }],
    ["PUNCTUAL_SAFETY_POLL_INTERVAL", { PUNCTUAL_SAFETY_POLL_INTERVAL: "2 days" }],
    ["PUNCTUAL_SWEEP_INTERVAL", { PUNCTUAL_SWEEP_INTERVAL: "-1 minute" }],
    ["PUNCTUAL_JOIN_LEAD", { PUNCTUAL_JOIN_LEAD: "1" }],
    ["MICROSOFT_GRAPH_URL", { MICROSOFT_GRAPH_URL: "http://graph.microsoft.com" }],
    ["MICROSOFT_LOGIN_URL", { MICROSOFT_LOGIN_URL: "http://10.0.0.1" }],
    ["MICROSOFT_CLIENT_SECRET", { MICROSOFT_CLIENT_ID: "id" }],
    ["MICROSOFT_CLIENT_ID", { MICROSOFT_CLIENT_SECRET: "hunter2" }],
    ["GOOGLE_API_URL", { GOOGLE_API_URL: "http://www.googleapis.com" }],
    ["GOOGLE_TOKEN_URL", { GOOGLE_TOKEN_URL: "oauth2.googleapis.com" }],
    ["GOOGLE_AUTH_URL", { GOOGLE_AUTH_URL: "http://10.0.0.1" }],
    ["GOOGLE_OAUTH_URL", { GOOGLE_OAUTH_URL: "http://10.0.0.1" }],
    ["GOOGLE_CLIENT_SECRET", { GOOGLE_CLIENT_ID: "id" }],
    ["GOOGLE_CLIENT_ID", { GOOGLE_CLIENT_SECRET: "hunter2" }],
    ["PUNCTUAL_LOG_LEVEL", { PUNCTUAL_LOG_LEVEL: "loud" }],
    ["PUNCTUAL_RATE_LIMIT", { PUNCTUAL_RATE_LIMIT: "-1" }],
    ["PUNCTUAL_RATE_LIMIT", { PUNCTUAL_RATE_LIMIT: "many" }],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", { OTEL_EXPORTER_OTLP_ENDPOINT: "collector" }]
  ]

  it.effect.each(wrong)("names %s in one line: %o", ([variable, record]) =>
    Effect.gen(function* () {
      const fault = yield* Effect.flip(parse(record))
      assert.strictEqual(fault.variable, variable)
      assert.isNotEmpty(fault.message)
      assert.notInclude(fault.message, "\n")
      // A person does not know of strings and finite numbers.
      assert.notMatch(fault.message, /^Expected (string|a finite number)/)
      for (const secret of ["hunter2", "hunter3"]) assert.notInclude(fault.message, secret)
    })
  )

  it("trusts https anywhere and http on this machine alone", () => {
    for (const url of ["https://a.example", "http://127.0.0.1:1", "http://localhost", "http://[::1]:8080/x"]) {
      assert.isTrue(isTrusted(url), url)
    }
    for (const url of [
      "http://a.example",
      "http://127.0.0.1.evil.example",
      "http://localhost.evil",
      "file:///x",
      "",
      "https://u@a.b"
    ]) {
      assert.isFalse(isTrusted(url), url)
    }
  })
})
