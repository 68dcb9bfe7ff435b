/**
 * The law of what a caller said: it counts where the mirror says nothing, and nowhere else.
 * Decides what must hold of any user at any time. Its examples are in `occurrences/CallerHints.test.ts`.
 */
import { assert } from "@effect/vitest"
import type { EventIntent } from "../../src/domain/Intent.ts"
import type { Slice } from "../../src/domain/Slice.ts"
import type { Law } from "./Laws.ts"

const said = ({ intents }: Slice, meeting: string): ReadonlyArray<EventIntent> =>
  intents.filter((intent) => intent.kind === "event").filter((intent) => intent.meeting === meeting)

const isUnderstood = ({ series }: Slice, key: string | null): boolean =>
  series.some((row) => row.key === key && row.timing !== null)

export const mirrorFirst: Law = {
  name: "a link or a time that a caller gave counts only where the mirror has none",
  holds: (code, { now, policy, slice }) => {
    const state = code.currentState(slice, now)
    for (const [meeting, verdict] of code.desired(state, { now, policy })) {
      if (verdict.kind !== "wanted") continue
      const { event, link } = verdict.bot
      const given = said(state, meeting).flatMap((intent) => (intent.hints === undefined ? [] : [intent.hints]))
      if (event.link === null)
        assert.deepInclude(
          given.map((each) => each.link),
          link
        )
      else assert.deepStrictEqual(link, event.link)
      if (!event.isVirtual || isUnderstood(state, event.seriesKey)) continue
      assert.deepInclude(
        given.map(({ span }) => span),
        { from: event.start, to: event.end }
      )
      const window = state.calendars.find(({ id }) => id === event.calendarId)?.window ?? null
      assert.isAtLeast(event.start, window?.to ?? -Infinity)
      const isListed = state.events.some(
        (row) => !row.isVirtual && row.seriesId === event.seriesId && row.originalDate === event.originalDate
      )
      assert.isFalse(isListed)
    }
  }
}
