/** One published feed and who follows it, over sockets: what the tests of a feed's faults ask and are told. */
import { assert } from "@effect/vitest"
import {
  CalendarProvider,
  type CalendarSession,
  type ChangeItem,
  type ConnectionId,
  type ConnectionRef,
  type Credentials,
  type UserId
} from "@punctual/core"
import { Effect, Option, Redacted, Stream } from "effect"
import { type FeedOptions, feedCalendarId, feedCredentials, layer, newFeed } from "../../src/feed/index.ts"
import { calendar, event } from "../Calendars.ts"
import { type Published, feedServer, loopback } from "./FeedServer.ts"

const window = { from: Date.UTC(2027, 11, 1), to: Date.UTC(2027, 11, 31) }

export const meeting = (uid: string, ...more: ReadonlyArray<string>): string =>
  event(`UID:${uid}`, "DTSTART:20271206T100000Z", `SUMMARY:${uid}`, ...more)

export const meetings = (count: number): string =>
  calendar(...Array.from({ length: count }, (_, n) => meeting(`meeting-${n}`)))

export interface Scene {
  readonly published: Published
  readonly session: CalendarSession
  readonly credentials: Redacted.Redacted<Credentials>
  readonly changes: (
    from: { readonly cursor: string } | { readonly before: string | null }
  ) => Effect.Effect<{ readonly items: ReadonlyArray<ChangeItem>; readonly cursor: string }, string>
  readonly event: (id: string) => Effect.Effect<boolean, string>
  /** As another process would have it. */
  readonly another: Effect.Effect<Scene>
}

const ref: ConnectionRef = {
  userId: "usr_a" as UserId,
  connectionId: "ics_feed_usr_a" as ConnectionId,
  generation: 1,
  version: 1
}

const sceneOn = (origin: string, published: Published, options: FeedOptions): Effect.Effect<Scene> =>
  Effect.gen(function* (): Effect.fn.Return<Scene, never, CalendarProvider> {
    const feed = newFeed(Redacted.make(`${origin}/secret.ics`), { emails: ["me@example.com"] })
    const credentials = feedCredentials([feed], 0)
    const provider = yield* CalendarProvider
    const session = yield* provider.open({ ref, credentials, notBefore: null, onRotated: () => Effect.void })
    const id = feedCalendarId(feed)
    return {
      published,
      session,
      credentials,
      changes: (from) =>
        Stream.runCollect(session.changes(id, "cursor" in from ? from : { window, before: from.before })).pipe(
          Effect.mapError(({ reason }) => `${reason._tag}: ${reason.message}`),
          Effect.map((pages) => ({
            items: pages.flatMap(({ items }) => items),
            cursor: pages.at(-1)?.cursor ?? assert.fail("no cursor")
          }))
        ),
      event: (providerId) =>
        session.event(id, providerId).pipe(
          Effect.mapError(({ reason }) => `${reason._tag}: ${reason.message}`),
          Effect.map(Option.isSome)
        ),
      another: Effect.suspend(() => sceneOn(origin, published, options))
    }
  }).pipe(Effect.provide(layer({ allowed: loopback, ...options })))

export const scene = (text: string, options: FeedOptions = { limits: { freshMillis: 0, backoffMinMillis: 0 } }) =>
  Effect.gen(function* () {
    const server = yield* feedServer
    const published = server.at("/secret.ics")
    published.text = text
    return yield* sceneOn(server.origin, published, options)
  })
