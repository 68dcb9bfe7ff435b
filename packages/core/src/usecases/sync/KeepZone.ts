/**
 * The zone that a calendar's events are mostly in, noted with what a pass has written: in it `hours` of rules are read where the
 * provider tells no zone of the calendar's.
 * Decides when events are looked at for it: when the pass told of something that may change it, and not otherwise.
 */
import { Clock, Effect } from "effect"
import { mostUsedZone } from "../../mirror/MostUsedZone.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { noteZone } from "../scheduling/JudgeAnew.ts"
import type { SyncProgress } from "./SyncProgress.ts"

const day = 86_400_000
const pastMillis = 7 * day
const aheadMillis = 28 * day
/** Events looked at. */
const eventsMax = 100

/** True: it is another by now, and a rule reads it. A calendar without events keeps the one that it had. */
export const keepZone = Effect.fn("Punctual.keepZone")(function* (
  notes: SyncProgress
): Effect.fn.Return<boolean, StoreError, Store> {
  const { calendar, userId } = notes.claim
  if (calendar.timeZone !== null || !mayBeOther(notes)) return false
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  const { items } = yield* store.events({
    userId,
    calendarIds: [calendar.id],
    span: { from: now - pastMillis, to: now + aheadMillis },
    includeDeleted: false,
    uniqueMeetings: false,
    limit: eventsMax,
    place: null,
    backwards: false
  })
  notes.zones.clear()
  notes.hasFewer = false
  const zone = mostUsedZone(items.map((event) => event.zone))
  if (zone === null || zone === notes.zone) return false
  const isRead = yield* noteZone(userId, { id: calendar.id, eventsZone: zone })
  notes.zone = zone
  return isRead
})

/** More events in its own zone make no other of it; fewer may. */
const mayBeOther = ({ hasFewer, zone, zones }: SyncProgress): boolean =>
  zone === null || hasFewer || [...zones].some((each) => each !== zone)
