/** Ids: what they hold comes back out, and nothing else is an id. */
import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import { guidFrom } from "../../simulator/world/Chance.ts"
import { calendarId, eventId, parseCalendarId, parseEventId } from "../../simulator/world/ItemId.ts"
import { openToken, sealToken } from "../../simulator/wire/SyncToken.ts"
import { day } from "./Client.ts"

const mailbox = FastCheck.oneof(
  FastCheck.nat().map((each) => guidFrom(`user ${each}`)),
  FastCheck.nat().map((each) => guidFrom(`person ${each}`).replaceAll("-", "").slice(0, 16))
)
const serial = FastCheck.integer({ min: 0, max: 0xffff_ffff })
const key = FastCheck.record({
  mailbox,
  serial,
  moves: FastCheck.integer({ min: 0, max: 0xffff }),
  occurrence: FastCheck.option(FastCheck.integer({ min: 0, max: 40_000 }).map((days) => days * day))
})

describe("ids", () => {
  it("of events lead back to their key; an immutable one forgets the moves", () => {
    FastCheck.assert(
      FastCheck.property(key, FastCheck.boolean(), (each, immutable) => {
        const moves = immutable ? 0 : each.moves
        assert.deepStrictEqual(parseEventId(eventId(each, immutable)), { ...each, moves, immutable })
      })
    )
  })

  it("of calendars lead back to mailbox and serial", () => {
    FastCheck.assert(
      FastCheck.property(mailbox, serial, (each, number) =>
        assert.deepStrictEqual(parseCalendarId(calendarId(each, number)), { mailbox: each, serial: number })
      )
    )
  })

  it("begin as real ones do", () => {
    const [work, personal] = [guidFrom("x"), "0123456789abcdef"]
    const prefix = (owner: string, immutable: boolean) =>
      eventId({ mailbox: owner, serial: 1, moves: 0, occurrence: null }, immutable)
    assert.match(prefix(work, false), /^AAMk[A-Za-z0-9_-]+=*$/)
    assert.match(prefix(personal, false), /^AQMk/)
    assert.match(prefix(work, true), /^AAkAL/)
    assert.match(calendarId(work, 1), /^AAMk.+=$/)
  })

  it("are case-sensitive, and any other text is none", () => {
    FastCheck.assert(
      FastCheck.property(key, FastCheck.nat(), FastCheck.string(), (each, place, text) => {
        const id = eventId(each, false)
        const index = place % id.length
        const letter = id[index] ?? ""
        const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()
        if (other !== letter)
          assert.notDeepEqual(parseEventId(`${id.slice(0, index)}${other}${id.slice(index + 1)}`), parseEventId(id))
        assert.isNull(parseEventId(text))
        assert.isNull(parseCalendarId(text))
      })
    )
  })
})

describe("sync tokens", () => {
  const token = FastCheck.record({
    mailbox,
    calendar: FastCheck.nat(),
    from: FastCheck.integer(),
    to: FastCheck.integer(),
    since: FastCheck.integer({ min: -1 }),
    until: FastCheck.nat(),
    index: FastCheck.nat(),
    rested: FastCheck.boolean(),
    generation: FastCheck.nat(),
    issuedAt: FastCheck.nat()
  })

  it("keep what they are given, and nothing that was changed", () => {
    FastCheck.assert(
      FastCheck.property(token, FastCheck.nat(), FastCheck.string(), (each, place, text) => {
        const sealed = sealToken(each)
        assert.deepStrictEqual(openToken(sealed), each)
        const index = place % sealed.length
        const changed = `${sealed.slice(0, index)}${sealed[index] === "A" ? "B" : "A"}${sealed.slice(index + 1)}`
        assert.isNull(openToken(changed))
        assert.isNull(openToken(text))
      })
    )
  })
})
