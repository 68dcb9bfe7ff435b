/**
 * How people in a simulated world come, go, and choose calendars.
 * Decides what each answer means for the intents that hang on a connection or a calendar, and what must be gone when a
 * connection is.
 */
import { Context, type Effect, Redacted } from "effect"
import type { Bot } from "../../src/domain/Bot.ts"
import type { CalendarId } from "../../src/domain/Ids.ts"
import type { Failure, Punctual } from "../../src/Punctual.ts"
import { CalendarControl } from "../memory/CalendarMemory.ts"
import { SecretsProbe } from "../memory/SecretsMemory.ts"
import { rowOf, tenantOf } from "./Calls.ts"
import { type Person, type Tri, doubtAll, forgetIntents, intentOf, seriesOfKey } from "./Model.ts"
import { type Ports, worldPolicy } from "./Site.ts"
import type { Stage } from "./Stage.ts"

type Service = Punctual["Service"]

/** How a request ended for whoever made it; `open`: nobody knows. */
export type Ended = "ok" | "refused" | "open"

export type Ask = <A>(
  person: Person,
  key: string,
  question: (punctual: Service) => Effect.Effect<A, Failure>,
  onEnd: (ended: Ended, value: A | null, code: string | null) => void
) => boolean

export const makeConnecting = (stage: Stage, ports: Ports, ask: Ask) => {
  const { chance, marks } = stage
  /** Now and then twice at once: whoever waits presses the button again. */
  const connect = (person: Person): void => {
    let open = 0
    let isConnected = false
    const go = (): boolean =>
      ask(
        person,
        "*connect",
        (punctual) => punctual.connect(person.userId, Redacted.make(person.credentials)),
        (ended) => {
          open -= 1
          isConnected ||= ended === "ok"
          if (open > 0 || !isConnected) return
          if (person.connected !== "yes") marks.connectedAgain += 1
          person.connected = "yes"
        }
      )
    for (let times = chance.hits(0.2) ? 2 : 1; times > 0; times--) if (go()) open += 1
    if (open > 0) person.connected = "unknown"
    if (open > 1) marks.connectedTwiceAtOnce += 1
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
        forgetIntents(person)
        person.connected = "no"
        // Secrets are judged once healed: a rotated token on its way is put, found to be nobody's, and taken out again.
        if (ended === "ok" && person.busy.size === 0) checkRowsErased(stage, ports, person)
      }
    )
    if (!isAsked) return
    // Should the answer be lost, nobody knows what is left.
    person.connected = "unknown"
    person.departures += 1
    doubtAll(person)
    person.auto.version += 1
    Object.assign(person.auto, { on: "unknown", coveredAtLeast: null })
    for (const intent of person.intents.values()) intent.offset = "unknown"
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
        person.selections += 1
        person.selected.set(calendarId, isSelected ? "no" : "yes")
        if (isSelected) forgetCalendar(stage, person, calendarId)
      }
    )
    if (!isAsked) return
    person.selected.set(calendarId, "unknown")
    // Selecting what was half deselected ends what was asked for in between, too.
    if (isSelected || known === "unknown") doubtCalendar(person, calendarId)
  }

  /** Credentials that the provider refuses leave the connection as it was. */
  const tryBad = (person: Person): void => {
    const held = () => rowOf(tenantOf(stage, ports, person))
    const before = held()
    const wrong = { ...person.credentials, clientSecret: "wrong" }
    ask(
      person,
      "*connect badly",
      (punctual) => punctual.connect(person.userId, Redacted.make(wrong)),
      (ended) => {
        if (ended === "ok") return stage.fail("S18", `${person.userId} was connected with a wrong secret`)
        if (ended === "refused") marks.badConnectRefused += 1
        if (held()?.generation !== before?.generation) {
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
      const status = rowOf(tenantOf(stage, ports, person))?.status
      if (status !== "reauthorization_required" && !person.isRevoked) return
      if (person.isRevoked) {
        person.isRevoked = false
        person.revokedAt = stage.loop.now()
        stage.loop.sync(Context.get(ports, CalendarControl).setRevoked(person.accountId, false))
      }
      connect(person)
    }
  }
}

/** What was asked for there by hand does not come back with the calendar. */
const forgetCalendar = (stage: Stage, person: Person, calendarId: CalendarId): void => {
  const now = stage.loop.now()
  for (const groupCommits of person.gatherings) {
    if (groupCommits.calendarId !== calendarId) continue
    const isElsewhere = person.gatherings.some(
      ({ calendarId: other, key }) => key === groupCommits.key && other !== calendarId
    )
    const intent = intentOf(person, groupCommits.key)
    Object.assign(intent, { explicit: isElsewhere ? "unknown" : "no", touchedAt: now })
    doubtLifted(intent)
  }
  for (const series of person.series.values()) {
    if (series.calendarId !== calendarId) continue
    Object.assign(series, { chain: "no", explicit: "no" })
    doubtLifted(series)
    for (const intent of person.intents.values()) {
      if (seriesOfKey(intent.key) !== series.providerId) continue
      Object.assign(intent, { explicit: "no", touchedAt: now })
      doubtLifted(intent)
    }
  }
}

/** What lifted a removal may be gone, and the removal stands again. */
const doubtLifted = (intent: { excluded: Tri; readonly wasExcluded: boolean }): void => {
  if (intent.wasExcluded && intent.excluded === "no") intent.excluded = "unknown"
}

const doubtCalendar = (person: Person, calendarId: CalendarId): void => {
  for (const { calendarId: other, key } of person.gatherings) {
    if (other !== calendarId) continue
    const intent = intentOf(person, key)
    intent.explicit = "unknown"
    doubtLifted(intent)
  }
  for (const series of person.series.values()) {
    if (series.calendarId !== calendarId) continue
    Object.assign(series, { chain: "unknown", explicit: "unknown" })
    doubtLifted(series)
    for (const intent of person.intents.values()) {
      if (seriesOfKey(intent.key) !== series.providerId) continue
      intent.explicit = "unknown"
      doubtLifted(intent)
    }
  }
}

/**
 * S10: nothing of a connection that was taken down is left. What a later connect had put before it broke off is of a later
 * generation, and goes with that one.
 */
export const checkErased = (stage: Stage, ports: Ports, person: Person): void => {
  checkRowsErased(stage, ports, person)
  const row = rowOf(tenantOf(stage, ports, person))
  if (row?.status !== "disconnected") return
  const secrets = stage.loop
    .sync(Context.get(ports, SecretsProbe).refs)
    .filter(({ generation, userId }) => userId === person.userId && generation <= row.generation)
  if (secrets.length > 0) stage.fail("S10", `${person.userId} is disconnected, and ${secrets.length} secrets are left`)
}

/** A bot on its way stays until the service has said what became of it, or the meeting is over; then a sweep takes it. */
const isLeft = ({ loop, phaseSince, swarm }: Stage, { end, launch, updatedAt }: Bot): boolean => {
  const canBeKnown = swarm.service === "lookup" || (swarm.service === "replays" && swarm.withdraws)
  const settledAt = launch?.mayHaveSucceeded === true && !canBeKnown ? Math.max(end, updatedAt) : updatedAt
  return loop.now() - Math.max(settledAt, phaseSince) > settledMillis
}

/** A lease, and a sweep after it. */
const settledMillis = worldPolicy.leaseMillis + 2 * worldPolicy.sweepMillis

const checkRowsErased = (stage: Stage, ports: Ports, person: Person): void => {
  const tenant = tenantOf(stage, ports, person)
  if (tenant === null || rowOf(tenant)?.status !== "disconnected") return
  const left = {
    events: tenant.events.size,
    bots: [...tenant.bots.values()].filter((bot) => isLeft(stage, bot)).length,
    intents: tenant.intents.size,
    calendars: tenant.calendars.size,
    series: tenant.series.size
  }
  const rows = Object.values(left).reduce((sum, count) => sum + count, 0)
  if (rows > 0) stage.fail("S10", `${person.userId} is disconnected, and there is ${JSON.stringify(left)}`)
}
