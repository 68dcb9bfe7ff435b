/**
 * Three bot services as their public references describe them, strict where those are: what a real one would refuse is
 * refused here. Decides nothing about meetings; a bot is where it was told to be.
 *
 * Sources: the services' API references as of September 2026.
 */
import { Effect, type Scope } from "effect"
import { type Got, type Reply, receiver } from "./Receiver.ts"

export type Kind = "meetstream" | "recall" | "attendee"

export interface FakeBot {
  readonly id: string
  readonly body: Readonly<Record<string, unknown>>
  hasLeft: boolean
}

export interface Fake {
  readonly url: URL
  readonly bots: ReadonlyArray<FakeBot>
  /** Every request that was refused with 4xx, with what was wrong. */
  readonly refused: ReadonlyArray<string>
  /** Whether calls that take a bot back are answered 503, with nothing done. */
  readonly setDeaf: (isDeaf: boolean) => void
  /** Each call that would have taken a bot back and was not heard, by its path. */
  readonly unheard: ReadonlySet<string>
  readonly close: () => Promise<void>
}

export const apiKey = "an-api-key"

/** Lives as long as the test. */
export const fake = (kind: Kind): Effect.Effect<Fake, never, Scope.Scope> =>
  Effect.suspend(() => {
    const refused: Array<string> = []
    const state: State = { bots: new Map(), keys: new Map() }
    const unheard = new Set<string>()
    let isDeaf = false
    const answer = (got: Got): Reply => {
      if (isDeaf && /\/(?:leave|leave_call|remove_bot)\/?$/.test(got.path)) {
        unheard.add(got.path)
        return refuse(503, "later")
      }
      const reply = got.headers.authorization === `Token ${apiKey}` ? services[kind](state, got) : refuse(401, "no key")
      if (reply.status >= 400 && reply.status < 500) refused.push(`${got.method} ${got.path}: ${reply.body}`)
      return reply
    }
    return Effect.map(receiver(answer), ({ close, url }) => ({
      url,
      close,
      refused,
      unheard,
      setDeaf: (deaf: boolean) => void (isDeaf = deaf),
      get bots() {
        return [...state.bots.values()]
      }
    }))
  })

interface State {
  readonly bots: Map<string, FakeBot>
  /** The bot of each idempotency or deduplication key. */
  readonly keys: Map<string, FakeBot>
}

type Service = (state: State, got: Got) => Reply

const refuse = (status: number, why: unknown): Reply => ({ status, body: JSON.stringify(why) })
const accept = (status: number, body: unknown): Reply => ({ status, body: JSON.stringify(body) })

/** The body of a create-bot call, or what is wrong with it. */
const bodyOf = (
  { body, headers }: Got,
  required: ReadonlyArray<string>,
  texts: string
): Readonly<Record<string, unknown>> | Reply => {
  if (headers["content-type"] !== "application/json") return refuse(415, "media type")
  const read = JSON.parse(body) as Record<string, unknown>
  for (const member of required) {
    if (typeof read[member] !== "string" || read[member] === "") return refuse(400, { [member]: ["required"] })
  }
  const attributes = Object.values((read[texts] ?? {}) as Record<string, unknown>)
  if (!attributes.every((value) => typeof value === "string")) return refuse(400, { [texts]: ["texts only"] })
  const address = URL.parse(String(read["meeting_link"] ?? read["meeting_url"]))
  return address?.protocol === "https:" ? read : refuse(400, { meeting_url: ["invalid"] })
}

const isReply = (value: object): value is Reply => typeof (value as Reply).status === "number"

const make = ({ bots, keys }: State, key: string, body: Readonly<Record<string, unknown>>): FakeBot => {
  const bot: FakeBot = { id: `theirs-${bots.size}`, body, hasLeft: false }
  bots.set(bot.id, bot)
  keys.set(key, bot)
  return bot
}

const found = ({ bots }: State, path: RegExp, got: Got): FakeBot | undefined =>
  bots.get(decodeURIComponent(path.exec(got.path)?.[1] ?? ""))

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const meetstream: Service = (state, got) => {
  if (got.method === "POST" && got.path === "/api/v1/bots/create_bot") {
    const key = String(got.headers["idempotency-key"])
    if (!uuid.test(key)) return refuse(400, "Idempotency-Key must be a UUID")
    const body = bodyOf(got, ["meeting_link", "bot_name"], "custom_attributes")
    if (isReply(body)) return body
    const first = state.keys.get(key)
    // A replay is the bot of then, with the status of full storage.
    return accept(first === undefined ? 201 : 507, { bot_id: (first ?? make(state, key, body)).id, status: "Active" })
  }
  if (got.method !== "GET") return refuse(405, "GET")
  const bot = found(state, /^\/api\/v1\/bots\/([^/]+)\/(?:remove_bot|status)$/, got)
  if (bot === undefined) return refuse(404, "no such bot")
  if (got.path.endsWith("/status"))
    return accept(200, { bot_id: bot.id, status: bot.hasLeft ? "Stopped" : "InMeeting" })
  return leave(bot, { detail: "not in a meeting" })
}

const recall: Service = (state, got) => {
  if (got.method === "POST" && got.path === "/api/v1/bot/") {
    const body = bodyOf(got, ["meeting_url", "bot_name"], "metadata")
    if (isReply(body)) return body
    const key = String(got.headers["idempotency-key"])
    return accept(201, { id: (state.keys.get(key) ?? make(state, key, body)).id })
  }
  const [path, query = ""] = got.path.split("?")
  if (got.method === "GET" && path === "/api/v1/bot/") {
    const wanted = new URLSearchParams(query).get("metadata__punctual_bot_id")
    return listed(state, ({ body }) => (body["metadata"] as Record<string, unknown>)["punctual_bot_id"] === wanted)
  }
  const bot = found(state, /^\/api\/v1\/bot\/([^/]+)\/(?:leave_call\/)?$/, got)
  if (bot === undefined) return refuse(404, { code: "not_found" })
  if (got.path.endsWith("/leave_call/")) {
    return got.method === "POST" ? leave(bot, { code: "cannot_command_completed_bot" }) : refuse(405, "POST")
  }
  if (got.method !== "GET") return refuse(405, { code: "cannot_delete_bot" })
  const codes = ["joining_call", ...(bot.hasLeft ? ["call_ended"] : [])]
  return accept(200, { id: bot.id, status_changes: codes.map((code) => ({ code })) })
}

const attendeeMembers: ReadonlySet<string> = new Set(
  (
    "meeting_url bot_name join_at calendar_event_id deduplication_key metadata bot_image bot_chat_message webhooks " +
    "transcription_settings recording_settings automatic_leave_settings teams_settings zoom_settings " +
    "google_meet_settings websocket_settings callback_settings"
  ).split(" ")
)

const keyTaken =
  "Deduplication key already in use. A bot in a non-terminal state with this deduplication key already exists."

const attendee: Service = (state, got) => {
  if (got.method === "POST" && got.path === "/api/v1/bots") {
    const body = bodyOf(got, ["meeting_url", "bot_name"], "metadata")
    if (isReply(body)) return body
    const odd = Object.keys(body).find((member) => !attendeeMembers.has(member))
    if (odd !== undefined) return refuse(400, { [odd]: ["unexpected field"] })
    if ("calendar_event_id" in body) return refuse(400, { meeting_url: ["not beside calendar_event_id"] })
    const key = String(body["deduplication_key"])
    const standing = state.keys.get(key)
    if (standing !== undefined && !standing.hasLeft) return refuse(400, { deduplication_key: [keyTaken] })
    return accept(201, { id: make(state, key, body).id, state: "joining" })
  }
  const [path, query = ""] = got.path.split("?")
  if (got.method === "GET" && path === "/api/v1/bots") {
    const wanted = new URLSearchParams(query).get("deduplication_key")
    return listed(state, ({ body }) => body["deduplication_key"] === wanted)
  }
  const bot = found(state, /^\/api\/v1\/bots\/([^/]+)(?:\/leave)?$/, got)
  if (bot === undefined) return refuse(404, "no such bot")
  if (got.path.endsWith("/leave")) return got.method === "POST" ? leave(bot, "state") : refuse(405, "POST")
  return accept(200, { id: bot.id, state: bot.hasLeft ? "ended" : "joined_recording" })
}

/** A page of a list. */
const listed = ({ bots }: State, isWanted: (bot: FakeBot) => boolean): Reply =>
  accept(200, { next: null, previous: null, results: [...bots.values()].filter(isWanted).map(({ id }) => ({ id })) })

const leave = (bot: FakeBot, already: unknown): Reply => {
  if (bot.hasLeft) return refuse(400, already)
  bot.hasLeft = true
  return accept(200, {})
}

const services: Readonly<Record<Kind, Service>> = { meetstream, recall, attendee }
