/**
 * Rows as every store sees to it that they are: one of each name, and of a meeting's bots at most one that may still come.
 * Decides which of several that cannot stand together is kept: of a name the last, of live bots the first.
 */
import type { Bot } from "../../src/domain/Bot.ts"
import type { MeetingKey } from "../../src/domain/Ids.ts"

export const distinct = <A, K>(rows: ReadonlyArray<A>, keyOf: (row: A) => K): ReadonlyArray<A> => [
  ...new Map(rows.map((row) => [keyOf(row), row])).values()
]

export const oneLiveEach = (bots: ReadonlyArray<Bot>): ReadonlyArray<Bot> => {
  const live = new Set<MeetingKey>()
  return bots.filter(({ meeting, status }) => {
    if (status !== "Scheduled" && status !== "Launching") return true
    const isFirst = !live.has(meeting)
    live.add(meeting)
    return isFirst
  })
}
