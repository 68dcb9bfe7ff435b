/**
 * The server's configuration, from the environment and a `.env` file: every variable, its default, its form.
 *
 * Decides what is a mistake, and names the variable in one line. Reads once, at start; nothing else in the server looks
 * at the environment.
 */
import {
  Config,
  ConfigProvider,
  Duration,
  Effect,
  type LogLevel,
  Option,
  type Redacted,
  Schema,
  SchemaIssue
} from "effect"
import { type Policy, defaultPolicy } from "@punctual/core"
import { BlockList } from "node:net"
import { noNetworks, parseNetworks } from "../http/ClientAddress.ts"
import { ConfigFault } from "./ConfigFault.ts"
import { icsAllow } from "./IcsAllow.ts"
import type { SignInProvider } from "../api/SignInProvider.ts"
import { type AppConfig, appOf, wholeApp } from "./AppConfig.ts"
import { type GoogleConfig, google } from "./GoogleConfig.ts"
import { type LauncherConfig, launcher } from "./LauncherConfig.ts"
import { checked, trustedUrl } from "./ConfigValue.ts"
import { readRecord } from "./Environment.ts"
import { isServiceAddress, unknownVariable } from "./KnownVariables.ts"
import { type StorageConfig, demandSound, storage } from "./StorageConfig.ts"

export interface ServerConfig {
  readonly host: string
  readonly port: number
  /** Where calendar providers reach this server; none: calendars are polled. */
  readonly publicUrl: Option.Option<URL>
  readonly apiKey: Option.Option<Redacted.Redacted>
  readonly adminKey: Option.Option<Redacted.Redacted>
  readonly dataDir: string
  readonly masterKey: Option.Option<Redacted.Redacted>
  readonly databaseUrl: Option.Option<Redacted.Redacted>
  /** Connections to the database at most. */
  readonly poolSize: number
  /** Where what rests: in a database, or on AWS. */
  readonly storage: StorageConfig
  readonly launcher: LauncherConfig
  readonly policy: Policy
  readonly graphUrl: URL
  readonly loginUrl: URL
  readonly google: GoogleConfig
  /** The apps that this server signs users in with. */
  readonly apps: { readonly [Provider in SignInProvider]: Option.Option<AppConfig> }
  /** Requests a second for each key; 0: off. */
  readonly rateLimit: number
  /** Networks whose word about the addresses of their clients counts. */
  readonly trustedProxies: BlockList
  /** Networks that feeds may be fetched from besides public ones. */
  readonly feedsAllowed: BlockList
  /** How long a connection with nothing going on is kept. */
  readonly keepAliveMillis: number
  /** Whether `/docs` and `/openapi.json` are served. */
  readonly docs: boolean
  readonly otlpEndpoint: Option.Option<URL>
  readonly logLevel: LogLevel.LogLevel
}

/** From the process's environment, and from `.env` in the working directory for what is not set there. */
export const load: Effect.Effect<ServerConfig, ConfigFault> = Effect.flatMap(Effect.sync(readRecord), (record) =>
  parse(record)
)

/** Variables that are empty count as not set, and so do addresses of services that an orchestrator tells of. */
export const parse = (
  record: Readonly<Record<string, string | undefined>>
): Effect.Effect<ServerConfig, ConfigFault> => {
  const given = Object.fromEntries(
    Object.entries(record).filter(
      ([name, value]) => value !== undefined && value.trim() !== "" && !isServiceAddress(name, value)
    )
  )
  const unknown = unknownVariable(Object.keys(given))
  if (unknown !== null) {
    const message = `There is no such setting; the nearest is ${unknown.nearest}`
    return Effect.fail(new ConfigFault({ variable: unknown.name, message }))
  }
  return config.parse(ConfigProvider.fromUnknown(given)).pipe(
    Effect.mapError((error) => faultOf(error, given)),
    Effect.flatMap(assembled)
  )
}

const positive = (
  name: string,
  usualMillis: number,
  {
    maximumMillis = dayMillis,
    minimumMillis = 1
  }: { readonly minimumMillis?: number; readonly maximumMillis?: number } = {}
): Config.Config<number> =>
  Config.schema(
    Schema.String.check(
      Schema.makeFilter((text) => {
        const parsed = Duration.fromInput(text as Duration.Input)
        return Option.isSome(parsed) && isBounded(Duration.toMillis(parsed.value), minimumMillis, maximumMillis)
          ? undefined
          : "Expected a duration such as `30 seconds` or `5 minutes`"
      })
    ),
    name
  ).pipe(
    Config.map((text) => Duration.toMillis(Duration.fromInputUnsafe(text as Duration.Input))),
    Config.withDefault(usualMillis)
  )

const whole = (name: string, min: number, max: number, what: string): Config.Config<number> =>
  checked(
    name,
    (text) => /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max,
    `Expected ${what} from ${min} to ${max}`
  ).pipe(Config.map(Number))

const dayMillis = 86_400_000

/** A bot service has half of it to answer. */
const leaseMillisMin = 5_000

/** Load balancers keep theirs for a minute: one that is closed under them is a 502. */
const keepAliveMillisUsual = 75_000

/** Ten years. */
const keptMillisMax = 3_653 * dayMillis

const isBounded = (millis: number, minimum: number, maximum: number): boolean => millis >= minimum && millis <= maximum

/** A header can't carry other characters, so such a key could never be used. */
const key = (name: string, lengthMin = 1): Config.Config<Option.Option<Redacted.Redacted>> =>
  Config.option(
    checked(
      name,
      (text) => /^[\x21-\x7e]+$/.test(text) && text.length >= lengthMin,
      `Expected a key without spaces, in plain ASCII${lengthMin > 1 ? `, of ${lengthMin} characters or more` : ""}`
    ).pipe(Config.flatMap(() => Config.Redacted(name)))
  )

/** It opens everybody's: what is guessed in a night is no key (`openssl rand -hex 16` makes one). */
const adminKeyLengthMin = 16

/** Connections to PostgreSQL that one process may ask for; a server has a hundred as it comes. */
const poolSizeUsual = 10
const poolSizeMax = 500

const logLevels = { debug: "Debug", info: "Info", warn: "Warn", error: "Error" } as const

const config = Config.all({
  host: Config.NonEmptyString("PUNCTUAL_HOST").pipe(Config.withDefault("127.0.0.1")),
  port: whole("PUNCTUAL_PORT", 0, 65_535, "a port").pipe(Config.withDefault(8_080)),
  publicUrl: Config.option(trustedUrl("PUNCTUAL_PUBLIC_URL")),
  apiKey: key("PUNCTUAL_API_KEY"),
  adminKey: key("PUNCTUAL_ADMIN_KEY", adminKeyLengthMin),
  dataDir: Config.NonEmptyString("PUNCTUAL_DATA_DIR").pipe(Config.withDefault("./.punctual")),
  masterKey: Config.option(Config.Redacted("PUNCTUAL_MASTER_KEY")),
  databaseUrl: Config.option(
    checked("DATABASE_URL", (text) => /^postgres(ql)?:\/\//.test(text), "Expected postgres://…").pipe(
      Config.flatMap(() => Config.Redacted("DATABASE_URL"))
    )
  ),
  poolSize: whole("PUNCTUAL_POOL_SIZE", 2, poolSizeMax, "a number of connections").pipe(
    Config.withDefault(poolSizeUsual)
  ),
  storage,
  launcher,
  pollMillis: positive("PUNCTUAL_POLL_INTERVAL", defaultPolicy.pollMillis),
  safetyPollMillis: positive("PUNCTUAL_SAFETY_POLL_INTERVAL", defaultPolicy.safetyPollMillis),
  sweepMillis: positive("PUNCTUAL_SWEEP_INTERVAL", defaultPolicy.sweepMillis),
  leadMillis: positive("PUNCTUAL_JOIN_LEAD", defaultPolicy.leadMillis, { minimumMillis: 0 }),
  leaseMillis: positive("PUNCTUAL_LEASE", defaultPolicy.leaseMillis, { minimumMillis: leaseMillisMin }),
  changesKeptMillis: positive("PUNCTUAL_CHANGES_KEPT", defaultPolicy.changesKeptMillis, {
    maximumMillis: keptMillisMax
  }),
  historyKeptMillis: positive("PUNCTUAL_HISTORY_KEPT", defaultPolicy.historyKeptMillis, {
    maximumMillis: keptMillisMax
  }),
  graphUrl: trustedUrl("MICROSOFT_GRAPH_URL").pipe(Config.withDefault(new URL("https://graph.microsoft.com"))),
  loginUrl: trustedUrl("MICROSOFT_LOGIN_URL").pipe(Config.withDefault(new URL("https://login.microsoftonline.com"))),
  google,
  microsoftApp: appOf("MICROSOFT"),
  googleApp: appOf("GOOGLE"),
  rateLimit: checked(
    "PUNCTUAL_RATE_LIMIT",
    (text) => /^\d+(\.\d+)?$/.test(text),
    "Expected requests a second, 0 or more"
  ).pipe(Config.map(Number), Config.withDefault(50)),
  trustedProxies: checked("PUNCTUAL_TRUSTED_PROXIES", (text) => parseNetworks(text) !== null, noNetworks).pipe(
    Config.map((text) => parseNetworks(text) ?? new BlockList()),
    Config.withDefault(new BlockList())
  ),
  feedsAllowed: checked(icsAllow, (text) => parseNetworks(text) !== null, noNetworks).pipe(
    Config.map((text) => parseNetworks(text) ?? new BlockList()),
    Config.withDefault(new BlockList())
  ),
  keepAliveMillis: positive("PUNCTUAL_KEEP_ALIVE", keepAliveMillisUsual),
  docs: Config.Literals(["on", "off"], "PUNCTUAL_DOCS").pipe(
    Config.withDefault("on" as const),
    Config.map((word) => word === "on")
  ),
  otlpEndpoint: Config.option(
    checked("OTEL_EXPORTER_OTLP_ENDPOINT", URL.canParse, "Expected an address").pipe(
      Config.map((text) => new URL(text))
    )
  ),
  logLevel: Config.Literals(["debug", "info", "warn", "error"], "PUNCTUAL_LOG_LEVEL").pipe(
    Config.withDefault("info" as const),
    Config.map((name) => logLevels[name])
  )
})

type Read = Config.Success<typeof config>

/** What no variable can tell by itself. */
const assembled = (read: Read): Effect.Effect<ServerConfig, ConfigFault> => {
  const { changesKeptMillis, googleApp, historyKeptMillis, leadMillis, leaseMillis, microsoftApp, ...others } = read
  const { pollMillis, safetyPollMillis, sweepMillis, ...rest } = others
  if (Option.isSome(rest.publicUrl) && rest.publicUrl.value.search !== "") {
    return Effect.fail(
      new ConfigFault({ variable: "PUNCTUAL_PUBLIC_URL", message: "Expected an address without a query" })
    )
  }
  const apps = Effect.all({ microsoft: wholeApp(microsoftApp), google: wholeApp(googleApp) })
  const sound = Effect.andThen(demandSound(rest.storage, rest.databaseUrl, rest.masterKey), apps)
  return Effect.map(sound, (both) => ({
    ...rest,
    policy: {
      ...defaultPolicy,
      changesKeptMillis,
      historyKeptMillis,
      leadMillis,
      leaseMillis,
      // An attempt ends before anybody else may repeat it.
      launchTimeoutMillis: leaseMillis / 2,
      pollMillis,
      safetyPollMillis,
      sweepMillis
    },
    apps: both
  }))
}

const findings = SchemaIssue.makeFormatterStandardSchemaV1()

const faultOf = ({ cause }: Config.ConfigError, given: Readonly<Record<string, unknown>>): ConfigFault => {
  if (cause._tag !== "SchemaError") return new ConfigFault({ variable: "configuration", message: cause.message })
  const [first] = findings(cause.issue).issues
  const variable = (first?.path ?? [])
    .map((segment) => String(typeof segment === "object" ? segment.key : segment))
    .join("_")
  const message = (first?.message ?? "Not understood").split("\n", 1)[0] ?? ""
  if (variable === "") return new ConfigFault({ variable: "configuration", message })
  // None is needed by itself: a server starts with nothing set.
  return new ConfigFault({ variable, message: variable in given ? message : "Not set, and what is set needs it" })
}
