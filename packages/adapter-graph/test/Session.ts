/**
 * A session over a far side that is a function: the production wiring from the provider's layer down, with Graph and
 * the sign-in service answered by one function of the request. Decides nothing about what is right.
 */
import { Effect, Exit, Fiber, Layer, Redacted } from "effect"
import { HttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import { type CalendarError, CalendarProvider, type CalendarSession, type ConnectionRef } from "@punctual/core"
import { type GraphOptions, layerNoDeps } from "../src/index.ts"
import { credentialsOf, tokenBody } from "./fakes/FakeLogin.ts"
import { type Answer, type Sent, fakeService } from "../../core/test/http/FakeService.ts"

export const ref = {
  userId: "usr_1",
  connectionId: "outlook_calendar_usr_1",
  generation: 1,
  version: 1
} as ConnectionRef

export const addresses = {
  notificationUrl: "https://punctual.example/webhooks/microsoft",
  lifecycleUrl: "https://punctual.example/webhooks/microsoft/lifecycle"
}

export interface Opened {
  readonly session: CalendarSession
  readonly provider: CalendarProvider["Service"]
  /** Requests to Graph, without those for tokens. */
  readonly sent: ReadonlyArray<Sent>
}

/** Runs against a session; `answer` is asked for everything but tokens. */
export const withSession = <A, E>(
  answer: (request: Sent, index: number) => Answer,
  use: (opened: Opened) => Effect.Effect<A, E>,
  options: GraphOptions = addresses,
  token: Record<string, unknown> = {}
): Effect.Effect<A, E> => {
  const sent: Array<Sent> = []
  const fake = fakeService((request) =>
    request.url.startsWith("https://login.") ? { body: tokenBody(token) } : answer(request, sent.push(request) - 1)
  )
  return Effect.gen(function* () {
    const provider = yield* CalendarProvider
    const session = yield* provider.open({
      ref,
      credentials: credentialsOf(),
      notBefore: null,
      onRotated: () => Effect.void
    })
    return yield* use({ session, provider, sent })
  }).pipe(Effect.provide(Layer.provide(layerNoDeps(options), Layer.succeed(HttpClient.HttpClient, fake.http))))
}

/** The outcome, once the test's clock has moved on far enough for every pause in between. */
export const outcome = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<Exit.Exit<A, E>> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.exit(effect))
    // MSAL's promises do not run on the test's clock: they are let through between its steps.
    for (let step = 0; step < 10; step++) {
      yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
      yield* TestClock.adjust("10 seconds")
    }
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

export const secretOf = (redacted: Redacted.Redacted<string>): string => Redacted.value(redacted)
