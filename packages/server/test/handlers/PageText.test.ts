/**
 * The lists' own texts are what the contract's schemas would have written, to the letter.
 */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import type { Bot, Explained, ListedEvent } from "@punctual/core"
import { ScheduledBotsAnswer } from "../../src/api/BotsApi.ts"
import { EventsAnswer } from "../../src/api/EventsApi.ts"
import { scheduledBot } from "../../src/handlers/BotView.ts"
import { eventItem } from "../../src/handlers/EventView.ts"
import { eventText, eventsText, scheduledBotsText } from "../../src/handlers/PageText.ts"
import { bot, event, listed, series } from "../Samples.ts"

const bots: ReadonlyArray<Bot> = [
  bot,
  { ...bot, joinAt: bot.joinAt + 1, createdAt: 0, externalId: 'a "quoted" id' },
  { ...bot, config: { deep: [{ a: null, b: [1.5, "ü\u2028"] }], ["__proto__"]: 1 }, customAttributes: {} }
]

const events: ReadonlyArray<ListedEvent> = [
  listed,
  { ...listed, series: null, isRecurringEnabled: false, bots, botCount: bots.length },
  {
    ...listed,
    event: { ...event, seriesId: null, originalStart: null, link: null, rawTruncated: true },
    rawText: '{"subject":"a \\"quoted\\" $& one","deep":[{"bots":null}]}',
    series,
    isRecurringEnabled: false,
    bots: [],
    botCount: 7
  },
  {
    ...listed,
    event: { ...event, start: Date.UTC(9999, 11, 31, 23, 59, 59, 999) },
    rawText: "null",
    series,
    isRecurringEnabled: true,
    bots: [],
    botCount: 7
  }
]

/** What is decided about some of them. */
const decided: ReadonlyArray<Explained | undefined> = [
  undefined,
  {
    willJoin: false,
    joinAt: null,
    verdict: { kind: "unwanted", reason: "skipped_by_rule" },
    code: "skipped_by_rule",
    rule: { id: "rule_1", name: 'No "interviews"' },
    reasons: []
  },
  { willJoin: true, joinAt: 1, verdict: { kind: "over" }, code: "asked_by_hand", rule: null, reasons: [] }
]

describe("a page's own text", () => {
  for (const more of [{}, { stale: true, stale_reason: "unavailable" } as const]) {
    it(`of events is the schema's ${JSON.stringify(more)}`, () => {
      const page = { next: "n.x", previous: null, has_more: true, ...more }
      const items = events.map((each, n) => eventItem(each, decided[n]))
      const results = items.map((item) => ({ ...item, raw: JSON.parse(item.raw) as unknown }))
      const bySchema = JSON.stringify(Schema.encodeUnknownSync(EventsAnswer)({ ...page, results }))
      const text = eventsText({ ...page, results: items.map(eventText).join(",") })
      assert.deepStrictEqual(JSON.parse(text), JSON.parse(bySchema))
      assert.lengthOf(text, bySchema.length)
    })
  }

  it("of bots is the schema's", () => {
    const page = {
      scheduled_bots: bots.map((each) => scheduledBot({ ...each, subject: 'Planning "Q3"' })),
      next: null,
      previous: "p",
      has_more: false
    }
    const bySchema = JSON.stringify(Schema.encodeUnknownSync(ScheduledBotsAnswer)(page))
    assert.deepStrictEqual(JSON.parse(scheduledBotsText(page)), JSON.parse(bySchema))
    assert.lengthOf(scheduledBotsText(page), bySchema.length)
  })
})
