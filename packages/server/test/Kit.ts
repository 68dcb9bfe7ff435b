/**
 * The HTTP application in memory, for tests: real routing, real decoding, real keys, and a core that answers what the
 * test says. Decides nothing: a use case that a test did not script dies, so that a wrong call is seen.
 */
import { Effect, Layer, Option, Redacted, type Scope } from "effect"
import { HttpEffect, HttpServer, type HttpServerRequest } from "effect/http"
import { parseNotification } from "@punctual/adapter-google"
import { parseNotifications, validate } from "@punctual/adapter-graph"
import { type Launcher, Punctual, type Store, type UserId } from "@punctual/core"
import { Accounts } from "@punctual/core/accounts"
import { AccountsMemory, StoreMemory } from "@punctual/core/testing"
import { makeKey } from "../src/auth/ApiKey.ts"
import * as Administration from "../src/auth/Administration.ts"
import * as Authorizing from "../src/auth/Authorizing.ts"
import { makeSigning } from "../src/auth/Signing.ts"
import { Cursors } from "../src/handlers/CursorService.ts"
import { NotificationReader } from "../src/handlers/WebhooksHandlers.ts"
import { app } from "../src/App.ts"
import { HeldRequests } from "../src/http/HeldRequests.ts"
import * as Idempotency from "../src/http/Idempotency.ts"
import * as RateLimiting from "../src/http/RateLimiting.ts"
import * as None from "../src/launchers/None.ts"
import { StorageGauges } from "../src/metrics/StorageGauges.ts"
import { WriteProbe } from "../src/metrics/WriteProbe.ts"
import * as Consent from "../src/oauth/Consent.ts"

export const adminKey = "an-admin-key"
export const apiKey = "pk_a-key-of-adele"
export const otherKey = "pk_a-key-of-miriam"
export const adele = "usr_adele" as UserId
export const miriam = "usr_miriam" as UserId

export interface Options {
  readonly core?: Partial<Punctual["Service"]>
  /** A core that works, in place of one that is scripted. */
  readonly punctual?: Layer.Layer<Punctual>
  readonly launcher?: Layer.Layer<Launcher>
  readonly rateLimit?: number
  readonly adminKey?: string | null
  /** The server's own apps. */
  readonly consent?: ReadonlyArray<Consent.SignInApp>
  readonly accounts?: Layer.Layer<Accounts>
  /** Of which readiness knows whether it takes writes. */
  readonly store?: Layer.Layer<Store>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Undefined where the answer is no JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look at documented members of answers of every shape
  readonly json: any
}

export interface Call {
  /** Null: no key at all. */
  readonly key?: string | null
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Server {
  readonly call: (method: string, path: string, call?: Call) => Effect.Effect<Answer>
  readonly accounts: Accounts["Service"]
}

/** Two users with a key each. Lives as long as the test. */
export const serve = Effect.fnUntraced(function* (options: Options = {}) {
  const context = yield* Layer.build(layerOf(options))
  const accounts = yield* Effect.provideContext(Accounts, context)
  for (const [id, text] of [
    [adele, apiKey],
    [miriam, otherKey]
  ] as const) {
    yield* accounts.createUser(
      { id, workspaceId: "wsp_1", name: null, externalId: null, createdAt: 0 },
      makeKey(id, 0, { text }).key
    )
  }
  const handler = HttpEffect.toWebHandlerWith<never, HttpServerRequest.HttpServerRequest | Scope.Scope>(
    // The test's clock among it.
    yield* Effect.context<never>()
  )(yield* Effect.provideContext(app, context))
  const call: Server["call"] = (method, path, { body, headers, key = apiKey } = {}) =>
    Effect.promise(async () => {
      const response = await handler(
        new Request(`http://punctual.test${path}`, {
          method,
          headers: {
            ...(key !== null && { authorization: `Token ${key}` }),
            ...(body !== undefined && typeof body !== "string" && { "content-type": "application/json" }),
            ...headers
          },
          ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) })
        })
      )
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, json: jsonOf(text) }
    })
  return { call, accounts } satisfies Server
})

const layerOf = ({
  accounts = AccountsMemory.layer,
  adminKey: admin = adminKey,
  consent = [],
  core = {},
  launcher = None.layer,
  punctual = Layer.succeed(Punctual, scripted(core)),
  rateLimit = 0,
  store = StoreMemory.layer
}: Options) =>
  Layer.mergeAll(
    Administration.layer,
    Authorizing.layer(Option.map(Option.fromNullishOr(admin), (key) => Redacted.make(key))),
    HeldRequests.layer,
    Idempotency.layer,
    RateLimiting.layer(rateLimit),
    Consent.layer(consent),
    Cursors.layer(makeSigning([Redacted.make(new Uint8Array(32).fill(7))])),
    Layer.succeed(NotificationReader, { read: parseNotifications, validate, readChannel: parseNotification }),
    Layer.succeed(StorageGauges, { refresh: Effect.void }),
    WriteProbe.layer,
    HttpServer.layerServices
  ).pipe(Layer.provideMerge(Layer.mergeAll(accounts, punctual, launcher, store)))

/** Readiness and metrics ask for it, whatever a test is about. */
const rightClock: Punctual["Service"]["clock"] = Effect.succeed({
  offsetMillis: 0,
  isSkewed: false,
  launchesRefused: 0
})

const expected: Partial<Punctual["Service"]> = {
  clock: rightClock,
  joinWorkspace: () => Effect.void,
  pausedUntil: () => Effect.succeed(null)
}

/** What was not scripted is not expected, but what every user begins with. */
export const scripted = (core: Partial<Punctual["Service"]>): Punctual["Service"] =>
  new Proxy({ ...expected, ...core } as Punctual["Service"], {
    get: (target, name) =>
      Reflect.has(target, name)
        ? Reflect.get(target, name)
        : () => Effect.die(new Error(`the test did not script ${String(name)}`))
  })

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
