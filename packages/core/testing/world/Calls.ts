/**
 * What people ask Punctual for in a simulated world, one meeting at a time.
 * Decides by chance what is asked, and keeps their own account of what they were promised. A refusal changed nothing; an
 * answer that was lost leaves it open. Requests about a whole account are in `Accounts.ts`.
 */
import type { Effect, Exit } from "effect"
import type { CalendarEvent } from "../../src/domain/Event.ts"
import type { Bot } from "../../src/domain/Bot.ts"
import type { BotId, EventId } from "../../src/domain/Ids.ts"
import type { Failure } from "../../src/Punctual.ts"
import { Refusal } from "../../src/domain/Refusal.ts"
import { type Intent, type Person, connectedOf, intentOf, keyNow, seriesOfKey } from "./Model.ts"
import { doubtOutlived } from "./Renaming.ts"
import { calledOf, calledOfRow, isOver, isShifted, keyOf, keyOfRow, tenantOf } from "./Rows.ts"
import type { Answer, Ports, Site } from "./Site.ts"
import type { Stage } from "./Stage.ts"

const minute = 60_000

/** The refusal of an answer; null: it is none. */
export const refusalIn = <A>(exit: Exit.Exit<A, Failure>): Refusal | null => {
  if (exit._tag === "Success") return null
  const reason = exit.cause.reasons[0]
  return reason !== undefined && reason._tag === "Fail" && reason.error instanceof Refusal ? reason.error : null
}

/** A defect is never an answer. */
export const checkDefect = (stage: Stage, name: string, exit: Exit.Exit<unknown, unknown>): void => {
  if (exit._tag === "Success") return
  for (const reason of exit.cause.reasons) {
    if (reason._tag === "Die") stage.fail("defect", `${name}: ${String(reason.defect)}`)
  }
}

/** Marks keys as being asked about until the answer is there. */
export const holding = (person: Person, key: string): (() => void) => {
  person.busy.set(key, (person.busy.get(key) ?? 0) + 1)
  return () => {
    const left = (person.busy.get(key) ?? 1) - 1
    if (left === 0) person.busy.delete(key)
    else person.busy.set(key, left)
  }
}

/** The meeting that something is asked of. */
interface Asked {
  readonly key: string
  /** What a request that was granted leaves to be known. */
  readonly onDone: (intent: Intent) => void
}

export interface Caller {
  readonly call: (person: Person) => void
}

export const makeCaller = (stage: Stage, ports: Ports, site: Site): Caller => {
  const { chance } = stage
  const calledBy = (person: Person, bot: Bot): string => calledOf(person, tenantOf(stage, ports, person), bot)
  const nameOf = (person: Person, bot: Bot): string => keyNow(person, calledBy(person, bot))
  const anyBot = (person: Person): Bot | null => {
    const now = stage.loop.now()
    const bots = [...(tenantOf(stage, ports, person)?.bots.values() ?? [])].filter(
      (bot) => bot.status === "Scheduled" && bot.joinAt > now && !isBusy(person, nameOf(person, bot))
    )
    return bots.length === 0 ? null : chance.pick(bots)
  }
  return {
    call: (person) => {
      if (isBusyWithAll(person)) return
      const roll = chance.next()
      if (roll >= 0.75) {
        const bot = anyBot(person)
        if (bot === null) return
        const asked = { key: nameOf(person, bot), onDone: doubtOutlived(stage, ports, person, calledBy(person, bot)) }
        return roll < 0.83 ? removeBot(stage, site, person, asked, bot) : patchBot(stage, site, person, asked, bot)
      }
      const now = stage.loop.now()
      const rows = rowsAhead(stage, ports, person, now).filter((row) => !isBusy(person, keyOfRow(person, row)))
      if (rows.length === 0) return
      const row = chance.pick(rows)
      const key = keyOfRow(person, row)
      if (key.startsWith("ev:")) stage.marks.twinAskedFor += 1
      const asked = { key, onDone: doubtOutlived(stage, ports, person, calledOfRow(person, row)) }
      if (roll < 0.5) return schedule(stage, ports, site, person, asked, row.id)
      if (roll < 0.6) {
        schedule(stage, ports, site, person, asked, row.id, true)
        return
      }
      unschedule(stage, site, person, asked, row.id)
    }
  }
}

export const isBusyWithAll = (person: Person): boolean => [...person.busy.keys()].some((key) => key.startsWith("*"))

const isBusy = (person: Person, key: string): boolean =>
  person.busy.has(key) || person.busy.has(`series:${seriesOfKey(key)}`)

/** Meetings that the mirror shows ahead: what a person sees in a list. */
const rowsAhead = (stage: Stage, ports: Ports, person: Person, now: number): ReadonlyArray<CalendarEvent> => [
  ...new Map(
    [...(tenantOf(stage, ports, person)?.events.values() ?? [])].flatMap(({ row }) =>
      row.isDeleted || row.end <= now ? [] : [[keyOfRow(person, row), row] as const]
    )
  ).values()
]

const schedule = (
  stage: Stage,
  ports: Ports,
  site: Site,
  person: Person,
  { key, onDone }: Asked,
  eventId: EventId,
  isRace = false
): void => {
  const { epoch } = person
  const intent = intentOf(person, key)
  const { departures, doubts, selections } = person
  const before = { explicit: intent.explicit, excluded: intent.excluded, departures, doubts, selections }
  let open = 0
  const ids = new Set<BotId>()
  const ask = (): void => {
    const free = holding(person, key)
    const isAsked = site.ask(
      `schedule ${key}`,
      (punctual) =>
        punctual.schedule(person.userId, {
          eventId,
          config: { bot_name: "Asked for" },
          occurrenceDate: null,
          allOccurrences: false,
          occurrenceLimit: 52,
          recurring: false
        }),
      (answer) => {
        free()
        open -= 1
        if (answer !== "lost" && answer._tag === "Success") {
          const { id: answered } = answer.value.bot
          ids.add(answered)
          const tenant = tenantOf(stage, ports, person)
          const held = [...ids].flatMap((id) => tenant?.bots.get(id) ?? [])
          const isTakenOut = person.selections !== selections || person.departures !== departures
          const since = { answered, isShifted: isShifted(person, tenant, key, answer.value.bot), isTakenOut }
          for (const bot of held) if (isOver(bot, held, since)) ids.delete(bot.id)
          // What was made before a disconnect went with it.
          const isHere = epoch === person.epoch
          if (isRace && isHere && !answer.value.overridesAutoSchedule && ids.size > 1) {
            stage.fail("S6", `two bots for one meeting ${key}: ${[...ids].join(" ")}`)
          }
        }
        if (epoch !== person.epoch) return
        scheduled(stage, ports, person, intent, before, answer, { isLast: open === 0, isRace })
        if (answer !== "lost" && answer._tag === "Success") onDone(intent)
      }
    )
    if (isAsked) open += 1
    else free()
  }
  ask()
  if (isRace) ask()
  if (open === 0) return
  if (open > 1) stage.marks.raced += 1
  intent.touchedAt = stage.loop.now()
  if (intent.explicit !== "yes") intent.explicit = "unknown"
  if (intent.excluded !== "no") Object.assign(intent, { excluded: "unknown", excludedAt: null })
}

const scheduled = (
  stage: Stage,
  ports: Ports,
  person: Person,
  intent: Intent,
  {
    departures,
    doubts,
    selections,
    ...before
  }: Pick<Intent, "explicit" | "excluded"> & Pick<Person, "departures" | "doubts" | "selections">,
  answer: Answer<{ readonly bot: Bot; readonly overridesAutoSchedule: boolean }, Failure>,
  { isLast, isRace }: { readonly isLast: boolean; readonly isRace: boolean }
): void => {
  const { marks } = stage
  intent.touchedAt = stage.loop.now()
  if (answer === "lost") return
  checkDefect(stage, "schedule", answer)
  if (answer._tag === "Success") {
    marks.scheduled += 1
    if (answer.value.overridesAutoSchedule) marks.takenOver += 1
    // Whether it came before a choice of a calendar, or a disconnect that failed halfway, or after it, nobody knows.
    const isOpen = selections !== person.selections || departures !== person.departures
    Object.assign(intent, {
      explicit: isOpen ? "unknown" : "yes",
      excluded: isOpen ? "unknown" : "no",
      excludedAt: null
    })
    const { bot } = answer.value
    // A disconnect may have erased it by the time of the answer, also one that failed halfway and was followed by a connect.
    const isHere = departures === person.departures
    const tenant = tenantOf(stage, ports, person)
    if (isHere && connectedOf(person) === "yes" && tenant?.bots.has(bot.id) !== true)
      stage.fail("S12", `answered with a bot that is not stored: ${bot.id}`)
    // What one of several with one UID is called went with it.
    if ((isHere || person.twins.size === 0) && keyOf(person, tenant, bot) !== keyNow(person, intent.key))
      stage.fail("S13", `asked for ${intent.key}, got a bot for ${bot.meeting}`)
    return
  }
  const refusal = refusalIn(answer)
  if (refusal?.code === "bot_already_scheduled") marks.refusedAsAlreadyScheduled += 1
  // What decided and then found nothing to show has decided all the same.
  const changedNothing =
    refusal !== null && refusal.code !== "event_ended" && !isRace && selections === person.selections
  // It may have been refused since a disconnect came first, which took what stood before with it.
  const isDoubted = doubts !== person.doubts || departures !== person.departures
  if (changedNothing && isLast && !isDoubted) Object.assign(intent, before)
}

const unschedule = (stage: Stage, site: Site, person: Person, asked: Asked, eventId: EventId): void => {
  removal(stage, site, person, asked, "unscheduled", (punctual) =>
    punctual.unschedule(person.userId, { eventId, allOccurrences: false, fromDate: null })
  )
}

const removeBot = (stage: Stage, site: Site, person: Person, asked: Asked, bot: Bot): void => {
  removal(stage, site, person, asked, "botRemoved", (punctual) => punctual.removeBot(person.userId, bot.id))
}

const removal = (
  stage: Stage,
  site: Site,
  person: Person,
  { key, onDone }: Asked,
  mark: "unscheduled" | "botRemoved",
  question: (punctual: Parameters<Parameters<Site["ask"]>[1]>[0]) => Effect.Effect<unknown, Failure>
): void => {
  const { epoch } = person
  const intent = intentOf(person, key)
  const before = { ...intent }
  const { departures, doubts, selections } = person
  const isDoubted = (): boolean => doubts !== person.doubts || departures !== person.departures
  const free = holding(person, key)
  const isAsked = site.ask(`${mark} ${key}`, question, (answer) => {
    free()
    if (epoch !== person.epoch) return
    const now = stage.loop.now()
    intent.touchedAt = now
    if (answer === "lost") return
    checkDefect(stage, mark, answer)
    if (answer._tag === "Success") {
      stage.marks[mark] += 1
      // A disconnect that failed halfway may have erased it before its answer came.
      const excluded = departures === person.departures ? "yes" : "unknown"
      Object.assign(intent, { explicit: "no", excluded, offset: null, excludedAt: now })
      onDone(intent)
    } else if (refusalIn(answer) !== null && selections === person.selections && !isDoubted()) {
      Object.assign(intent, before, { touchedAt: now, wasExcluded: true })
    }
  })
  if (!isAsked) return free()
  intent.touchedAt = stage.loop.now()
  if (intent.explicit !== "no") intent.explicit = "unknown"
  if (intent.excluded !== "yes") intent.excluded = "unknown"
  intent.wasExcluded = true
  if (intent.offset !== null) intent.offset = "unknown"
}

const patchBot = (stage: Stage, site: Site, person: Person, { key, onDone }: Asked, bot: Bot): void => {
  const { epoch } = person
  const now = stage.loop.now()
  const joinAt = bot.start + stage.chance.int(-30, 5) * minute
  if (joinAt <= now + minute) return
  const intent = intentOf(person, key)
  const before = intent.offset
  const { departures } = person
  const free = holding(person, key)
  const isAsked = site.ask(
    `patch ${key}`,
    (punctual) => punctual.updateBot(person.userId, bot.id, { joinAt }),
    (answer) => {
      free()
      if (epoch !== person.epoch) return
      intent.touchedAt = stage.loop.now()
      if (answer === "lost") return
      checkDefect(stage, "patch", answer)
      if (answer._tag === "Success") {
        stage.marks.botPatched += 1
        const { value } = answer
        // Cancelled by the same decision, it does not show the time that was kept for its meeting.
        intent.offset = value.status === "Scheduled" ? value.joinAt - value.start : "unknown"
        if (value.start === bot.start && value.joinAt !== joinAt && value.status === "Scheduled") {
          stage.fail("S12", `asked ${key} to join at ${joinAt}, was told ${value.joinAt}`)
        }
        onDone(intent)
      } else if (refusalIn(answer) !== null && departures === person.departures) intent.offset = before
    }
  )
  if (isAsked) intent.offset = "unknown"
  else free()
}
