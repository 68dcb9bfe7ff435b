/** The contract of the calendar port over published feeds: everything a stage can do by publishing another file. */
import type { CalendarProvider, ProviderCalendarId } from "@punctual/core"
import { CalendarContract } from "@punctual/core/testing"
import { Effect, Layer, Redacted } from "effect"
import { feedCalendarId, feedCredentials, layer, newFeed } from "../../src/feed/index.ts"
import { type Diary, type Entry, entryOf, newDiary, originalOn, written } from "./Diary.ts"
import { type FeedServer, feedServer, loopback } from "./FeedServer.ts"

const me = "me@example.com"

const stageOn = (server: FeedServer): CalendarContract.CalendarStage["Service"] => {
  const diaries = new Map<ProviderCalendarId, { readonly path: string; readonly diary: Diary }>()
  let count = 0
  const edit = (calendarId: ProviderCalendarId, change: (diary: Diary) => void): Effect.Effect<void> =>
    Effect.sync(() => {
      const { diary, path } = diaries.get(calendarId) ?? missing(calendarId)
      change(diary)
      server.at(path).text = written(diary)
    })
  const put = (calendarId: ProviderCalendarId, uid: string, members: (entry: Entry) => Partial<Entry>) =>
    edit(calendarId, ({ entries }) => {
      const entry = entries.get(uid) ?? missing(uid)
      entries.set(uid, { ...entry, ...members(entry) })
    })
  const add = (calendarId: ProviderCalendarId, subject: string, start: number, isDaily: boolean) => {
    const uid = `meeting-${count++}@test`
    return Effect.as(
      edit(calendarId, ({ entries }) => void entries.set(uid, entryOf(uid, subject, start, isDaily))),
      uid
    )
  }
  return CalendarContract.CalendarStage.of({
    account: Effect.sync(() => {
      const path = `/secret-${diaries.size}.ics`
      const feed = newFeed(Redacted.make(server.origin + path), { emails: [me] })
      const calendarId = feedCalendarId(feed)
      diaries.set(calendarId, { path, diary: newDiary() })
      return { credentials: feedCredentials([feed], 0), calendarId, accountId: "feeds", addresses: [me] }
    }),
    addCalendar: () => Effect.die(new Error("a feed is added by its address")),
    create: (calendarId, start, subject) => add(calendarId, subject, start, false),
    createDaily: (calendarId, date, time, subject) => add(calendarId, subject, Date.parse(date) + time, true),
    move: (calendarId, uid, start) => put(calendarId, uid, () => ({ start })),
    cancel: (calendarId, uid) => put(calendarId, uid, () => ({ isCancelled: true })),
    remove: (calendarId, uid) => edit(calendarId, ({ entries }) => void entries.delete(uid)),
    moveOccurrence: (calendarId, uid, date, start) =>
      put(calendarId, uid, (entry) => ({ moved: new Map([...entry.moved, [originalOn(entry, date), start]]) })),
    makeDaily: (calendarId, uid, start) => put(calendarId, uid, () => ({ isDaily: true, start })),
    makeSingle: (calendarId, uid, start) =>
      put(calendarId, uid, () => ({ isDaily: false, start, moved: new Map(), deleted: new Set() })),
    deleteOccurrence: (calendarId, uid, date) =>
      put(calendarId, uid, (entry) => ({ deleted: new Set([...entry.deleted, originalOn(entry, date)]) })),
    setFacts: (calendarId, uid, { categories, people, response }) =>
      put(calendarId, uid, () => ({
        categories,
        people: [
          ...people.map((address) => ({ address, answer: null })),
          { address: me, answer: response.toUpperCase() }
        ]
      })),
    revoke: () => Effect.die(new Error("a feed grants nothing")),
    forgetCursors: () => Effect.die(new Error("a cursor is the reader's own")),
    refuseSubscriptions: () => Effect.die(new Error("a feed is never watched")),
    throttle: () => Effect.die(new Error("listing asks nobody"))
  })
}

const missing = (what: string): never => {
  throw new Error(`the stage has no ${what}`)
}

const stageLayer: Layer.Layer<CalendarContract.CalendarStage | CalendarProvider> = Layer.unwrap(
  Effect.map(feedServer, (server) =>
    Layer.merge(
      // Every answer is as of now: what a reader is told a moment later is judged elsewhere.
      layer({ allowed: loopback, limits: { freshMillis: 0, backoffMinMillis: 0 } }),
      Layer.succeed(CalendarContract.CalendarStage, stageOn(server))
    )
  )
)

CalendarContract.suite("published feeds", stageLayer, {
  without: ["addCalendar", "revoke", "forgetCursors", "throttle", "subscribe", "refuseSubscriptions"]
})
