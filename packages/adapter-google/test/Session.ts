/**
 * A session over a far side that is a function: the production wiring from the provider's layer down, with Google answered
 * by one function of the request. Decides nothing about what is right.
 */
import { Effect, Exit, Fiber, Layer, Redacted } from "effect"
import { HttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import {
  type CalendarError,
  CalendarProvider,
  type CalendarSession,
  type ConnectionRef,
  type Credentials,
  type ProviderCalendarId
} from "@punctual/core"
import { type GoogleOptions, layerNoDeps } from "../src/index.ts"
import { type Answer, type Sent, fakeService } from "../../core/test/http/FakeService.ts"
import { payload } from "./fakes/Payloads.ts"

export const ref = {
  userId: "usr_1",
  connectionId: "google_calendar_usr_1",
  generation: 1,
  version: 1
} as ConnectionRef

export const calendarId = "en.german#holiday@group.v.calendar.google.com" as ProviderCalendarId

export const credentials: Redacted.Redacted<Credentials> = Redacted.make({
  clientId: "client",
  clientSecret: "marker-secret",
  refreshToken: "marker-refresh",
  obtainedAt: 0
})

export const notificationUrl = "https://punctual.example/webhooks/google"

export interface Asked {
  /** After `/calendar/v3/`, unescaped. */
  readonly path: string
  readonly query: URLSearchParams
  readonly body: string
}

export interface Opened {
  readonly session: CalendarSession
  readonly provider: CalendarProvider["Service"]
  /** Requests to Google, without those for tokens. */
  readonly asked: ReadonlyArray<Asked>
}

/** Runs against a session; `answer` is asked for everything but tokens. */
export const withSession = <A, E>(
  answer: (request: Asked, index: number) => Answer,
  use: (opened: Opened) => Effect.Effect<A, E>,
  options: GoogleOptions = { notificationUrl },
  token: Answer = { body: payload("token.refresh.success") }
): Effect.Effect<A, E> => {
  const asked: Array<Asked> = []
  const fake = fakeService((request) =>
    request.url.startsWith("https://oauth2.") ? token : answer(askedBy(request), asked.push(askedBy(request)) - 1)
  )
  return Effect.gen(function* () {
    const provider = yield* CalendarProvider
    const session = yield* provider.open({ ref, credentials, notBefore: null, onRotated: () => Effect.void })
    return yield* use({ session, provider, asked })
  }).pipe(Effect.provide(Layer.provide(layerNoDeps(options), Layer.succeed(HttpClient.HttpClient, fake.http))))
}

const askedBy = ({ body, url }: Sent): Asked => {
  const { pathname, searchParams } = new URL(url)
  return { path: decodeURIComponent(pathname.replace("/calendar/v3/", "")), query: searchParams, body }
}

/** The outcome, once the test's clock has moved on far enough for every pause in between. */
export const outcome = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<Exit.Exit<A, E>> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.exit(effect))
    for (let step = 0; step < 20; step++) yield* TestClock.adjust("10 seconds")
    return yield* Fiber.join(fiber)
  })

/** The reason of a failure. */
export const reasonOf = <A>(exit: Exit.Exit<A, CalendarError>): CalendarError["reason"] | null => {
  const error = Exit.findErrorOption(exit)
  return error._tag === "Some" ? error.value.reason : null
}

export const valueOf = <A, E>(exit: Exit.Exit<A, E>): A => {
  if (Exit.isSuccess(exit)) return exit.value
  throw new Error(`expected a success: ${JSON.stringify(exit)}`)
}
