/** O: a bot's life in log lines, one for each step, each with whose it is, which meeting, and what the service said. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Logger, References } from "effect"
import { TestClock } from "effect/testing"
import * as LauncherMemory from "../../../testing/memory/LauncherMemory.ts"
import { day, hour, layer, meet, minute, reviewScheduled, settle, user } from "../Host.ts"

interface Line {
  readonly message: unknown
  readonly level: string
  readonly annotations: Readonly<Record<string, unknown>>
}

/** What was logged since the last look, of bots alone. */
const listening = Effect.sync(() => {
  const lines: Array<Line> = []
  const logger = Logger.make(({ fiber, logLevel, message }) => {
    const annotations = fiber.getRef(References.CurrentLogAnnotations)
    if ("bot_id" in annotations) lines.push({ message, level: logLevel, annotations })
  })
  const steps = () =>
    lines
      .splice(0)
      .map(({ annotations: { status, status_message, status_reason, step } }) =>
        [step, status, status_reason, status_message].filter((part) => part !== null && part !== undefined).join(", ")
      )
  return { logger, lines, steps }
})

const told = <A, E>(
  story: (heard: Effect.Success<typeof listening>) => Effect.Effect<A, E, Layer.Success<typeof layer>>
) =>
  Effect.flatMap(listening, (heard) =>
    story(heard).pipe(Effect.provide(Layer.merge(layer, Logger.layer([heard.logger]))))
  )

describe("O: each step of a bot leaves one line", () => {
  it.effect("made, moved, given another link, reconfigured and cancelled", () =>
    told(
      Effect.fnUntraced(function* ({ lines, steps }) {
        const { bot, control, event, providerId, punctual } = yield* reviewScheduled()
        assert.deepInclude(lines[0]?.annotations, {
          user_id: user,
          event_id: event.id,
          bot_id: bot.id,
          status: "Scheduled",
          origin: "manual",
          join_at: "2026-03-10T13:59:00.000Z"
        })
        assert.deepStrictEqual(steps(), ["create, Scheduled"])
        yield* control.change(providerId, { start: bot.start + hour, end: bot.end + hour })
        yield* settle
        assert.deepStrictEqual(steps(), ["move, Scheduled to Scheduled"])
        yield* control.change(providerId, { joinUrl: meet })
        yield* settle
        assert.deepStrictEqual(steps(), ["change-link, Scheduled to Scheduled"])
        yield* punctual.updateBot(user, bot.id, { botName: "Notes" })
        assert.deepStrictEqual(steps(), ["reconfigure, Scheduled to Scheduled"])
        yield* control.change(providerId, { isCancelled: true })
        yield* settle
        assert.deepStrictEqual(steps(), ["cancel, Scheduled to Cancelled, meeting_cancelled"])
      })
    )
  )

  it.effect("called otherwise, where the meeting that it is in became a series", () =>
    told(
      Effect.fnUntraced(function* ({ steps }) {
        const { bot, control, providerId, punctual } = yield* reviewScheduled()
        yield* Effect.forkChild(punctual.run)
        yield* TestClock.adjust(2 * hour + minute)
        steps()
        yield* control.makeRecurring(providerId, {
          rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "noEnd" } },
          startDate: "2026-03-10",
          startTime: bot.start % day,
          durationMillis: bot.end - bot.start,
          zone: "UTC"
        })
        yield* settle
        assert.deepStrictEqual(steps(), ["rename, Launched"])
      })
    )
  )

  it.effect("refused, as a warning with the service's words", () =>
    told(
      Effect.fnUntraced(function* ({ lines }) {
        const { punctual } = yield* reviewScheduled()
        const probe = yield* LauncherMemory.LauncherProbe
        yield* probe.script([{ kind: "rejected", message: "no seat left in your plan" }])
        yield* Effect.forkChild(punctual.run)
        yield* TestClock.adjust(2 * hour + minute)
        const words = lines.map(({ annotations: { status }, level }) => [status, level])
        assert.deepStrictEqual(words.at(-1), ["Launching to Failed", "Warn"])
        assert.isTrue(words.slice(0, -1).every(([, level]) => level === "Info"))
        assert.include(String(lines.at(-1)?.annotations["status_message"]), "no seat left in your plan")
      })
    )
  )

  it.effect("tried again, launched and withdrawn, with the service's words", () =>
    told(
      Effect.fnUntraced(function* ({ steps }) {
        const { control, providerId, punctual } = yield* reviewScheduled()
        const probe = yield* LauncherMemory.LauncherProbe
        yield* probe.script([{ kind: "retry", afterMillis: 5_000, definite: true, message: "429: too many bots" }])
        steps()
        yield* Effect.forkChild(punctual.run)
        yield* TestClock.adjust(2 * hour + minute)
        assert.deepStrictEqual(steps(), [
          "launch, Scheduled to Launching",
          "launch, Launching to Launching, 429: too many bots",
          "launch, Launching to Launching, 429: too many bots",
          "launch, Launching to Launched"
        ])
        yield* control.change(providerId, { isCancelled: true })
        yield* settle
        yield* TestClock.adjust(minute)
        assert.deepStrictEqual(
          steps().filter((each) => each.startsWith("withdraw")),
          ["withdraw, Launched, meeting_cancelled"]
        )
      })
    )
  )

  it.effect("refused for good", () =>
    told(
      Effect.fnUntraced(function* ({ steps }) {
        const { punctual } = yield* reviewScheduled()
        const probe = yield* LauncherMemory.LauncherProbe
        yield* probe.script([{ kind: "rejected", message: "402: out of credits" }])
        steps()
        yield* Effect.forkChild(punctual.run)
        yield* TestClock.adjust(2 * hour + minute)
        assert.deepStrictEqual(steps(), [
          "launch, Scheduled to Launching",
          "launch, Launching to Failed, launcher_rejected, 402: out of credits"
        ])
      })
    )
  )
})
