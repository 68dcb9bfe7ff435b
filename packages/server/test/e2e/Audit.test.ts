/**
 * The audit of what a deployment did finds each fault that it names, and none where there is none.
 */
import { assert, describe, it } from "@effect/vitest"
import {
  type ListedBot,
  type Meeting,
  type Told,
  copyFaults,
  launchFaults,
  logFaults,
  sameLogFaults,
  standingFaults
} from "./Audit.ts"
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

describe("what a log told", () => {
  const entry = (sequence: number, more: Partial<Told> = {}): Told => ({
    userId: "a",
    sequence,
    id: `chg_${more.userId ?? "a"}_${sequence}`,
    digest: "as it was",
    ...more
  })
  const [first, second, third] = [entry(1), entry(2), entry(3)]

  it("one after the other is passed, also of several users and told again from further back", () => {
    const told = [first, second, entry(1, { userId: "b" }), first, second, third, third]
    assert.deepStrictEqual(logFaults(told), [])
    assert.deepStrictEqual(sameLogFaults("a", told, [first, second, third]), [])
  })

  it.each([
    ["S24: a was told 3 after 1", [first, third]],
    ["S24: a was told 2 after 0", [second]],
    ["S24: a was told 2 after 3", [first, third, second]],
    ["S24: a was told 1 after 1", [first, { ...first, id: "chg_other" }]],
    ["S24: chg_a_1 was told in two ways", [first, { ...first, digest: "otherwise" }]]
  ] as const)("otherwise is told: %s", (fault, told) => {
    assert.include(logFaults(told).join("\n"), fault)
  })

  it.each([
    ["S24: chg_a_2 of a is not in their own log", [first, second], [first]],
    ["S24: chg_a_2 of a is not in everybody's log", [first], [first, second]],
    ["S24: the two logs tell chg_a_1 of a in two ways", [first], [{ ...first, digest: "otherwise" }]]
  ] as const)("otherwise than the other is told: %s", (fault, everybodys, own) => {
    assert.deepStrictEqual(sameLogFaults("a", everybodys, own), [fault])
  })
})

describe("a copy of the bots", () => {
  const listed = { bot_id: "bot_a", event_id: "a", scheduled_join_time: "2026-03-10T13:59:00Z", bot_config: { x: [1] } }
  const faults = (...told: ReadonlyArray<Readonly<Record<string, unknown>>>) =>
    copyFaults(new Map(told.map((bot) => [String(bot["bot_id"]), bot])), [listed]).join("\n")

  it("that has every member of the list is passed, whatever else it was told", () => {
    assert.strictEqual(faults({ ...listed, bot_config: { x: [1] }, end_time: "2026-03-10T15:00:00Z" }), "")
  })

  it.each([
    ["S23: no entry tells of bot_a", []],
    ["S23: bot_b was told, and is not listed", [listed, { ...listed, bot_id: "bot_b" }]],
    ['S23: bot_config of bot_a is {"x":[1]}, and was told last as {"x":[]}', [{ ...listed, bot_config: { x: [] } }]],
    ['S23: event_id of bot_a is "a", and was told last as undefined', [{ ...listed, event_id: undefined }]]
  ] as const)("otherwise is told: %s", (fault, told) => {
    assert.strictEqual(faults(...told), fault)
  })
})
