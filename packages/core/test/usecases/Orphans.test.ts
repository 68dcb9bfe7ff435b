/**
 * Exceptions that come without their series: one that somebody was invited to alone stands alone, one whose series was
 * deleted since the provider told of it went with it.
 */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Option } from "effect"
import type { ChangePage, ProviderEvent, ProviderSeries } from "../../src/domain/Provider.ts"
import { CalendarError, type CalendarSession, Forbidden } from "../../src/ports/CalendarProvider.ts"
import { Store } from "../../src/ports/Store.ts"
import { readPage } from "../../src/usecases/sync/SyncPass.ts"
import { newPass } from "../../src/usecases/sync/SyncProgress.ts"
import { connected, hour, layer, listed, noon, ours, user } from "./Host.ts"

const exception: ProviderEvent = {
  providerId: "exception-1",
  kind: "exception",
  seriesProviderId: "series-1",
  originalStart: noon + hour,
  iCalUid: "series-1@example.com",
  start: noon + 2 * hour,
  end: noon + 3 * hour,
  isAllDay: false,
  zone: "UTC",
  subject: "Moved",
  organizer: null,
  isCancelled: false,
  facts: null,
  createdAt: noon,
  updatedAt: noon,
  linkFields: null,
  raw: { id: "exception-1" },
  rawTruncated: false
}

const page: ChangePage = { items: [{ kind: "event", event: exception }], cursor: null, rejected: 0 }

/** Subjects in the mirror after the page was read, where the provider answers so to the question for the exception. */
const readWith = (answer: Effect.Effect<Option.Option<ProviderEvent>, CalendarError>) =>
  Effect.gen(function* () {
    const { calendarId } = yield* connected
    const store = yield* Store
    const now = yield* Clock.currentTimeMillis
    const claim = Option.getOrThrow(yield* store.claimCalendar(user, ours(calendarId), now, now + hour))
    const asked: Array<string> = []
    const session = {
      series: () => Effect.succeed(Option.none<ProviderSeries>()),
      event: (_: unknown, providerId: string) => {
        asked.push(providerId)
        return answer
      }
    } satisfies Partial<CalendarSession> as unknown as CalendarSession
    yield* readPage(newPass(claim, session), page)
    assert.deepStrictEqual(asked, ["exception-1"])
    return (yield* listed).map(({ event }) => event.subject)
  }).pipe(Effect.provide(layer))

const forbidden = new CalendarError({ operation: "event", reason: new Forbidden({ message: "private" }) })

describe("an exception whose series is not there", () => {
  it.effect("stands alone where it is there itself", () =>
    Effect.map(readWith(Effect.succeed(Option.some(exception))), (subjects) =>
      assert.deepStrictEqual(subjects, ["Moved"])
    )
  )

  it.effect("stands alone where nobody may say", () =>
    Effect.map(readWith(Effect.fail(forbidden)), (subjects) => assert.deepStrictEqual(subjects, ["Moved"]))
  )

  it.effect("went with it where it is not", () =>
    Effect.map(readWith(Effect.succeed(Option.none())), (subjects) => assert.deepStrictEqual(subjects, []))
  )
})
