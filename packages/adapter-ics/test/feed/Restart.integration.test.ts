/** A feed with more meetings than a cursor carries marks of, followed by a process that did not tell it. */
import { assert, describe, it } from "@effect/vitest"
import type { ChangeItem } from "@punctual/core"
import { Effect } from "effect"
import { calendar } from "../Calendars.ts"
import { meeting, scene } from "./FeedScene.ts"

const count = 1_500
const entries = Array.from({ length: count }, (_, n) => meeting(`meeting-${n}`))
const feedOf = (...all: ReadonlyArray<string>): string => calendar(...all)
const whole = feedOf(...entries)

const idsOf = (items: ReadonlyArray<ChangeItem>): ReadonlyArray<string> =>
  items.map((item) =>
    item.kind === "event"
      ? item.event.providerId
      : item.kind === "series"
        ? item.series.providerId
        : `${item.kind} ${item.providerId}`
  )

/** What is told after a feed was told and its process died: by the next one, and by the one after that. */
const toldAfter = (before: string, ...after: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const first = yield* scene(before)
    first.published.hasEtag = false
    let { cursor } = yield* first.changes({ before: null })
    const told: Array<ReadonlyArray<string>> = []
    for (const text of after) {
      first.published.text = text
      const { changes } = yield* first.another
      const pass = yield* changes({ cursor })
      cursor = pass.cursor
      told.push(idsOf(pass.items))
    }
    return { told, cursor }
  }).pipe(Effect.scoped)

const edited = (text: string, n: number, to: string): string =>
  text.replace(`SUMMARY:meeting-${n}\r`, `SUMMARY:${to}\r`)
const stamped = (text: string, stamp: string): string => text.replaceAll("SUMMARY", `DTSTAMP:${stamp}\r\nSUMMARY`)

/** Of 1,500 meetings in 1,024 shares, those of one. */
const shareMax = 10

describe("a feed of 1,500 meetings, after a restart", () => {
  it.effect("is told nothing of while it is the same, also where its server writes the time of the answer", () =>
    Effect.gen(function* () {
      const { told } = yield* toldAfter(
        whole,
        whole,
        stamped(whole, "20271201T000000Z"),
        stamped(whole, "20271202T000000Z")
      )
      assert.deepStrictEqual(told, [[], [], []])
    })
  )

  it.effect("has its cursor within 32 KiB", () =>
    Effect.gen(function* () {
      const { cursor } = yield* toldAfter(whole, whole)
      assert.isBelow(cursor.length, 32 * 1024)
    })
  )

  it.effect("is told what changed, and little else", () =>
    Effect.gen(function* () {
      const { told } = yield* toldAfter(whole, edited(whole, 7, "another"), edited(whole, 7, "and another"))
      for (const ids of told) {
        assert.include(ids, "meeting-7")
        assert.isAtMost(ids.length, shareMax)
      }
    })
  )

  it.effect("is told what came, alone", () =>
    Effect.gen(function* () {
      const { told } = yield* toldAfter(whole, feedOf(...entries, meeting("new")), feedOf(...entries, meeting("new")))
      assert.deepStrictEqual(told, [["new"], []])
    })
  )

  it.effect("begins anew where something is gone, since nobody can name it", () =>
    Effect.gen(function* () {
      const failed = yield* Effect.flip(toldAfter(whole, feedOf(...entries.slice(1))))
      assert.match(failed, /^CursorExpired/)
    })
  )

  it.effect("is told nothing of an entry that can't be read any more, until it can", () =>
    Effect.gen(function* () {
      const daily = meeting("daily", "RRULE:FREQ=DAILY;COUNT=3")
      const all = feedOf(...entries, daily)
      const garbled = all.replace("FREQ=DAILY;COUNT=3", "FREQ=SOMETIMES")
      const lost = all.replace(daily, daily.replace("DTSTART:20271206T100000Z", "DTSTART:at noon"))
      const { told } = yield* toldAfter(all, garbled, stamped(garbled, "20271201T000000Z"), lost, all)
      for (const ids of told.slice(0, 3)) {
        assert.isAtMost(ids.length, shareMax)
        assert.deepStrictEqual(
          ids.filter((id) => id.includes("daily")),
          []
        )
      }
      // Whether it is as it was is not known any more.
      assert.isAtMost(told[3]?.length ?? 0, shareMax + 3)
    })
  )

  it.effect("is told nothing of one that could never be read", () =>
    Effect.gen(function* () {
      const odd = feedOf(...entries, meeting("odd").replace("DTSTART:20271206T100000Z", "DTSTART:at noon"))
      const { told } = yield* toldAfter(odd, stamped(odd, "20271201T000000Z"), stamped(odd, "20271202T000000Z"))
      assert.deepStrictEqual(told, [[], []])
    })
  )

  it.effect("is told what became of an entry that was told while its process lived", () =>
    Effect.gen(function* () {
      const first = yield* scene(whole)
      const { cursor } = yield* first.changes({ before: null })
      const second = yield* first.another
      second.published.text = edited(whole, 7, "another")
      const next = yield* second.changes({ cursor })
      second.published.text = edited(whole, 7, "and another")
      assert.deepStrictEqual(idsOf((yield* second.changes({ cursor: next.cursor })).items), ["meeting-7"])
      second.published.text = feedOf(...entries.slice(1))
      assert.deepStrictEqual(idsOf((yield* second.changes({ cursor: next.cursor })).items).toSorted(), [
        "meeting-7",
        "removed meeting-0"
      ])
    }).pipe(Effect.scoped)
  )
})
