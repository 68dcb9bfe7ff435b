/**
 * What people ask Punctual for about a whole account or series in a simulated world: auto-scheduling, chains, calendars
 * chosen, connections taken down and made again.
 * Decides by chance what is asked, and what each answer means for their intents.
 */
import type { Effect } from "effect"
import type { EventId } from "../../src/domain/Ids.ts"
import type { Failure } from "../../src/Punctual.ts"
import { checkDefect, holding, isBusyWithAll, refusalIn } from "./Calls.ts"
import { tenantOf } from "./Rows.ts"
import { type Ask, isListed, makeConnecting } from "./Connecting.ts"
import {
  type Person,
  type SeriesLevelIntent,
  connectedOf,
  dateOfKey,
  doubtNotExplicit,
  doubtSeries,
  intentOf,
  seriesOfKey,
  uidOf
} from "./Model.ts"
import type { Ports, Site } from "./Site.ts"
import { type Stage, timeText } from "./Stage.ts"

const day = 24 * 3_600_000

export interface AccountCaller {
  readonly call: (person: Person) => void
  /** Does again what was left open, until it is not; whoever stays away is disconnected in the end. */
  readonly settle: (person: Person, staysAway: boolean) => void
  /** Whether they have to sign in again, and did not come to it. */
  readonly mustRenew: (person: Person) => boolean
  /** Takes a calendar back in, now and then. */
  readonly chooseAgain: (person: Person) => void
  /** Waits for a sync. */
  readonly sync: (person: Person) => void
}

export const makeAccountCaller = (stage: Stage, ports: Ports, site: Site): AccountCaller => {
  const { chance, marks } = stage
  const ask: Ask = (person, key, question, onEnd) => {
    const { epoch, selections } = person
    const free = holding(person, key)
    const isAsked = site.ask(`${person.userId} ${key}`, question, (answer) => {
      free()
      if (answer !== "lost") checkDefect(stage, key, answer)
      if (epoch !== person.epoch) return
      if (selections !== person.selections && key.startsWith("series:")) {
        // Whether it came before the choice of a calendar or after it, nobody knows.
        doubtSeries(person, key.slice("series:".length))
        return onEnd("open", null, null)
      }
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
        if (isOn) auto.onSince = stage.loop.now()
        const covered = askedAt + day
        if (isOn) auto.coveredAtLeast = Math.max(before === "yes" ? (auto.coveredAtLeast ?? covered) : covered, covered)
      }
    )
    if (!isAsked) return
    auto.version += 1
    if (!isOn || before !== "yes") Object.assign(auto, { on: "unknown" })
    if (!isOn) auto.coveredAtLeast = null
    if (!isOn && isCancelling) auto.cancelledAt = askedAt
  }

  const seriesEventOf = (person: Person, series: SeriesLevelIntent): EventId | null => {
    const now = stage.loop.now()
    const rows = [...(tenantOf(stage, ports, person)?.events.values() ?? [])].filter(
      ({ row }) => row.seriesKey === `uid:${uidOf(series.providerId)}` && !row.isDeleted && row.end > now
    )
    return rows.length === 0 ? null : chance.pick(rows).row.id
  }

  const setChain = (person: Person, series: SeriesLevelIntent, isOn: boolean): void => {
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

  const scheduleAll = (person: Person, series: SeriesLevelIntent): void => {
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
          Object.assign(intentOf(person, bot.meeting), { explicit: "yes", excluded: "no", excludedAt: null })
        }
      }
    )
    if (!isAsked) return
    const { chain } = series
    doubtSeries(person, series.providerId)
    series.chain = chain
    touchSeries(stage, person, series)
  }

  const unscheduleAll = (person: Person, series: SeriesLevelIntent): void => {
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
        for (const intent of person.intents.values()) {
          if (seriesOfKey(intent.key) !== series.providerId || dateOfKey(intent.key) <= today) continue
          Object.assign(intent, { explicit: "no", excluded: "yes", offset: "unknown", excludedAt: now, touchedAt: now })
        }
      }
    )
    if (!isAsked) return
    doubtSeries(person, series.providerId)
    touchSeries(stage, person, series)
    series.wasExcluded = true
    for (const intent of person.intents.values()) {
      if (seriesOfKey(intent.key) !== series.providerId) continue
      intent.wasExcluded = true
      if (intent.offset !== null) intent.offset = "unknown"
    }
  }

  const connecting = makeConnecting(stage, ports, ask)
  return {
    call: (person) => {
      if (isBusyWithAll(person)) return
      if (connectedOf(person) !== "yes") return connecting.settle(person, false)
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
      if (roll < 0.9) return connecting.chooseAny(person)
      if (roll < 0.95) return connecting.tryBad(person)
      connecting.leave(person)
    },
    settle: (person, staysAway) => {
      if (isBusyWithAll(person)) return
      connecting.settle(person, staysAway)
      if (person.auto.on === "unknown" && connectedOf(person) === "yes") setAuto(person, true, false)
    },
    mustRenew: connecting.mustRenew,
    chooseAgain: (person) => {
      const left = person.calendars.find((id) => isListed(person, id) && person.selected.get(id) === "no")
      if (left === undefined || connectedOf(person) !== "yes" || isBusyWithAll(person) || chance.hits(0.4)) return
      connecting.choose(person, left)
    },
    sync: (person) => {
      if (connectedOf(person) !== "yes" || isBusyWithAll(person)) return
      ask(
        person,
        "sync",
        (punctual) => punctual.syncUser(person.userId),
        (ended) => {
          if (ended === "ok") marks.syncForced += 1
        }
      )
    }
  }
}

const doubtExclusions = (person: Person, series: SeriesLevelIntent): void => {
  if (series.excluded === "yes") series.excluded = "unknown"
  for (const intent of person.intents.values()) {
    if (seriesOfKey(intent.key) === series.providerId && intent.excluded === "yes") intent.excluded = "unknown"
  }
}

const isAnyBusy = (person: Person, seriesId: string): boolean =>
  [...person.busy.keys()].some((key) => key === `series:${seriesId}` || seriesOfKey(key) === seriesId)

const touchSeries = (stage: Stage, person: Person, series: SeriesLevelIntent): void => {
  for (const intent of person.intents.values()) {
    if (seriesOfKey(intent.key) === series.providerId) intent.touchedAt = stage.loop.now()
  }
}
