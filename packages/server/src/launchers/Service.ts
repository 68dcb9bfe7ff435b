/**
 * A bot service that is called with an API key: what all of them share.
 *
 * Decides how a launch becomes a request and an answer an outcome, and how a bot is found and withdrawn; each service's own
 * file says what is different about it. Never follows a redirect; the launch protocol cuts off and repeats.
 */
import { Clock, Effect, Layer, Option, Redacted, Schema } from "effect"
import {
  type BotId,
  Launcher,
  type LaunchOutcome,
  type LaunchRequest,
  type LookupOutcome,
  type WithdrawOutcome
} from "@punctual/core"
import { type Answer, type Unanswered, send } from "../http/client/Answer.ts"
import { isTemporary, outcomeOf, unanswered } from "./Outcome.ts"
import { givenWith } from "./ServiceWords.ts"

export interface ServiceOptions {
  /** A base address; none: the service's own. */
  readonly url: URL | null
  readonly apiKey: Redacted.Redacted
}

export interface Service {
  readonly name: string
  readonly baseUrl: string
  readonly path: string
  /** A second call under the same key makes no second bot. */
  readonly replays: boolean
  readonly headers?: (request: LaunchRequest) => Readonly<Record<string, string>>
  readonly body: (request: LaunchRequest) => Readonly<Record<string, unknown>>
  /** What only this service says; null: as any other. */
  readonly reads?: (answer: Answer) => LaunchOutcome | null
  /** Where the bots of a key are listed; null: the service can't be asked by our key. */
  readonly listing: ((botId: BotId) => string) | null
  readonly leaving: Leaving
}

/** How a bot that was handed over is withdrawn, from the meeting too. */
export interface Leaving {
  readonly method: "GET" | "POST"
  /** For the service's own id of the bot, fit for a path. */
  readonly path: (id: string) => string
  /** Where the service says how a bot that can't be withdrawn is. */
  readonly statusPath: (id: string) => string
  /** Whether by that answer the bot is done: there is nothing left to withdraw. */
  readonly isDone: (text: string) => boolean
}

export const layerOf = (service: Service, { apiKey, url }: ServiceOptions): Layer.Layer<Launcher> =>
  Layer.sync(Launcher, () => {
    const base = withSlash(url ?? new URL(service.baseUrl))
    const signed = { authorization: `Token ${Redacted.value(apiKey)}`, "user-agent": "punctual" }
    const launch = Effect.fn(`${service.name}.launch`)(
      function* (request: LaunchRequest) {
        const now = yield* Clock.currentTimeMillis
        const answer = yield* send({
          method: "POST",
          url: new URL(service.path, base),
          headers: { ...signed, ...service.headers?.(request) },
          body: JSON.stringify(service.body(request))
        })
        return service.reads?.(answer) ?? outcomeOf(answer, now, () => givenWith(request, apiKey))
      },
      Effect.catch((error) => Effect.succeed(unanswered(error)))
    )
    const ask = (method: "GET" | "POST", path: string) => send({ method, url: new URL(path, base), headers: signed })
    return Launcher.of({
      name: service.name,
      capabilities: { replays: service.replays, lookup: service.listing !== null, withdraw: true },
      launch,
      lookUp: (botId) => (service.listing === null ? unlisted : lookUp(ask, service.listing(botId))),
      withdraw: (_, externalId) =>
        // A bot whose answer was lost has no name there that we know: the core looks it up first, where it can.
        externalId === null ? Effect.succeed("unsupported") : withdraw(service.leaving, ask, externalId)
    })
  })

type Ask = (method: "GET" | "POST", path: string) => Effect.Effect<Answer, Unanswered>

const unlisted: Effect.Effect<LookupOutcome> = Effect.succeed({
  kind: "unanswered",
  message: "the bot service lists no bots by our key"
})

/** A page of bots, of which only ids are read: a key has one bot, or its earlier ones have ended. */
const Listed = Schema.fromJsonString(
  Schema.Struct({ results: Schema.Array(Schema.Struct({ id: Schema.Union([Schema.NonEmptyString, Schema.Int]) })) })
)

const lookUp = Effect.fn("Service.lookUp")(
  function* (ask: Ask, path: string): Effect.fn.Return<LookupOutcome, Unanswered> {
    const { status, text } = yield* ask("GET", path)
    const found = status === 200 ? Option.getOrNull(Schema.decodeUnknownOption(Listed)(text)) : null
    if (found === null)
      return { kind: "unanswered", message: `the bot service answered ${status} when asked for a bot` }
    const [first] = found.results
    return first === undefined ? { kind: "absent" } : { kind: "found", externalId: String(first.id) }
  },
  Effect.catch((): Effect.Effect<LookupOutcome> =>
    Effect.succeed({ kind: "unanswered", message: "the bot service did not answer when asked for a bot" })
  )
)

const withdraw = Effect.fn("Service.withdraw")(
  function* (leaving: Leaving, ask: Ask, externalId: string): Effect.fn.Return<WithdrawOutcome, Unanswered> {
    const id = encodeURIComponent(externalId)
    const { status } = yield* ask(leaving.method, leaving.path(id))
    if (status >= 200 && status < 300) return "withdrawn"
    if (isGone(status)) return "gone"
    if (isTemporary(status)) return "unanswered"
    // Refused: because it has left by itself, or because it can't be withdrawn as it stands.
    const now = yield* ask("GET", leaving.statusPath(id))
    if (isGone(now.status)) return "gone"
    if (isTemporary(now.status)) return "unanswered"
    return now.status < 300 && leaving.isDone(now.text) ? "gone" : "too_late"
  },
  Effect.catch((): Effect.Effect<WithdrawOutcome> => Effect.succeed("unanswered"))
)

const isGone = (status: number): boolean => status === 404 || status === 410

/** Paths are relative to the whole base address. */
const withSlash = (url: URL): URL => new URL(url.pathname.endsWith("/") ? url : `${url.href}/`)

/** Services that take texts alone as values of attributes. */
export const asTexts = (attributes: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)])
  )

const Members = Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown))

/** A text member of a JSON answer; null: there is none. */
export const memberOf = (text: string, name: string): string | null => {
  const members = Option.getOrNull(Schema.decodeUnknownOption(Members)(text))
  const value = members?.[name]
  return typeof value === "string" ? value : null
}

/** The open object under a name of a configuration; empty where there is none. */
export const objectIn = (
  config: Readonly<Record<string, unknown>>,
  name: string
): Readonly<Record<string, unknown>> => {
  const value = config[name]
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {}
}
