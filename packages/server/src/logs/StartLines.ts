/**
 * What a server says of itself when it starts: which version, where everything rests, how it hears of changes, whom it
 * hands bots to, and what is to be done next.
 *
 * Decides the words. Names no secret: of an address with a password its host and path are told.
 */
import { Effect, Option, Redacted } from "effect"
import { Accounts, type AccountsUnavailable } from "@punctual/core/accounts"
import { typed } from "../config/CommandLine.ts"
import type { ServerConfig } from "../config/Config.ts"
import { version } from "../config/Version.ts"

export interface StartFacts {
  readonly version: string
  readonly storage: string
  readonly calendars: string
  readonly launcher: string
}

export const startFacts = (config: ServerConfig): StartFacts => ({
  version,
  storage: storageOf(config),
  calendars: Option.match(config.publicUrl, {
    onNone: () => `polled every ${minutes(config.policy.pollMillis)}: PUNCTUAL_PUBLIC_URL is not set`,
    onSome: (url) => `subscribed, providers post to ${url.href}`
  }),
  launcher: launcherOf(config)
})

const storageOf = ({ dataDir, databaseUrl, storage }: ServerConfig): string => {
  const database = Option.match(databaseUrl, {
    onNone: () => `embedded database in ${dataDir}`,
    onSome: (url) => `PostgreSQL at ${whereOf(Redacted.value(url))}`
  })
  const { scheduler, secrets, store } = storage
  const main = store.kind === "dynamodb" ? `DynamoDB table ${store.table}` : database
  const others = [
    ...(scheduler.kind === "postgres" ? [] : ["schedules in EventBridge"]),
    ...(secrets.kind === "ssm" ? ["credentials in Parameter Store"] : [])
  ]
  return [main, ...others].join(", ")
}

const whereOf = (text: string): string => {
  const url = URL.parse(text)
  return url === null ? "its address" : `${url.host}${url.pathname}`
}

const launcherOf = ({ launcher }: ServerConfig): string => {
  if (launcher.kind === "none") return "none: due bots will fail until PUNCTUAL_LAUNCHER is set"
  const url = launcher.kind === "webhook" ? Option.some(launcher.url) : launcher.url
  return Option.match(url, { onNone: () => launcher.kind, onSome: ({ origin }) => `${launcher.kind} at ${origin}` })
}

const minutes = (millis: number): string => (millis < 60_000 ? `${millis / 1_000} s` : `${millis / 60_000} min`)

/** Before storage is opened. A first start makes the embedded database, which is the longest that one has to wait for. */
export const sayOpening = (config: ServerConfig): Effect.Effect<void> =>
  holdsItsStorage(config) ? Effect.logInfo(`opening the ${storageOf(config)}; a first start makes it`) : Effect.void

/** Once storage is open. What is missing is a warning, with what to do about it. */
export const sayStart = (config: ServerConfig): Effect.Effect<void, AccountsUnavailable, Accounts> =>
  Effect.gen(function* () {
    yield* Effect.logInfo("punctual starts").pipe(Effect.annotateLogs({ ...startFacts(config) }))
    if (config.launcher.kind === "none") yield* Effect.logWarning("no launcher is configured: due bots will fail")
    const accounts = yield* Accounts
    if ((yield* accounts.users(null, 1)).length > 0) return
    const command = typed("users create --name Ada")
    yield* Effect.logWarning(
      mayBeAskedBeside(config)
        ? `no user yet; make one: ${command}`
        : `no user yet; stop this server, make one, and start it again: ${command}`
    )
  })

/** The embedded database belongs to this process: a command beside it asks this server, with the admin key. */
const mayBeAskedBeside = (config: ServerConfig): boolean => Option.isSome(config.adminKey) || !holdsItsStorage(config)

const holdsItsStorage = ({ databaseUrl, storage }: ServerConfig): boolean =>
  Option.isNone(databaseUrl) && storage.store.kind !== "dynamodb"
