/**
 * A user with one of everything, for the cases about slices. Decides its rows only.
 */
import { Effect } from "effect"
import type { Bot } from "../../../src/domain/Bot.ts"
import { seriesExclusion } from "../../rows/Intent.ts"
import {
  bot,
  dateOf,
  day,
  event,
  eventIntent,
  exclusion,
  hour,
  now,
  occurrence,
  occurrenceKey,
  override,
  series,
  seriesIntent,
  seriesKey
} from "./Rows.ts"
import { type User, botIdOf, caughtUp, committed, listed } from "./Users.ts"

/**
 * A user with one of everything. `a` stands in both calendars and had three bots, of which one is live; series `s` is
 * wished for, one of its occurrences far away and not stored; series `t` is not; `over` has ended.
 */
export const busy = Effect.fnUntraced(function* (user: User) {
  const { primary, second, userId } = user
  yield* listed(user, {
    events: [
      event("a", primary),
      event("a copy", second, { iCalUid: "a" }),
      event("over", primary, { start: now - 2 * hour, end: now - hour }),
      occurrence("s1", "s", primary, 1),
      occurrence("s2", "s", primary, 2),
      occurrence("s lasts", "s", primary, -1, { end: now + 1 }),
      occurrence("t1", "t", primary, 1)
    ],
    series: [series("s", primary), series("t", primary)]
  })
  const made = (label: string, members: Partial<Bot>) => ({
    bot: bot(botIdOf(userId, label), "a", primary, members),
    expected: null
  })
  yield* committed(user, {
    putIntents: [
      eventIntent("intent a", "a"),
      exclusion("never a", "a"),
      seriesIntent("all of s", "s"),
      { ...exclusion("never s1", ""), meeting: occurrenceKey("s", 1) },
      eventIntent("intent far s", "", { meeting: occurrenceKey("s", 300) }),
      seriesExclusion(seriesKey("s"), { id: "never s later", seq: 7, fromDate: dateOf(200) })
    ],
    putOverrides: [override("a"), override("", { meeting: occurrenceKey("s", 2) })],
    bots: [
      made("older", { status: "Cancelled", createdAt: now - 9 * day }),
      made("newer", { status: "Failed", createdAt: now - 8 * day }),
      made("live", { status: "Launching" }),
      made("far", { meeting: occurrenceKey("s", 300) })
    ]
  })
  yield* caughtUp(user)
})
