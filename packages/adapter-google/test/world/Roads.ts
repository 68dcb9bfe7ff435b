/**
 * What a road between a client and Google does to requests, at random.
 * Decides which faults there are: in Google's own words where they are known (`fixtures/google-payloads`), in a proxy's or in
 * none where they are not.
 */
import * as fc from "fast-check"
import { payload, payloadText } from "../fakes/Payloads.ts"

export interface Fault {
  /** Of requests whose path, unescaped, it matches. */
  readonly path: string
  readonly probability: number
  readonly answer: FaultAnswer
}

export type FaultAnswer =
  /** It never arrived. */
  | { readonly type: "reset" }
  /** It was done, and the answer got lost. */
  | { readonly type: "lostAnswer" }
  | { readonly type: "hang" }
  /** The answer ends in its middle. */
  | { readonly type: "truncated" }
  | { readonly type: "delay"; readonly millis: number }
  /** Something else answered. */
  | {
      readonly type: "answer"
      readonly status: number
      readonly body: unknown
      readonly headers?: Readonly<Record<string, string>>
      /** It says that something may not be read: what is denied is asked for again much later. */
      readonly isDenial?: boolean
      /** Google is known to be wrong about one request, not about the same one twice in a row. */
      readonly isOnce?: boolean
    }

const said = (status: number, name: string, headers: Readonly<Record<string, string>> = {}): FaultAnswer => ({
  type: "answer",
  status,
  body: payload(name),
  headers
})

export const bad: ReadonlyArray<FaultAnswer> = [
  { type: "reset" },
  { type: "lostAnswer" },
  { type: "hang" },
  { type: "truncated" },
  { type: "delay", millis: 20_000 },
  said(401, "error.401.authError"),
  said(403, "error.403.userRateLimitExceeded"),
  said(403, "error.403.rateLimitExceeded.quota-metric"),
  said(429, "error.429.rateLimitExceeded"),
  said(429, "error.429.rateLimitExceeded", { "retry-after": "7" }),
  said(412, "error.412.undocumented-read"),
  said(500, "error.500.backendError"),
  said(503, "error.503.backendError"),
  { type: "answer", status: 502, body: payloadText("error.502.html") },
  { type: "answer", status: 200, body: payloadText("error.502.html") },
  { type: "answer", status: 404, body: "<p>No such page.</p>" },
  { type: "answer", status: 404, body: payload("error.404.notFound"), isOnce: true },
  { type: "answer", status: 403, body: payload("error.403.forbidden"), isDenial: true }
]

/** Of the token endpoint: whatever it answers so, the grant stands. */
const badAtSignIn: ReadonlyArray<FaultAnswer> = [
  { type: "reset" },
  { type: "lostAnswer" },
  { type: "truncated" },
  said(429, "token.error.429.rate-limit"),
  { type: "answer", status: 503, body: "<html>" },
  { type: "answer", status: 200, body: "<html>" }
]

const often = fc.constantFrom(0.05, 0.3)

export const roads: fc.Arbitrary<ReadonlyArray<Fault>> = fc
  .tuple(
    fc.array(
      fc.record({
        path: fc.constantFrom("", "/events", "/events/", "/instances", "/watch", "/calendarList"),
        probability: often,
        answer: fc.constantFrom(...bad)
      }),
      { maxLength: 4 }
    ),
    fc.array(
      fc.record({ path: fc.constant("^/token$"), probability: often, answer: fc.constantFrom(...badAtSignIn) }),
      {
        maxLength: 1
      }
    )
  )
  .map(([ofCalendar, ofSignIn]) => [
    ...ofCalendar.map((fault) => ({ ...fault, path: `/calendar/.*${fault.path}` })),
    ...ofSignIn
  ])

export const isForbidding = (road: ReadonlyArray<Fault>): boolean =>
  road.some(({ answer }) => answer.type === "answer" && answer.isDenial === true)
