/**
 * What an explanation reads of a large calendar: the meeting's own slice, however many events there are beside it.
 */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { Store } from "../../../src/index.ts"
import { explainBot } from "../../../src/usecases/queries/ExplainBot.ts"
import { connected, hour, layer, minute, noon, row, settle, user, zoom } from "../Host.ts"

it.effect("an explanation of one meeting of a thousand reads that one alone, by its key", () =>
  Effect.gen(function* () {
    const { calendarId, control } = yield* connected
    for (let nth = 0; nth < 1_000; nth++) {
      const start = noon + hour + nth * minute
      yield* control.create(calendarId, { subject: `Meeting ${nth}`, start, end: start + hour, joinUrl: zoom })
    }
    yield* settle
    const { event } = yield* row("Meeting 500")
    const store = yield* Store
    const slices: Array<readonly [scope: string, events: number]> = []
    const counting = Store.of({
      ...store,
      slice: (userId, scope, now) =>
        Effect.tap(store.slice(userId, scope, now), ({ events }) =>
          Effect.sync(() => slices.push([scope.kind, events.length]))
        )
    })
    const { code, steps } = yield* Effect.map(
      Effect.provideService(explainBot(user, event.id), Store, counting),
      ({ code: said, reasons }) => ({ code: said, steps: reasons.length })
    )
    assert.strictEqual(code, "not_asked")
    assert.isAbove(steps, 5)
    assert.deepStrictEqual(slices, [["meetings", 1]])
  }).pipe(Effect.provide(layer))
)
