/**
 * The audit of what a deployment did finds each fault that it names, and none where there is none.
 */
import { assert, describe, it } from "@effect/vitest"
import { type ListedBot, type Meeting, launchFaults, standingFaults } from "./Audit.ts"
import type { Arrival } from "./Deployment.ts"

const lead = 60_000
const start = 1_000_000
const meetings = new Map<string, Meeting>([
  ["A", { subject: "A", start, isCancelled: false }],
  ["C", { subject: "C", start, isCancelled: true }]
])
const good: Arrival = { id: "bot_1", subject: "A", joinAt: start - lead, at: start - lead, signed: true }
const found = (...arrivals: ReadonlyArray<Arrival>): string => launchFaults(arrivals, meetings, lead).join("\n")

describe("launches", () => {
  it("that are right are passed, also when the same call comes twice", () => {
    assert.strictEqual(found(good, { ...good, at: good.at + 5_000 }), "")
  })

  it.each([
    ["S1: A was given 2 bots", [good, { ...good, id: "bot_2" }]],
    ["S2: A came 1 ms early", [{ ...good, at: good.at - 1 }]],
    ["S2: A came for", [{ ...good, joinAt: good.joinAt + 1, at: good.at + 1 }]],
    ["S3: a bot came for C", [{ ...good, subject: "C" }]],
    ["S3: a bot came for D", [{ ...good, subject: "D" }]],
    ["not signed", [{ ...good, signed: false }]]
  ] as const)("are told: %s", (fault, arrivals) => {
    assert.include(found(...arrivals), fault)
  })
})

describe("what stands", () => {
  const bot = (event: string, joins = start - lead): ListedBot => ({
    bot_id: `bot_${event}`,
    event_id: event,
    scheduled_join_time: new Date(joins).toISOString()
  })
  const wanted = new Map([["a", start]])
  const mayStand = new Map([["m", start]])
  const faults = (...bots: ReadonlyArray<ListedBot>) => standingFaults(bots, { wanted, mayStand, lead }).join("\n")

  it("as it should is passed, with and without what is in doubt", () => {
    assert.strictEqual(faults(bot("a")), "")
    assert.strictEqual(faults(bot("a"), bot("m")), "")
  })

  it.each([
    ["L1: no bot for a", []],
    ["L1: the bot of a joins at", [bot("a", start)]],
    ["L2: a bot for x", [bot("a"), bot("x")]],
    ["S6: 2 bots for a", [bot("a"), bot("a")]],
    ["L1: the bot of m joins at", [bot("a"), bot("m", 5)]]
  ] as const)("otherwise is told: %s", (fault, bots) => {
    assert.include(faults(...bots), fault)
  })
})
