/** Renewing at a provider that prolongs nothing: another subscription takes the place of the old one. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { CalendarError, type CalendarSession, Store, Unavailable } from "../../../src/index.ts"
import { openAccount } from "../../../src/usecases/account/OpenAccount.ts"
import { renewSubscription } from "../../../src/usecases/account/Subscriptions.ts"
import { account, connected, day, layer, noon, settle } from "../Host.ts"

const renewed = Effect.fnUntraced(function* (session: Partial<CalendarSession>) {
  yield* connected
  yield* settle
  const { calendars, connection } = yield* account
  const calendar = calendars[0] ?? assert.fail("there is no calendar")
  const old = calendar.subscription ?? assert.fail("nothing is subscribed")
  const store = yield* Store
  const done: Array<string> = []
  const noted = Store.of({
    ...store,
    patchCalendar: (generation, calendarId, patch) =>
      Effect.tap(store.patchCalendar(generation, calendarId, patch), () =>
        Effect.sync(() => done.push(`saved ${patch.subscription?.id ?? "none"}`))
      )
  })
  const opened = yield* openAccount(connection)
  const stand: CalendarSession = {
    ...opened.session,
    unsubscribe: (id) => Effect.sync(() => void done.push(id === old.id ? "ended the old one" : `ended ${id}`)),
    ...session
  }
  const result = yield* Effect.exit(
    renewSubscription({ ...opened, session: stand }, calendar).pipe(Effect.provideService(Store, noted))
  )
  const after = (yield* account).calendars[0]?.subscription ?? null
  return { done, old, after, result }
})

const another = { id: "another", clientState: Redacted.make("its own"), expiresAt: noon + 7 * day }

describe("renewing", () => {
  it.effect("72: MUST store the new channel before it stops the old", () =>
    Effect.gen(function* () {
      const { after, done, old } = yield* renewed({ renew: () => Effect.succeed(another) })
      assert.deepStrictEqual(done, ["saved another", "ended the old one"])
      assert.strictEqual(after?.id, "another")
      assert.strictEqual(after?.expiresAt, another.expiresAt)
      assert.notStrictEqual(after?.clientStateHash, old.clientStateHash)
    }).pipe(Effect.provide(layer))
  )

  it.effect("73: MUST keep the old channel when making the new one fails", () =>
    Effect.gen(function* () {
      const reason = new Unavailable({ message: "down" })
      const { after, done, old } = yield* renewed({
        renew: () => Effect.fail(new CalendarError({ operation: "renew", reason }))
      })
      assert.deepStrictEqual([done, after], [[], old])
    }).pipe(Effect.provide(layer))
  )

  it.effect("one that is prolonged keeps its id and its state, and nothing is ended", () =>
    Effect.gen(function* () {
      const { after, done, old } = yield* renewed({
        renew: (_, id) => Effect.succeed({ id, clientState: null, expiresAt: another.expiresAt })
      })
      assert.deepStrictEqual(done, [`saved ${old.id}`])
      assert.deepStrictEqual(after, { ...old, expiresAt: another.expiresAt })
    }).pipe(Effect.provide(layer))
  )

  it.effect("an old one that can't be ended now is left to lapse", () =>
    Effect.gen(function* () {
      const reason = new Unavailable({ message: "down" })
      const { after, result } = yield* renewed({
        renew: () => Effect.succeed(another),
        unsubscribe: () => Effect.fail(new CalendarError({ operation: "unsubscribe", reason }))
      })
      assert.deepStrictEqual([result._tag, after?.id], ["Success", "another"])
    }).pipe(Effect.provide(layer))
  )
})
