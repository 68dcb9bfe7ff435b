/**
 * What is wrong with a set-up, and what works but should be known.
 *
 * Looks at the configuration, the storage and what rests encrypted there, the way in for calendar providers, the way out to
 * them and to the bot service, and the clock. Changes nothing, but makes the data directory and its key where there
 * is none, as a start would.
 */
import { Clock, Effect, Option } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest, type HttpClientResponse } from "effect/http"
import { Accounts } from "@punctual/core/accounts"
import { type ServerConfig, load } from "../config/Config.ts"
import { lineOf } from "../config/ConfigFault.ts"
import { typed } from "../config/CommandLine.ts"
import { localAddress } from "./AdminTarget.ts"

export interface Finding {
  readonly about: string
  readonly grade: "fine" | "warning" | "wrong"
  readonly text: string
}

/** Waited for any one answer. */
const answerMillisMax = 10_000
/** A clock further off than this sends bots early or late. */
const clockMillisMax = 5_000

const fine = (about: string, text: string): Finding => ({ about, grade: "fine", text })
const warning = (about: string, text: string): Finding => ({ about, grade: "warning", text })
const wrong = (about: string, text: string): Finding => ({ about, grade: "wrong", text })

export const examine: Effect.Effect<ReadonlyArray<Finding>> = Effect.result(load).pipe(
  Effect.flatMap((loaded) =>
    loaded._tag === "Failure" ? Effect.succeed([wrong("config", lineOf(loaded.failure))]) : examineAll(loaded.success)
  )
)

export const examineAll = (config: ServerConfig): Effect.Effect<ReadonlyArray<Finding>> =>
  Effect.map(
    Effect.all([storage(config), wayIn(config), launcher(config), microsoft(config), google(config)], {
      concurrency: "unbounded"
    }),
    (found) => [fine("config", "every variable is understood"), ...found.flat()]
  )

type Found = Effect.Effect<ReadonlyArray<Finding>>

const storage = (config: ServerConfig): Found =>
  Effect.gen(function* () {
    const running = yield* answerOf("GET", `${localAddress(config)}/readyz`)
    if (running !== null && !isOurs(running)) {
      return [wrong("server", `${localAddress(config)} is taken by something that is not Punctual: set PUNCTUAL_PORT`)]
    }
    if (running !== null) {
      const why = running.status === 200 ? "" : detailOf(running)
      const text = `the server answers ${running.status} at ${localAddress(config)}${why}`
      return [running.status === 200 ? fine("server", text) : wrong("server", text)]
    }
    const opened = yield* Effect.exit(
      Effect.gen(function* () {
        const [System, Storage, Postgres] = yield* Effect.promise(() =>
          Promise.all([import("../System.ts"), import("../Storage.ts"), import("@punctual/adapter-postgres")])
        )
        const masterKeys = yield* System.masterKeysOf(config)
        const look = Effect.gen(function* () {
          const database = yield* Effect.serviceOption(Postgres.Database)
          return {
            users: yield* Accounts.use((found) => found.users(null, 1)),
            keys: Option.isNone(database) ? [] : yield* Postgres.keysInUse(database.value)
          }
        })
        const found = yield* look.pipe(Effect.provide(Storage.storage(config, masterKeys)))
        return { ...found, held: masterKeys.map(({ id }) => id) }
      })
    )
    const where = placeOf(config)
    if (opened._tag === "Failure") {
      const [reason] = opened.cause.reasons
      const problem = reason?._tag === "Fail" ? reason.error : reason?._tag === "Die" ? reason.defect : "interrupted"
      return [wrong("storage", `${where} can't be used: ${lineOf(problem)}`)]
    }
    const { held, keys, users } = opened.value
    return [
      fine("storage", `${where} works`),
      warning("server", "it is not running"),
      ...(users.length === 0 ? [warning("users", `there is none yet: ${typed("users create --name Ada")}`)] : []),
      ...keyFindings(keys, held)
    ]
  })

/** What `/readyz` answers, ready or not, is JSON of a form that others' answers hardly have. */
const isOurs = ({ text }: Answer): boolean => /"status":"ready"|"code":"unavailable"/.test(text.replaceAll(/\s/g, ""))

/** What a server that is not ready says of it. */
const detailOf = ({ text }: Answer): string => {
  const detail = /"detail":\s*"([^"]*)"/.exec(text)?.[1]
  return detail === undefined ? "" : `: ${detail}`
}

/** `held` are the keys of the configuration; the first encrypts. */
export const keyFindings = (
  inUse: ReadonlyArray<{ readonly keyId: string; readonly secrets: number }>,
  held: ReadonlyArray<string>
): ReadonlyArray<Finding> =>
  inUse.flatMap(({ keyId, secrets }): ReadonlyArray<Finding> => {
    if (keyId === held[0]) return [fine("key", `${secrets} secret(s) rest under the master key`)]
    return held.includes(keyId)
      ? [warning("key", `${secrets} secret(s) rest under a former master key: ${typed("secrets reencrypt")}`)]
      : [wrong("key", `${secrets} secret(s) rest under master key ${keyId}, which PUNCTUAL_MASTER_KEY does not hold`)]
  })

const placeOf = ({ dataDir, databaseUrl, storage: { store } }: ServerConfig): string => {
  if (store.kind === "dynamodb") return `the DynamoDB table ${store.table}`
  return Option.isSome(databaseUrl) ? "the PostgreSQL server" : `the embedded database in ${dataDir}`
}

/** The public address must lead back here: Microsoft's handshake is played. */
const wayIn = ({ publicUrl }: ServerConfig): Found =>
  Option.match(publicUrl, {
    onNone: () =>
      Effect.succeed([warning("webhooks", "PUNCTUAL_PUBLIC_URL is not set: calendars are polled, not watched")]),
    onSome: (url) =>
      Effect.map(
        answerOf("POST", `${url.href.replace(/\/$/, "")}/webhooks/microsoft?validationToken=doctor`),
        (answer) => {
          if (answer === null) return [wrong("webhooks", `${url.href} does not answer from here`)]
          return answer.status === 200 && answer.text === "doctor"
            ? [fine("webhooks", `${url.href} leads to this server`)]
            : [wrong("webhooks", `${url.href} answers ${answer.status}, which is not this server's handshake`)]
        }
      )
  })

const launcher = ({ launcher: config }: ServerConfig): Found => {
  if (config.kind === "none") {
    return Effect.succeed([warning("launcher", "PUNCTUAL_LAUNCHER is not set: due bots will fail")])
  }
  const url = config.kind === "webhook" ? Option.some(config.url) : config.url
  if (Option.isNone(url)) return Effect.succeed([fine("launcher", `${config.kind}, at its own address`)])
  return Effect.map(answerOf("OPTIONS", url.value.href), (answer) =>
    answer === null
      ? [wrong("launcher", `${url.value.origin} does not answer`)]
      : [fine("launcher", `${config.kind} at ${url.value.origin} answers`)]
  )
}

const microsoft = (config: ServerConfig): Found =>
  Effect.gen(function* () {
    const login = config.loginUrl.pathname === "/" ? `${config.loginUrl.origin}/common` : config.loginUrl.href
    const [signIn, graph] = yield* Effect.all(
      [
        answerOf("GET", `${login.replace(/\/$/, "")}/v2.0/.well-known/openid-configuration`),
        answerOf("GET", `${config.graphUrl.origin}/v1.0/`)
      ],
      { concurrency: "unbounded" }
    )
    return [
      reached("sign-in", config.loginUrl, signIn, wrong),
      reached("graph", config.graphUrl, graph, wrong),
      ...(yield* clock(signIn ?? graph))
    ]
  })

/** Whoever has no app at Google may well have no use for it either: then it is no more than worth knowing. */
const google = ({ apps, google: { apiUrl, tokenUrl } }: ServerConfig): Found => {
  const grade = Option.isSome(apps.google) ? wrong : warning
  return Effect.map(
    Effect.all(
      [answerOf("GET", new URL("calendar/v3/", slashed(apiUrl)).href), answerOf("GET", slashed(tokenUrl).href)],
      {
        concurrency: "unbounded"
      }
    ),
    ([api, token]) => [
      reached("google calendar", apiUrl, api, grade),
      reached("google sign-in", tokenUrl, token, grade)
    ]
  )
}

const slashed = (url: URL): URL => new URL(url.href.endsWith("/") ? url : `${url.href}/`)

const reached = (about: string, url: URL, answer: Answer | null, unless: typeof wrong): Finding =>
  answer === null ? unless(about, `${url.origin} does not answer`) : fine(about, `${url.origin} answers`)

/** Microsoft's clock is taken for the right one. */
const clock = Effect.fnUntraced(function* (answer: Answer | null): Effect.fn.Return<ReadonlyArray<Finding>> {
  const theirs = Date.parse(answer?.date ?? "")
  if (!Number.isFinite(theirs)) return []
  const off = Math.round(((yield* Clock.currentTimeMillis) - theirs) / 1_000)
  return [
    Math.abs(off) * 1_000 > clockMillisMax
      ? wrong("clock", `it is ${Math.abs(off)} s ${off > 0 ? "fast" : "slow"}: bots would join at the wrong time`)
      : fine("clock", "it is right")
  ]
})

interface Answer {
  readonly status: number
  readonly text: string
  readonly date: string | null
}

/** Null: nothing answered. */
const answerOf = (method: "GET" | "POST" | "OPTIONS", url: string): Effect.Effect<Answer | null> =>
  Effect.gen(function* () {
    const client = yield* HttpClient.HttpClient
    const response: HttpClientResponse.HttpClientResponse = yield* client.execute(HttpClientRequest.make(method)(url))
    const text = yield* response.text.pipe(Effect.catch(() => Effect.succeed("")))
    return { status: response.status, text, date: response.headers["date"] ?? null }
  }).pipe(
    Effect.timeoutOrElse({ duration: answerMillisMax, orElse: () => Effect.succeed(null) }),
    Effect.catch(() => Effect.succeed(null)),
    Effect.provide(FetchHttpClient.layer)
  )
