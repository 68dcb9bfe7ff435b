/**
 * A week of a host that puts five adapters together and calls `run`: nothing else is done for it, but that it hands over
 * what the provider posts (of which a third is lost on the way). On a virtual clock, over the end of winter time, with a
 * restart in the middle. Audited from the calendars and from the bot service alone.
 */
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { type ProviderCalendarId, Punctual, type UserId } from "@punctual/core"
import { CalendarMemory, LauncherMemory, SchedulerMemory, SecretsMemory, StoreMemory } from "@punctual/core/memory"

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const week = 7 * day
/** A Wednesday; on the Sunday after it clocks in Berlin go forward. */
const begin = Date.UTC(2026, 2, 25)
const step = 10 * minute
const zoom = "https://zoom.us/j/5551234567"

/** Subscriptions end within the week. */
const adapters = Layer.mergeAll(
  CalendarMemory.layerWith({ subscriptionMillis: 3 * day }),
  StoreMemory.layer,
  SchedulerMemory.layer,
  SecretsMemory.layer,
  LauncherMemory.layer
)

type Host = Layer.Success<typeof adapters> | Punctual

/** What people do, and when. */
interface Deed {
  readonly at: number
  readonly act: Effect.Effect<unknown, unknown, Host>
}

/** Half past ten in Berlin, on each day of the week: at 9:30 UTC until Saturday, at 8:30 from Sunday on. */
const standUp = {
  rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "noEnd" } },
  startDate: "2026-03-20",
  startTime: 10.5 * hour,
  durationMillis: hour / 2,
  zone: "Europe/Berlin"
} as const

const connectedAs = Effect.fnUntraced(function* (name: string) {
  const control = yield* CalendarMemory.CalendarControl
  const punctual = yield* Punctual
  const userId = `usr_${name}` as UserId
  const account = yield* control.addAccount({ email: `${name}@example.com` })
  const calendarId = yield* control.addCalendar(account.accountId)
  yield* punctual.connect(userId, Redacted.make(account))
  return { userId, calendarId }
})

/** What somebody with a bot for everything does on the nth day. */
const daysOf = (calendarId: ProviderCalendarId): ReadonlyArray<Deed> =>
  Array.from({ length: 7 }, (_, n): ReadonlyArray<Deed> => {
    const at = (hours: number, days = 0) => begin + (n + days) * day + hours * hour
    const ids = new Map<string, string>()
    const create = (subject: string, start: number, joinUrl: string | null = zoom): Deed => ({
      at: at(9),
      act: Effect.gen(function* () {
        const control = yield* CalendarMemory.CalendarControl
        ids.set(
          subject,
          yield* control.create(calendarId, { subject: `${subject} ${n}`, start, end: start + hour, joinUrl })
        )
      })
    })
    const change = (when: number, subject: string, members: Partial<CalendarMemory.Meeting>): Deed => ({
      at: when,
      act: Effect.flatMap(CalendarMemory.CalendarControl, (control) => control.change(ids.get(subject) ?? "?", members))
    })
    return [
      create("today", at(13)),
      create("in three days", at(11, 3)),
      create("moved", at(15, 2)),
      change(at(10, 1), "moved", { start: at(17.5, 2) }),
      create("called off", at(16, 1)),
      change(at(12, 1), "called off", { isCancelled: true }),
      create("broken off", at(18)),
      change(at(18) + 20 * minute, "broken off", { isCancelled: true }),
      create("in person", at(14), null)
    ]
  }).flat()

const listedOf = (userId: UserId, subject: string) =>
  Effect.gen(function* () {
    const punctual = yield* Punctual
    yield* punctual.syncUser(userId)
    const { items } = yield* punctual.events(
      userId,
      {
        calendarId: "all",
        span: { from: begin, to: begin + 28 * day },
        includeDeleted: false,
        uniqueMeetings: false,
        limit: 100,
        place: null,
        backwards: false
      },
      "never"
    )
    return items.find(({ event }) => event.subject === subject)?.event ?? assert.fail(`no "${subject}"`)
  })

/** Hands over what was posted, but for each third. */
const deliver = Effect.gen(function* () {
  const control = yield* CalendarMemory.CalendarControl
  const punctual = yield* Punctual
  const posted = yield* control.takeNotifications
  yield* punctual.receive(
    posted
      .filter((_, index) => index % 3 !== 2)
      .map(({ clientState, subscriptionId }) => ({
        subscriptionId,
        clientState: Redacted.make(clientState),
        kind: "change" as const
      }))
  )
})

it.effect("a week: every meeting that should have a bot has one a minute before, and no other has", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(begin)
    const control = yield* CalendarMemory.CalendarControl
    const punctual = yield* Punctual

    // Ada wants a bot for everything, Bea the next of her stand-ups each time, Cid what he names.
    const [ada, bea, cid] = [yield* connectedAs("ada"), yield* connectedAs("bea"), yield* connectedAs("cid")]
    yield* punctual.enableAuto(ada.userId, { bot_name: "Notetaker" })
    yield* control.createSeries(ada.calendarId, { timing: standUp, subject: "ada's stand-up", joinUrl: zoom })
    const chain = yield* control.createSeries(bea.calendarId, { timing: standUp, subject: "stand-up", joinUrl: zoom })
    const next = yield* listedOf(bea.userId, "stand-up")
    yield* punctual.toggleRecurrence(bea.userId, next.id, true)
    yield* control.createSeries(cid.calendarId, {
      timing: { ...standUp, startTime: 20 * hour },
      subject: "course",
      joinUrl: zoom
    })
    yield* control.create(cid.calendarId, {
      subject: "late",
      start: begin + 5 * day,
      end: begin + 5 * day + hour,
      joinUrl: zoom
    })
    const asked = { config: {}, occurrenceDate: null, occurrenceLimit: 52, recurring: false }
    for (const [subject, allOccurrences] of [
      ["course", true],
      ["late", false]
    ] as const) {
      const { id } = yield* listedOf(cid.userId, subject)
      yield* punctual.schedule(cid.userId, { ...asked, eventId: id, allOccurrences })
    }

    const deeds: Array<Deed> = [
      ...daysOf(ada.calendarId),
      { at: begin + 2 * day, act: control.deleteOccurrence(chain, "2026-03-28") },
      {
        at: begin + 5 * day,
        act: control.changeOccurrence(chain, "2026-03-31", {
          start: begin + 6 * day + 12 * hour,
          end: begin + 6 * day + 13 * hour
        })
      }
    ]
    let running = yield* Effect.forkChild(punctual.run)
    for (let now = begin; now < begin + week; now += step) {
      for (const deed of deeds.filter(({ at }) => at >= now && at < now + step)) yield* deed.act
      yield* deliver
      // A deployment, at night: nobody works for twenty minutes.
      if (now === begin + 3 * day + 2 * hour) yield* Fiber.interrupt(running)
      if (now === begin + 3 * day + 2 * hour + 2 * step) running = yield* Effect.forkChild(punctual.run)
      yield* TestClock.adjust(step)
    }

    // What took place by the calendars themselves, against what the bot service was told.
    const span = { from: begin, to: begin + week - hour }
    const due: Array<string> = []
    for (const { calendarId, userId } of [ada, bea, cid])
      for (const { isCancelled, start, subject } of yield* control.taking(calendarId, span))
        if (!isCancelled && start >= span.from && !subject.startsWith("in person"))
          due.push(`${userId}: ${subject}, ${new Date(start).toISOString()}`)
    const launched = yield* (yield* LauncherMemory.LauncherProbe).launched
    const named = ({ request: { event, userId } }: LauncherMemory.Launched) =>
      `${userId}: ${event.summary}, ${new Date(event.start).toISOString()}`
    const inTime = launched.filter(({ request: { event } }) => event.start < span.to)
    const stayed = inTime.filter(({ isWithdrawn }) => !isWithdrawn).map(named)
    assert.deepStrictEqual(stayed.toSorted(), due.toSorted())
    for (const one of inTime) {
      const lateMillis = one.at - (one.request.event.start - minute)
      assert.isTrue(lateMillis >= 0 && lateMillis <= 2_000, `${named(one)} is launched ${lateMillis} ms late`)
    }
    // Those whose meeting was broken off were in it, and were taken out.
    const withdrawn = inTime.filter(({ isWithdrawn }) => isWithdrawn).map(named)
    assert.lengthOf(withdrawn, 7)
    assert.isTrue(withdrawn.every((name) => name.includes("broken off")))
    assert.isAtLeast(due.length, 7 + 4 + 5 + 7 + 6 + 7 + 1)

    // Subscriptions of three days are alive, each prolonged more than once.
    for (const { userId } of [ada, bea, cid])
      for (const { subscription } of (yield* punctual.connections(userId)).calendars)
        assert.isAbove(subscription?.expiresAt ?? 0, begin + week)
    assert.isAtLeast((yield* control.requests).filter(({ operation }) => operation === "renew").length, 6)
  }).pipe(Effect.provide(Punctual.layer.pipe(Layer.provideMerge(adapters))))
)
