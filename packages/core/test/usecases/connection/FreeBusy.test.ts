/** A calendar of which only free and busy times are shown: it is listed, and read never. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { Punctual, Refusal } from "../../../src/index.ts"
import { account, connected, layer, ours, settle, user } from "../Host.ts"

describe("a calendar that shows free and busy times alone", () => {
  it.effect("is listed as not selected, is not watched, and can't be selected", () =>
    Effect.gen(function* () {
      const { accountId, control } = yield* connected
      const punctual = yield* Punctual
      const veiled = yield* control.addCalendar(accountId, { accessRole: "freeBusyReader", summary: "Boss" })
      const open = yield* control.addCalendar(accountId, { accessRole: "reader", summary: "Team" })
      const listed = new Map((yield* punctual.calendars(user)).map((each) => [each.providerId, each]))
      assert.isFalse(listed.get(veiled)?.selected)
      assert.isTrue(listed.get(open)?.selected)
      yield* settle
      const { calendars } = yield* account
      const row = calendars.find(({ id }) => id === ours(veiled))
      assert.deepInclude(row, { selected: false, subscription: null, syncStatus: "never" })
      const refusal = yield* Effect.flip(punctual.selectCalendar(user, veiled, true))
      assert.isTrue(refusal instanceof Refusal && refusal.code === "calendar_not_selectable")
      assert.isFalse((yield* punctual.selectCalendar(user, veiled, false)).selected)
      assert.isTrue(Option.isNone(yield* punctual.syncNext))
    }).pipe(Effect.provide(layer))
  )
})
