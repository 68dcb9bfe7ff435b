/**
 * The simulated Google without a socket: its rules behind an `HttpClient`, on the clock of whoever asks. Decides nothing:
 * what is answered is the rules' to say, and what the road makes of it the fault's.
 */
import { Clock, Effect } from "effect"
import { HttpClient, HttpClientError, type HttpClientRequest, HttpClientResponse } from "effect/http"
import type { Notification } from "@punctual/core"
import {
  type Edit,
  type Options,
  type Parcel,
  type Reply,
  type Request,
  type World,
  applyEdit,
  emptyWorld,
  step
} from "@punctual/adapter-google/simulator"
import { toldOf } from "../../simulator/rules/Channels.ts"
import { parseNotification } from "../../src/index.ts"
import type { Fault, FaultAnswer } from "./Roads.ts"

export interface Cloud {
  readonly http: HttpClient.HttpClient
  readonly world: () => World
  /** Throws `EditRefused`. */
  readonly edit: (edit: Edit) => string
  readonly setRoad: (road: ReadonlyArray<Fault>) => void
  /** What is to be posted, taken out, as the webhook reads it. */
  readonly deliveries: () => ReadonlyArray<Notification>
  /** Every request so far, as `GET /calendar/v3/…`. */
  readonly asked: () => ReadonlyArray<string>
}

export interface CloudOptions {
  readonly now: () => number
  /** A number in `[0, 1)`. */
  readonly chance: () => number
  readonly options?: Partial<Options>
  readonly latencyMillis?: () => number
  /** Of ten notifications, so many never arrive. */
  readonly lostOfTen?: number
  /** Told of each request before it is answered: there people may edit, and processes die. */
  readonly onRequest?: (path: string) => void
}

export const makeCloud = ({
  chance,
  latencyMillis = () => 0,
  lostOfTen = 0,
  now,
  onRequest = () => undefined,
  options = {}
}: CloudOptions): Cloud => {
  let world = emptyWorld(options)
  let road: ReadonlyArray<Fault> = []
  let parcels: Array<Parcel> = []
  const asked: Array<string> = []
  const struckOnce = new Set<string>()

  const strike = (what: string, path: string): FaultAnswer | null => {
    for (const { answer, path: pattern, probability } of road) {
      if (!new RegExp(pattern).test(path) || chance() >= probability) continue
      if (answer.type !== "answer" || answer.isOnce !== true) return answer
      // The next one like it is answered.
      if (struckOnce.delete(what)) return null
      struckOnce.add(what)
      return answer
    }
    return null
  }

  const http = HttpClient.make((request, url) =>
    Effect.gen(function* () {
      yield* Effect.sleep(latencyMillis())
      onRequest(url.pathname)
      const made: Request = {
        method: request.method,
        path: url.pathname.split("/").slice(1).map(decodeURIComponent),
        query: url.searchParams,
        headers: request.headers,
        body: request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : ""
      }
      const path = `/${made.path.join("/")}`
      asked.push(`${made.method} ${path}`)
      const fault = strike(`${made.method} ${path}`, path)
      if (fault?.type === "reset") return yield* lost(request)
      if (fault?.type === "hang") return yield* Effect.never
      if (fault?.type === "answer") return webOf(request, fault)
      const outcome = step(world, made, yield* Clock.currentTimeMillis)
      world = outcome.world
      parcels.push(...outcome.parcels)
      if (fault?.type === "lostAnswer") return yield* lost(request)
      if (fault?.type === "delay") yield* Effect.sleep(fault.millis)
      return webOf(request, outcome.reply, fault?.type === "truncated")
    })
  )

  return {
    http,
    world: () => world,
    edit: (edit) => {
      const edited = applyEdit(world, edit, now())
      const next = toldOf(edited, now())
      world = next.world
      parcels.push(...next.parcels)
      return edited.id
    },
    setRoad: (next) => {
      road = next
    },
    deliveries: () => {
      const taken = parcels
      parcels = []
      return taken.flatMap(({ headers }) => {
        const told = parseNotification(headers)
        return told === null || told.kind === "sync" || chance() * 10 < lostOfTen ? [] : [{ ...told, kind: "change" }]
      })
    },
    asked: () => asked
  }
}

const lost = (request: HttpClientRequest.HttpClientRequest) =>
  Effect.fail(new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request }) }))

const webOf = (
  request: HttpClientRequest.HttpClientRequest,
  { body, headers = {}, status }: Reply,
  isCut = false
): HttpClientResponse.HttpClientResponse => {
  const text = typeof body === "string" || body === undefined ? body : JSON.stringify(body)
  const sent = isCut ? text?.slice(0, Math.floor(text.length / 2)) : text
  return HttpClientResponse.fromWeb(request, new Response(sent ?? null, { status, headers }))
}
