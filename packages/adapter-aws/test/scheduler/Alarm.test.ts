/**
 * Names, minutes and texts: for any schedule, not for some.
 */
import type { BotId, Schedule, ScheduleName, UserId } from "@punctual/core"
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { demand } from "../../fake/service/Model.ts"
import { instantOf, kept, scheduleBody } from "../../fake/scheduler/Shapes.ts"
import { askedFor, nameOf, requestOf, scheduleIn, textOf } from "../../src/scheduler/Alarm.ts"

const runs = process.env["PROVE"] === "1" ? 100_000 : 1_000

const anyText = fc.string({ unit: "grapheme", minLength: 1, maxLength: 120 })
const plainText = fc.stringMatching(/^[0-9a-zA-Z\-_.]{1,64}$/)
const anyName = fc.oneof(anyText, plainText, fc.constantFrom("x.", "x.a", "default", "..", "/"))

const anySchedule: fc.Arbitrary<Schedule> = fc.record({
  name: anyName as fc.Arbitrary<ScheduleName>,
  group: anyName,
  at: fc.integer({ min: 0, max: 4_102_444_800_000 }),
  revision: fc.integer({ min: 1, max: 1_000_000 }),
  userId: anyText as fc.Arbitrary<UserId>,
  botId: anyText as fc.Arbitrary<BotId>
})

const target = {
  queueArn: "arn:aws:sqs:us-east-1:123456789012:punctual-fires",
  roleArn: "arn:aws:iam::123456789012:role/punctual-scheduler",
  deadLetterArn: "arn:aws:sqs:us-east-1:123456789012:punctual-dead"
}

describe("a name", () => {
  it("is always one that AWS takes, and no two texts ever share one", () => {
    const taken = new Map<string, string>()
    fc.assert(
      fc.property(anyName, (text) => {
        const name = nameOf(text)
        assert.match(name, /^[0-9a-zA-Z-_.]{1,64}$/)
        assert.strictEqual(taken.get(name) ?? text, text)
        taken.set(name, text)
        // A name is no other text's digest either.
        if (name !== text) assert.notStrictEqual(nameOf(name), name)
      }),
      { numRuns: runs }
    )
  })

  it("stays as it is where it is plain: a bot is found in the console by the name that the API tells", () => {
    assert.strictEqual(nameOf("bot-usr_abc1-bot_111aaa12"), "bot-usr_abc1-bot_111aaa12")
  })
})

describe("the minute asked for", () => {
  it("ends before the join time always, and has not begun", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e13 }), fc.integer({ min: -1e7, max: 1e7 }), (now, ahead) => {
        const instant = askedFor(now + ahead, now)
        if (instant === null) {
          assert.isAtMost(ahead, 125_000)
          return
        }
        assert.strictEqual(instant % 60_000, 0)
        assert.isAbove(instant, now)
        assert.isAtMost(instant + 59_999, now + ahead)
      }),
      { numRuns: runs }
    )
  })
})

describe("a request", () => {
  it("is one that AWS's model takes, says UTC, and is the same for update as for create", () => {
    fc.assert(
      fc.property(anySchedule, fc.integer({ min: 1, max: 50_000_000 }), (schedule, minute) => {
        const { Name, ...body } = requestOf(schedule, minute * 60_000, target)
        demand(scheduleBody, body)
        assert.match(Name, /^[0-9a-zA-Z-_.]{1,64}$/)
        const held = kept(body)
        assert.strictEqual(instantOf(held), minute * 60_000)
        // What an update leaves out is reset: nothing that we mean is left to a default.
        assert.deepInclude(held, {
          State: "ENABLED",
          ActionAfterCompletion: "DELETE",
          ScheduleExpressionTimezone: "UTC",
          FlexibleTimeWindow: { Mode: "OFF" }
        })
        assert.deepEqual(held.Target.RetryPolicy, { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 600 })
        assert.deepEqual(held.Target.DeadLetterConfig, { Arn: target.deadLetterArn })
      }),
      { numRuns: runs }
    )
  })

  it("carries the schedule, whole", () => {
    fc.assert(
      fc.property(anySchedule, (schedule) => assert.deepStrictEqual(scheduleIn(textOf(schedule)), schedule)),
      { numRuns: runs }
    )
  })

  it("another's text is none of ours, whatever it is", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => assert.isNull(scheduleIn(text))),
      { numRuns: runs }
    )
    for (const text of ['{"v":2}', '{"v":1,"name":"a"}', "null", "[]", undefined]) assert.isNull(scheduleIn(text))
  })
})
