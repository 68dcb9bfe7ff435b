/**
 * What people ask Punctual for about a whole account or series in a simulated world: auto-scheduling, chains, calendars
 * chosen, connections taken down and made again.
 * Decides by chance what is asked, and what each answer means for their wishes.
 */
import { Redacted, Context, type Effect } from "effect"
import type { CalendarId, EventId } from "../../src/domain/Ids.ts"
import type { Failure, Punctual } from "../../src/Punctual.ts"
import { CalendarControl } from "../memory/CalendarMemory.ts"
import { SecretsProbe } from "../memory/SecretsMemory.ts"
import { checkDefect, holding, isBusyWithAll, refusalIn, tenantOf } from "./Calls.ts"
import {
  dateOfKey,
  doubtAll,
  doubtNotExplicit,
  doubtSeries,
  forgetWishes,
  type Person,
  seriesOfKey,
  type SeriesWish,
  uidOf,
  wishOf
} from "./Model.ts"
import type { Ports, Site } from "./Site.ts"
import { type Stage, timeText } from "./Stage.ts"

const day = 24 * 3_600_000

export interface AccountCaller {
  readonly call: (person: Person) => void
  /** Does again what was left open, until it is not; whoever stays away is disconnected in the end. */
  readonly settle: (person: Person, staysAway: boolean) => void
  /** Takes a calendar back in, now and then. */
  readonly chooseAgain: (person: Person) => void
  /** Waits for a sync. */
  readonly sync: (person: Person) => void
}

type Service = Punctual["Service"]
type Ended = "ok" | "refused" | "open"

export const makeAccountCaller = (stage: Stage, ports: Ports, site: Site): AccountCaller => {
  const { chance, marks } = stage
  const ask = <A>(
    person: Person,
    key: string,
    question: (punctual: Service) => Effect.Effect<A, Failure>,
    onEnd: (ended: Ended, value: A | null, code: string | null) => void
  ): boolean => {
    const { epoch } = person
    const free = holding(person, key)
    const isAsked = site.ask(`${person.userId} ${key}`, question, (answer) => {
      free()
      if (answer !== "lost") checkDefect(stage, key, answer)
      if (epoch !== person.epoch) return
      if (answer === "lost") return onEnd("open", null, null)
      if (answer._tag === "Success") return onEnd("ok", answer.value, null)
      const refusal = refusalIn(answer)
      onEnd(refusal === null ? "open" : "refused", null, refusal?.code ?? null)
    })
    if (!isAsked) free()
    return isAsked
  }

  const setAuto = (person: Person, isOn: boolean, isCancelling: boolean): void => {
    const { auto } = person
    const askedAt = stage.loop.now()
    const before = auto.on
    const isAsked = ask(
      person,
      "*auto",
      (punctual): Effect.Effect<unknown, Failure> =>
        isOn
          ? punctual.enableAuto(person.userId, { bot_name: "Auto" })
          : punctual.disableAuto(person.userId, isCancelling),
      (ended) => {
        if (ended === "refused") auto.on = before
        if (!isOn && !isCancelling && ended !== "refused") doubtNotExplicit(person, null)
        if (ended !== "ok") return
        marks[isOn ? "autoEnabled" : isCancelling ? "autoDisabledCancelling" : "autoDisabled"] += 1
        auto.on = isOn ? "yes" : "no"
        const covered = askedAt + day
        if (isOn) auto.coveredAtLeast = Math.max(before === "yes" ? (auto.coveredAtLeast ?? covered) : covered, covered)
      }
    )
    if (!isAsked) return
    auto.version += 1
    if (!isOn || before !== "yes") Object.assign(auto, { on: "unknown" })
    if (!isOn) auto.coveredAtLeast = null
  }

  const seriesEventOf = (person: Person, series: SeriesWish): EventId | null => {
    const now = stage.loop.now()
    const rows = [...(tenantOf(stage, ports, person)?.events.values() ?? [])].filter(
      ({ row }) => row.seriesKey === `uid:${uidOf(series.providerId)}` && !row.isDeleted && row.end > now
    )
    return rows.length === 0 ? null : chance.pick(rows).row.id
  }

  const setChain = (person: Person, series: SeriesWish, isOn: boolean): void => {
    const eventId = seriesEventOf(person, series)
    if (eventId === null) return
    const before = series.chain
    const isAsked = ask(
      person,
      `series:${series.providerId}`,
      (punctual) => punctual.toggleRecurrence(person.userId, eventId, isOn),
      (ended, toggled, code) => {
        if (ended === "refused" && code !== "occurrence_not_found") series.chain = before
        if (!isOn) doubtNotExplicit(person, series.providerId)
        if (ended !== "ok" || toggled === null) return
        marks[isOn ? "chainStarted" : "chainEnded"] += 1
        series.chain = isOn ? "yes" : "no"
        series.chainFrom = toggled.event.originalDate ?? "9999-12-31"
      }
    )
    if (!isAsked) return
    series.chain = "unknown"
    // A chain that is started after all of the series was removed lifts that, and not what was removed one by one.
    if (isOn) doubtExclusions(person, series)
  }

  const scheduleAll = (person: Person, series: SeriesWish): void => {
    const eventId = seriesEventOf(person, series)
    if (eventId === null) return
    const isAsked = ask(
      person,
      `series:${series.providerId}`,
      (punctual) =>
        punctual.schedule(person.userId, {
          eventId,
          config: { bot_name: "All" },
          occurrenceDate: null,
          allOccurrences: true,
          occurrenceLimit: chance.int(1, 5),
          recurring: false
        }),
      (ended, scheduled) => {
        if (ended !== "ok" || scheduled === null) return
        marks.scheduledAll += 1
        for (const bot of scheduled.bots) {
          Object.assign(wishOf(person, bot.meeting), { explicit: "yes", excluded: "no", excludedAt: null })
        }
      }
    )
    if (!isAsked) return
    const { chain } = series
    doubtSeries(person, series.providerId)
    series.chain = chain
    touchSeries(stage, person, series)
  }

  const unscheduleAll = (person: Person, series: SeriesWish): void => {
    const eventId = seriesEventOf(person, series)
    if (eventId === null) return
    const isAsked = ask(
      person,
      `series:${series.providerId}`,
      (punctual) => punctual.unschedule(person.userId, { eventId, allOccurrences: true, fromDate: null }),
      (ended) => {
        if (ended !== "ok") return
        marks.unscheduledSeries += 1
        const now = stage.loop.now()
        const today = timeText(now - day).slice(0, 10)
        Object.assign(series, { chain: "no", explicit: "no", excluded: "yes" })
        for (const wish of person.wishes.values()) {
          if (seriesOfKey(wish.key) !== series.providerId || dateOfKey(wish.key) <= today) continue
          Object.assign(wish, { explicit: "no", excluded: "yes", offset: "unknown", excludedAt: now, touchedAt: now })
        }
      }
    )
    if (!isAsked) return
    doubtSeries(person, series.providerId)
    touchSeries(stage, person, series)
  }

  const connecting = makeConnecting(stage, ports, ask)
  return {
    call: (person) => {
      if (isBusyWithAll(person)) return
      if (person.connected !== "yes") return connecting.settle(person, false)
      const roll = chance.next()
      if (roll < 0.3) return setAuto(person, person.auto.on !== "yes" || chance.hits(0.3), chance.hits(0.6))
      const series = [...person.series.values()].filter(
        ({ isGone, providerId }) => !isGone && !isAnyBusy(person, providerId)
      )
      if (roll < 0.75) {
        if (series.length === 0) return
        const one = chance.pick(series)
        if (roll < 0.55) return setChain(person, one, one.chain !== "yes")
        return roll < 0.65 ? scheduleAll(person, one) : unscheduleAll(person, one)
      }
      if (roll < 0.9) return connecting.choose(person, chance.pick(person.calendars))
      if (roll < 0.95) return connecting.tryBad(person)
      connecting.disconnect(person)
    },
    settle: (person, staysAway) => {
      if (isBusyWithAll(person)) return
      connecting.settle(person, staysAway)
      if (person.auto.on === "unknown" && person.connected === "yes") setAuto(person, true, false)
    },
    chooseAgain: (person) => {
      const left = person.calendars.find((id) => person.selected.get(id) === "no")
      if (left === undefined || person.connected !== "yes" || isBusyWithAll(person) || chance.hits(0.4)) return
      connecting.choose(person, left)
    },
    sync: (person) => {
      if (person.connected !== "yes" || isBusyWithAll(person)) return
      ask(person, "sync", (punctual) => punctual.syncUser(person.userId), (ended) => {
        if (ended === "ok") marks.syncForced += 1
      })
    }
  }
}

const doubtExclusions = (person: Person, series: SeriesWish): void => {
  if (series.excluded === "yes") series.excluded = "unknown"
  for (const wish of person.wishes.values()) {
    if (seriesOfKey(wish.key) === series.providerId && wish.excluded === "yes") wish.excluded = "unknown"
  }
}

const isAnyBusy = (person: Person, seriesId: string): boolean =>
  [...person.busy.keys()].some((key) => key === `series:${seriesId}` || seriesOfKey(key) === seriesId)

const touchSeries = (stage: Stage, person: Person, series: SeriesWish): void => {
  for (const wish of person.wishes.values()) {
    if (seriesOfKey(wish.key) === series.providerId) wish.touchedAt = stage.loop.now()
  }
}

type Ask = <A>(
  person: Person,
  key: string,
  question: (punctual: Service) => Effect.Effect<A, Failure>,
  onEnd: (ended: Ended, value: A | null, code: string | null) => void
) => boolean

const makeConnecting = (stage: Stage, ports: Ports, ask: Ask) => {
  const { chance, marks } = stage
  const connect = (person: Person): void => {
    const isAsked = ask(
      person,
      "*connect",
      (punctual) => punctual.connect(person.userId, Redacted.make(person.credentials)),
      (ended) => {
        if (ended !== "ok") return
        if (person.connected !== "yes") marks.connectedAgain += 1
        person.connected = "yes"
      }
    )
    if (isAsked) person.connected = "unknown"
  }

  const disconnect = (person: Person): void => {
    const isAsked = ask(
      person,
      "*disconnect",
      (punctual) => punctual.disconnect(person.userId),
      (ended, _answer, code) => {
        if (ended !== "ok" && code !== "calendar_not_connected") return
        marks.disconnected += 1
        stage.note(`${person.userId} is disconnected`)
        forgetWishes(person)
        person.connected = "no"
        if (ended === "ok" && person.busy.size === 0) checkErased(stage, ports, person)
      }
    )
    if (!isAsked) return
    // Should the answer be lost, nobody knows what is left.
    person.connected = "unknown"
    doubtAll(person)
    person.auto.version += 1
    Object.assign(person.auto, { on: "unknown", coveredAtLeast: null })
    for (const wish of person.wishes.values()) wish.offset = "unknown"
    for (const id of person.calendars) person.selected.set(id, "unknown")
  }

  const choose = (person: Person, calendarId: CalendarId): void => {
    const known = person.selected.get(calendarId)
    const isSelected = known === "yes" || (known === "unknown" && chance.hits(0.5))
    const isAsked = ask(
      person,
      "*calendar",
      (punctual) => punctual.selectCalendar(person.userId, calendarId, !isSelected),
      (ended) => {
        if (ended !== "ok") return
        marks[isSelected ? "calendarDeselected" : "calendarSelected"] += 1
        person.selected.set(calendarId, isSelected ? "no" : "yes")
        if (isSelected) forgetCalendar(stage, person, calendarId)
      }
    )
    if (!isAsked) return
    person.selected.set(calendarId, "unknown")
    if (isSelected) doubtCalendar(person, calendarId)
  }

  /** Credentials that the provider refuses leave the connection as it was. */
  const tryBad = (person: Person): void => {
    const rowOf = () => tenantOf(stage, ports, person)?.connection ?? null
    const before = rowOf()
    const wrong = { ...person.credentials, clientSecret: "wrong" }
    ask(
      person,
      "*connect badly",
      (punctual) => punctual.connect(person.userId, Redacted.make(wrong)),
      (ended) => {
        if (ended === "ok") return stage.fail("S18", `${person.userId} was connected with a wrong secret`)
        if (ended === "refused") marks.badConnectRefused += 1
        if (rowOf()?.generation !== before?.generation) {
          stage.fail("S18", `${person.userId}: a failed connect replaced the connection`)
        }
      }
    )
  }

  return {
    connect,
    disconnect,
    choose,
    tryBad,
    settle: (person: Person, staysAway: boolean): void => {
      if (person.connected === "no") return staysAway ? undefined : connect(person)
      if (person.connected === "unknown") {
        return staysAway || chance.hits(0.3) ? disconnect(person) : connect(person)
      }
      const open = person.calendars.find((id) => person.selected.get(id) === "unknown")
      if (open !== undefined) return choose(person, open)
      const status = tenantOf(stage, ports, person)?.connection?.status
      if (status !== "reauthorization_required" && !person.isRevoked) return
      if (person.isRevoked) {
        person.isRevoked = false
        stage.loop.sync(Context.get(ports, CalendarControl).setRevoked(person.accountId, false))
      }
      connect(person)
    }
  }
}

/** What was asked for there by hand does not come back with the calendar. */
const forgetCalendar = (stage: Stage, person: Person, calendarId: CalendarId): void => {
  const now = stage.loop.now()
  for (const gathering of person.gatherings) {
    if (gathering.calendarId !== calendarId) continue
    const isElsewhere = person.gatherings.some(
      ({ calendarId: other, key }) => key === gathering.key && other !== calendarId
    )
    const wish = wishOf(person, gathering.key)
    Object.assign(wish, { explicit: isElsewhere ? "unknown" : "no", touchedAt: now })
  }
  for (const series of person.series.values()) {
    if (series.calendarId !== calendarId) continue
    Object.assign(series, { chain: "no", explicit: "no" })
    for (const wish of person.wishes.values()) {
      if (seriesOfKey(wish.key) === series.providerId) Object.assign(wish, { explicit: "no", touchedAt: now })
    }
  }
}

const doubtCalendar = (person: Person, calendarId: CalendarId): void => {
  for (const { calendarId: other, key } of person.gatherings) {
    if (other === calendarId) wishOf(person, key).explicit = "unknown"
  }
  for (const series of person.series.values()) {
    if (series.calendarId !== calendarId) continue
    const { excluded } = series
    Object.assign(series, { chain: "unknown", explicit: "unknown", excluded })
    for (const wish of person.wishes.values()) {
      if (seriesOfKey(wish.key) === series.providerId) wish.explicit = "unknown"
    }
  }
}

/** S10: nothing of a connection that was taken down is left. */
export const checkErased = (stage: Stage, ports: Ports, person: Person): void => {
  const tenant = tenantOf(stage, ports, person)
  if (tenant === null || tenant.connection?.status !== "disconnected") return
  const left = {
    events: tenant.events.size,
    bots: tenant.bots.size,
    intents: tenant.intents.size,
    calendars: tenant.calendars.size,
    series: tenant.series.size
  }
  const rows = Object.values(left).reduce((sum, count) => sum + count, 0)
  if (rows > 0) stage.fail("S10", `${person.userId} is disconnected, and there is ${JSON.stringify(left)}`)
  const secrets = stage.loop.sync(Context.get(ports, SecretsProbe).refs).filter(({ userId }) => userId === person.userId)
  if (secrets.length > 0) stage.fail("S10", `${person.userId} is disconnected, and ${secrets.length} secrets are left`)
}
