/**
 * The simulated Microsoft 365 without a socket: its rules behind an `HttpClient`, on the clock of whoever asks.
 *
 * Counts what a polite client must keep to: requests at once per app and mailbox, and requests that came before the
 * `Retry-After` they were given. What is answered is decided by the simulator's rules alone.
 */
import { Clock, Effect } from "effect"
import { HttpClient, HttpClientError, type HttpClientRequest, HttpClientResponse } from "effect/http"
import {
  applyEdit,
  changeOptions,
  callerOf,
  credentialsFor,
  type Credentials,
  defaultApp,
  dispatched,
  type Edit,
  type Edited,
  emptyWorld,
  type Fault,
  heldBy,
  isHeld,
  type LifecycleWish,
  lifecycleSent,
  mailboxAdded,
  type MailboxSpec,
  noTraffic,
  type OptionsChange,
  type Outcome,
  type Reply,
  type Request,
  step,
  type Traffic,
  trafficKey,
  type ValidationResult,
  visited,
  withApp,
  type World
} from "@punctual/adapter-graph/simulator"

export interface Cloud {
  readonly world: () => World
  readonly http: HttpClient.HttpClient
  readonly addMailbox: (spec: MailboxSpec) => Credentials
  /** Throws `EditRefused`. */
  readonly edit: (edit: Edit) => Edited
  readonly configure: (change: OptionsChange) => void
  readonly setFaults: (faults: ReadonlyArray<Fault>) => void
  readonly lifecycle: (intent: LifecycleWish) => number
  /** Puts another world in the place of this one. */
  readonly alter: (change: (world: World) => World) => void
  /** Notifications that are due, taken out of the world: the bodies, by address. */
  readonly deliveries: () => ReadonlyArray<{ readonly url: string; readonly body: unknown }>
  readonly traffic: () => Traffic
}

export interface CloudOptions {
  readonly seed: number
  readonly now: () => number
  readonly options?: OptionsChange
  /** How long an answer takes. */
  readonly latencyMillis?: () => number
  /** Told of each request before it is answered: there people may edit, and processes die. */
  readonly onRequest?: (request: Request) => void
  /** What the notification addresses answer to a validation. */
  readonly validation?: () => ValidationResult
}

export const makeCloud = (options: CloudOptions): Cloud => {
  const empty = withApp(emptyWorld(options.seed), defaultApp)
  const cell: Cell = {
    world: { ...empty, options: changeOptions(empty.options, options.options ?? {}) },
    traffic: noTraffic
  }
  return {
    world: () => cell.world,
    traffic: () => cell.traffic,
    http: httpOver(cell, options),
    addMailbox: (spec) => {
      const added = mailboxAdded(cell.world, spec)
      const given = credentialsFor(added.world, added.mailbox, defaultApp.clientId, options.now())
      if (given === null) throw new Error("no app")
      cell.world = given.world
      return given.credentials
    },
    edit: (edit) => {
      const done = applyEdit(cell.world, edit, options.now())
      cell.world = done.world
      return done.edited
    },
    configure: (change) => {
      cell.world = { ...cell.world, options: changeOptions(cell.world.options, change) }
    },
    setFaults: (faults) => {
      cell.world = { ...cell.world, faults }
    },
    lifecycle: (intent) => {
      const sent = lifecycleSent(cell.world, intent, options.now())
      cell.world = sent.world
      return sent.count
    },
    alter: (change) => {
      cell.world = change(cell.world)
    },
    deliveries: () => {
      const out = dispatched(cell.world, options.now())
      cell.world = out.world
      return out.parcels.map(({ body, url }) => ({ url, body }))
    }
  }
}

interface Cell {
  world: World
  traffic: Traffic
}

const httpOver = (cell: Cell, options: CloudOptions): HttpClient.HttpClient => {
  const underWay = new Map<string, number>()

  const ask = Effect.fnUntraced(function* (request: HttpClientRequest.HttpClientRequest, url: URL) {
    const headers = { ...request.headers }
    const caller = callerOf(cell.world, { headers })
    const key = caller === null ? null : trafficKey(caller)
    const inFlight = key === null ? 1 : (underWay.get(key) ?? 0) + 1
    const at = yield* Clock.currentTimeMillis
    const isEarly = isHeld(cell.traffic, key, at)
    const asked: Request = {
      method: request.method,
      origin: url.origin,
      path: url.pathname,
      query: url.search.slice(1),
      headers,
      body: request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : "",
      inFlight
    }
    if (key !== null) underWay.set(key, inFlight)
    return yield* Effect.gen(function* () {
      yield* Effect.sleep(options.latencyMillis?.() ?? 0)
      options.onRequest?.(asked)
      const now = yield* Clock.currentTimeMillis
      const reply = answered(cell, step(cell.world, asked, now), options, now)
      const { method, path, query } = asked
      const { status } = reply
      const mailbox = caller?.mailbox ?? null
      const seen = visited(cell.traffic, { at, method, path, query, mailbox, status, inFlight, isEarly })
      cell.traffic = heldBy(seen, key, reply.headers["retry-after"], now)
      return yield* carried(request, reply)
    }).pipe(
      Effect.ensuring(
        Effect.sync(() => {
          if (key !== null) underWay.set(key, (underWay.get(key) ?? 1) - 1)
        })
      )
    )
  })
  return HttpClient.make((request, url) => ask(request, url))
}

const answered = (cell: Cell, first: Outcome, options: CloudOptions, now: number): Reply => {
  let outcome = first
  while (outcome._tag === "Validate") {
    outcome = outcome.validation.resume(outcome.world, options.validation?.() ?? "ok", now)
  }
  cell.world = outcome.world
  return outcome.reply
}

/** What the road makes of an answer. */
const carried = Effect.fnUntraced(function* (request: HttpClientRequest.HttpClientRequest, reply: Reply) {
  const { transport } = reply
  if (transport?.type === "reset") {
    const reason = new HttpClientError.TransportError({ request })
    return yield* Effect.fail(new HttpClientError.HttpClientError({ reason }))
  }
  if (transport?.type === "hang") return yield* Effect.never
  if (transport?.type === "delay" || transport?.type === "slowBody") yield* Effect.sleep(transport.millis)
  const text = reply.body === null ? "" : typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body)
  const body = transport?.type === "truncated" ? text.slice(0, Math.floor(text.length / 2)) : text
  const isEmpty = reply.status === 204 || body === ""
  return HttpClientResponse.fromWeb(
    request,
    new Response(isEmpty ? null : body, { status: reply.status, headers: reply.headers })
  )
})
