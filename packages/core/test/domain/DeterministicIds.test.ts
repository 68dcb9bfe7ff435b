/** Names made from content, against a second implementation of base 32: an id that changed would be another row. */
import { sha256 } from "@noble/hashes/sha2.js"
import { utf8ToBytes } from "@noble/hashes/utils.js"
import { base32crockford } from "@scure/base"
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { botId, connectionId, eventId, seriesId } from "../../src/domain/DeterministicIds.ts"
import type { MeetingKey, UserId } from "../../src/domain/Ids.ts"

/** The first 80 bits of the digest, in Crockford's alphabet. */
const shortName = (content: string): string =>
  base32crockford.encode(sha256(utf8ToBytes(content)).subarray(0, 10)).toLowerCase()

/** Whole milliseconds as ten digits of five bits: the last ten of sixteen. */
const timeName = (instant: number): string => {
  const bytes = new Uint8Array(10)
  new DataView(bytes.buffer).setBigUint64(2, BigInt(instant))
  return base32crockford.encode(bytes).toLowerCase().slice(-10)
}

const home = connectionId("outlook_calendar", "usr_1" as UserId)

describe("ids", () => {
  it.prop(
    "are the digest's first 80 bits, as another base 32 writes them",
    { content: Schema.String },
    ({ content }) => {
      assert.strictEqual(eventId(home, content), `evt_${shortName(`${home}\n${content}`)}`)
      assert.strictEqual(seriesId(home, content), `srs_${shortName(`${home}\n${content}`)}`)
    }
  )

  it.prop(
    "of bots begin with their time, so that they sort by it",
    { now: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 ** 50 - 1 })) },
    ({ now }) => {
      // Casts: any text will do for what is only digested.
      const id = botId("usr_1" as UserId, "uid:a" as MeetingKey, now, 0)
      assert.strictEqual(id, `bot_${timeName(now)}${shortName(`usr_1\nuid:a\n${now}\n0`)}`)
    }
  )

  it("stay as they were first made", () => {
    assert.strictEqual(eventId(home, "AAMkAGI1"), "evt_6jjh368z38zbyegz")
    assert.strictEqual(
      botId("usr_1" as UserId, "uid:a" as MeetingKey, 1_800_000_000_000, 0).slice(0, 14),
      "bot_01mcc5rm00"
    )
  })
})
