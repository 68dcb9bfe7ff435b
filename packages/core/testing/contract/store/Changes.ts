/**
 * What a store promises about its log of changes (law S23): an entry stands exactly where its change does.
 * Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import type { Bot } from "../../../src/domain/Bot.ts"
import { connectionChange } from "../../../src/domain/ConnectionChange.ts"
import { Store } from "../../../src/ports/Store.ts"
import type { CoverageChange } from "../../../src/domain/LoggedChange.ts"
import { launch } from "../../rows/Bot.ts"
import { botOf, changeOf, logOf, made, sequencesOf, typesOf } from "./Log.ts"
import { event, hour, minute, now } from "./Rows.ts"
import { type It, type User, claimed, committed, connected, decision, listed, refusal } from "./Users.ts"

export const cases = (it: It): void => {
  it.effect("MUST leave an entry with each change of a bot or connection, and none without (S23)", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const row = botOf(user, "a")
      yield* committed(user, { bots: [made(row)] })
      const moved = { ...row, joinAt: row.joinAt + hour, revision: 2 }
      yield* committed(user, { bots: [{ bot: moved, expected: 1, change: changeOf(row, moved, now + 1) }] })
      const launching: Bot = { ...moved, status: "Launching", launch: launch(), revision: 3 }
      yield* store.writeBot(user.userId, launching, 2, changeOf(moved, launching, now + 2))
      yield* store.writeBot(user.userId, { ...launching, revision: 4 }, 3)
      yield* store.markApplied([{ userId: user.userId, botId: row.id, revision: 1 }])
      const broken = { ...user.connection, status: "error" as const, statusReason: "mailbox_unavailable", revision: 2 }
      yield* store.saveConnection(broken, 1, connectionChange(user.connection, broken, "system"))
      const { items, next } = yield* logOf(user)
      assert.deepStrictEqual(typesOf(items), ["bot.scheduled", "bot.moved", "bot.launching", "connection.updated"])
      assert.deepStrictEqual(sequencesOf(items), [1, 2, 3, 4])
      assert.strictEqual(next, 4)
      assert.lengthOf(new Set(items.map(({ id }) => id)), 4)
      const [, second] = items
      const { id: _id, ...told } = second ?? {}
      assert.deepStrictEqual(told, {
        ...changeOf(row, moved, now + 1),
        userId: user.userId,
        workspaceId: null,
        sequence: 2,
        occurredAt: now + 1,
        botId: row.id,
        eventId: row.eventId,
        meeting: row.meeting,
        calendarId: row.calendarId
      })
      assert.deepStrictEqual(second?.data, {
        bot: { ...changeOf(row, moved, 0).data.bot },
        previous: { joinAt: row.joinAt }
      })
    })
  )

  it.effect(
    "MUST tell what is foreseen of meetings where nobody has told anything meanwhile, and nothing elsewhere",
    () =>
      Effect.gen(function* () {
        const store = yield* Store
        const user = yield* connected()
        yield* committed(user, { bots: [made(botOf(user, "a"))] })
        const foreseen = [coverageOf(user, "a", "at_risk"), coverageOf(user, "b", "uncovered")]
        yield* store.tellCoverage(user.userId, 1, foreseen)
        const { items } = yield* logOf(user)
        assert.deepStrictEqual(sequencesOf(items), [1, 2, 3])
        assert.deepStrictEqual(
          items.slice(1).map(({ data, meeting, type }) => ({ data, meeting, type })),
          foreseen.map(({ data, type }) => ({ data, meeting: data.meeting, type }))
        )
        assert.strictEqual(yield* refusal(store.tellCoverage(user.userId, 1, foreseen)), "Conflict")
        assert.strictEqual(yield* refusal(store.tellCoverage(user.userId, 4, foreseen)), "Conflict")
        const story = yield* store.timeline({
          userId: user.userId,
          of: { meeting: coverageOf(user, "a", "at_risk").data.meeting },
          before: null,
          limit: 9
        })
        assert.deepStrictEqual(sequencesOf(story.items), [2, 1])
        // Of several at once one is told.
        const many = Array.from({ length: 5 }, () =>
          Effect.exit(store.tellCoverage(user.userId, 3, foreseen.slice(0, 1)))
        )
        yield* Effect.all(many, { concurrency: "unbounded" })
        assert.deepStrictEqual(sequencesOf((yield* logOf(user)).items), [1, 2, 3, 4])
      })
  )

  it.effect("MUST leave none where the change was refused (S23)", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const row = botOf(user, "a")
      const stale = yield* decision(user, { bots: [made(row)] })
      yield* committed(user, {})
      assert.strictEqual(yield* refusal(store.commit(stale)), "Conflict")
      const taken = { ...row, revision: 2 }
      yield* committed(user, { bots: [made(row)] })
      const late = yield* decision(user, {
        bots: [
          { bot: taken, expected: 7, change: changeOf(row, { ...taken, status: "Failed" }, now) },
          made(botOf(user, "b"))
        ]
      })
      assert.strictEqual(yield* refusal(store.commit(late)), "Conflict")
      assert.strictEqual(yield* refusal(store.commit({ ...late, bots: [made(row)] })), "Conflict")
      const failed: Bot = { ...taken, status: "Failed" }
      assert.strictEqual(yield* refusal(store.writeBot(user.userId, failed, 5, changeOf(row, failed, now))), "Conflict")
      const other = { ...user.connection, email: "other@example.com", revision: 9 }
      const told = connectionChange(user.connection, other, "user")
      assert.strictEqual(yield* refusal(store.saveConnection(other, 8, told)), "Conflict")
      assert.strictEqual(yield* refusal(store.saveConnection(other, null, told)), "Conflict")
      assert.deepStrictEqual(typesOf((yield* logOf(user)).items), ["bot.scheduled"])
    })
  )

  it.effect("MUST tell once, with the pass that ends, how many events were changed since that was told", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const [a, b, c] = ["a", "b", "c"].map((label) => event(label, user.primary)) as [Event, Event, Event]
      const broken = yield* claimed(user, user.primary)
      yield* store.putMirror(broken, { events: [a, b, { ...a, subject: "Twice" }], series: [] })
      yield* store.failPass(broken, failure)
      yield* listed(user, { events: [{ ...b, subject: "Other" }, c, { ...a, subject: "Twice" }] })
      yield* listed(user, { events: [c] })
      // The claim is lost: what it has written is told by the next.
      const lost = yield* claimed(user, user.primary)
      yield* store.putMirror(lost, { events: [{ ...c, isDeleted: true }], series: [] })
      yield* listed(
        user,
        { events: [{ ...a, isDeleted: false, start: a.start + minute, end: a.end + minute }] },
        minute
      )
      yield* listed(user, { events: [c] }, minute)
      const dropped = yield* store.dropMirror(user.connection, user.primary, now + hour, 100)
      assert.strictEqual(dropped, 3)
      const { items } = yield* logOf(user)
      assert.deepStrictEqual(
        items.map(({ occurredAt, data }) => ({ occurredAt, data })),
        [
          { at: now + 1, created: 2, updated: 0, deleted: 0 },
          { at: now + 1, created: 1, updated: 1, deleted: 0 },
          { at: now + 1, created: 0, updated: 1, deleted: 1 },
          { at: now + 1, created: 1, updated: 0, deleted: 0 },
          { at: now + hour, created: 0, updated: 0, deleted: 3 }
        ].map(({ at, ...counts }) => ({ occurredAt: at, data: { calendarId: user.primary, ...counts } }))
      )
      for (const { calendarId, cause, type } of items) {
        assert.deepStrictEqual([type, calendarId, cause], ["calendar.synced", user.primary, "calendar"])
      }
    })
  )
}

type Event = ReturnType<typeof event>

const failure = { syncStatus: "stale" as const, syncError: "no", endedAt: now + 1, dueAt: now, reset: false }

const coverageOf = (user: User, label: string, status: "at_risk" | "uncovered"): CoverageChange => {
  const { calendarId, eventId, meeting, start } = botOf(user, label)
  return {
    type: "coverage.at_risk",
    occurredAt: now,
    cause: "system",
    data: { eventId, calendarId, meeting, start, status, causes: ["paused"] }
  }
}
