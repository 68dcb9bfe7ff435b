/** What of a bot service's refusal is told on, and what never. */
import { assert, describe, it } from "@effect/vitest"
import { Redacted } from "effect"
import type { BotId, EventId, LaunchRequest, UserId } from "@punctual/core"
import { outcomeOf } from "../../src/launchers/Outcome.ts"
import { givenWith, serviceWords } from "../../src/launchers/ServiceWords.ts"

const request: LaunchRequest = {
  botId: "bot_01" as BotId,
  userId: "usr_1" as UserId,
  workspaceId: null,
  link: { platform: "zoom", url: "https://zoom.us/j/5551112222?pwd=a-passcode" },
  botName: "Notes of Adele",
  joinAt: 0,
  config: { deepgram: { key: "a-key-in-the-configuration" } },
  customAttributes: { ticket: "attribute-of-theirs" },
  event: { id: "evt_1" as EventId, platformId: "", summary: "Weekly with Miriam", start: 0, end: 1 }
}

const given = givenWith(request, Redacted.make("the-api-key"))

describe("O: the service's words", () => {
  it.each([
    ['{"message":"Out of credits"}', "Out of credits"],
    ['{"detail":"Invalid token."}', "Invalid token."],
    ['{"error":{"code":7,"message":"Too many\\n bots"}}', "Too many bots"],
    ['{"errors":[{"title":"Bad link"}]}', "Bad link"],
    ['{"meeting_url":["Enter a valid URL."]}', "meeting_url: Enter a valid URL."],
    ['"no"', "no"],
    ["Payment required", "Payment required"],
    ["<html><h1>502</h1></html>", null],
    ['{"ok":false}', null],
    ["", null],
    ["x".repeat(5_000), `${"x".repeat(200)}…`]
  ])("of %s are %s", (text, words) => {
    assert.strictEqual(serviceWords(text, []), words)
  })

  it("are without anything that the service was given", () => {
    const echo = JSON.stringify({ message: `No: ${given.join(", ")}, ${encodeURIComponent(request.link.url)}` })
    const words = serviceWords(echo, given) ?? ""
    assert.match(words, /^No: …/)
    for (const each of ["the-api-key", "passcode", "5551112222", "a-key-in-the-configuration", "attribute-of-theirs"]) {
      assert.notInclude(words, each)
    }
  })

  it("are without the meeting's subject and the bot's name", () => {
    const echo = JSON.stringify({ message: `No bot "${request.botName}" for "${request.event.summary}" today` })
    assert.strictEqual(serviceWords(echo, given), 'No bot "…" for "…" today')
  })

  it("stand in what became of the call", () => {
    const answer = { status: 402, text: '{"detail":"Out of credits"}', retryAfter: null, date: null }
    assert.deepStrictEqual(
      outcomeOf(answer, 0, () => given),
      {
        kind: "rejected",
        message: "the bot service answered 402: Out of credits"
      }
    )
    assert.deepInclude(
      outcomeOf({ ...answer, status: 503 }, 0, () => given),
      {
        kind: "retry",
        message: "the bot service answered 503: Out of credits"
      }
    )
  })
})
