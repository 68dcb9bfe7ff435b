/**
 * How people in a simulated world come, go, and choose calendars.
 * Decides what each answer means for the intents that hang on a connection or a calendar. What must be gone when a
 * connection is, is looked at in `Erased.ts`.
 */
import { Context, type Effect, Redacted } from "effect"
import type { CalendarId } from "../../src/domain/Ids.ts"
import type { Failure, Punctual } from "../../src/Punctual.ts"
import { CalendarControl } from "../memory/CalendarMemory.ts"
import { rowOf, tenantOf } from "./Rows.ts"
import { checkRowsErased } from "./Erased.ts"
import {
  type Link,
  type Person,
  type Tri,
  calendarsAt,
  connectedOf,
  doubtAll,
  forgetIntents,
  intentOf,
  linkOf,
  providerIdOf,
  seriesOfKey
} from "./Model.ts"
import { doubtTurned } from "./Renaming.ts"
import type { Ports } from "./Site.ts"
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
  const connect = (person: Person, link: Link): void => {
    const { mailbox, platform } = link
    let open = 0
    let isConnected = false
    const go = (): boolean =>
      ask(
        person,
        "*connect",
        (punctual) => punctual.connect(person.userId, Redacted.make(mailbox.credentials), platform),
        (ended) => {
          open -= 1
          isConnected ||= ended === "ok"
          if (open > 0 || !isConnected) return
          if (link.connected !== "yes") marks.connectedAgain += 1
          link.connected = "yes"
        }
      )
    for (let times = chance.hits(0.2) ? 2 : 1; times > 0; times--) if (go()) open += 1
    if (open > 0) link.connected = "unknown"
    if (open > 1) marks.connectedTwiceAtOnce += 1
  }

  /** One connection, or (null) all of them. */
  const disconnect = (person: Person, only: Link | null): void => {
    const leaving = only === null ? person.links : [only]
    const others = person.links.filter((link) => !leaving.includes(link))
    // While another stands for sure, only what stood in this one goes.
    const staying = others.find(({ connected }) => connected === "yes")
    // Should the answer be lost, nobody knows what is left.
    const doubt = (): void => {
      for (const link of leaving) link.connected = "unknown"
      person.departures += 1
      for (const id of leaving.flatMap(({ calendars }) => calendars)) {
        if (staying !== undefined) doubtCalendar(stage, ports, person, id)
        person.selected.set(id, "unknown")
      }
      if (staying !== undefined) return
      doubtAll(person)
      person.auto.version += 1
      Object.assign(person.auto, { on: "unknown", coveredAtLeast: null, ruling: "unknown" })
      for (const intent of person.intents.values()) intent.offset = "unknown"
    }
    const isAsked = ask(
      person,
      "*disconnect",
      (punctual) => punctual.disconnect(person.userId, only?.connectionId ?? null),
      (ended, _answer, code) => {
        // What was said since it was asked may have gone with the rest.
        if (ended === "open") doubt()
        if (ended !== "ok" && code !== "calendar_not_connected" && code !== "calendar_not_found") return
        marks.disconnected += 1
        stage.note(`${person.userId} is disconnected of ${leaving.map(({ platform }) => platform).join(" and ")}`)
        for (const link of leaving) link.connected = "no"
        if (staying !== undefined) {
          marks.disconnectedOne += 1
          person.selections += 1
        } else if (others.every(({ connected }) => connected === "no")) forgetIntents(person)
        for (const id of staying === undefined ? [] : leaving.flatMap(({ calendars }) => calendars)) {
          forgetCalendar(stage, person, id)
          person.selected.set(id, "yes")
        }
        // Secrets are judged once healed: a rotated token on its way is put, found to be nobody's, and taken out again.
        if (ended === "ok" && person.busy.size === 0) {
          for (const link of leaving) checkRowsErased(stage, ports, person, link)
        }
      }
    )
    if (isAsked) doubt()
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
    if (isSelected || known === "unknown") doubtCalendar(stage, ports, person, calendarId)
  }

  /** Credentials that the provider refuses leave the connection as it was. */
  const tryBad = (person: Person): void => {
    const { connectionId, mailbox, platform } = chance.pick(person.links)
    const held = () => rowOf(tenantOf(stage, ports, person), connectionId)
    const before = held()
    const wrong = { ...mailbox.credentials, clientSecret: "wrong" }
    ask(
      person,
      "*connect badly",
      (punctual) => punctual.connect(person.userId, Redacted.make(wrong), platform),
      (ended) => {
        if (ended === "ok") return stage.fail("S18", `${person.userId} was connected with a wrong secret`)
        if (ended === "refused") marks.badConnectRefused += 1
        if (held()?.generation !== before?.generation) {
          stage.fail("S18", `${person.userId}: a failed connect replaced the connection`)
        }
      }
    )
  }

  const isLost = (person: Person, { connected, connectionId, mailbox }: Link): boolean => {
    const status = rowOf(tenantOf(stage, ports, person), connectionId)?.status
    return connected === "yes" && (status === "reauthorization_required" || mailbox.isRevoked)
  }

  /** Signs in again where the grant is gone. */
  const renew = (person: Person, link: Link): boolean => {
    const { mailbox } = link
    if (!isLost(person, link)) return false
    if (mailbox.isRevoked) {
      mailbox.isRevoked = false
      mailbox.revokedAt = stage.loop.now()
      stage.loop.sync(Context.get(ports, CalendarControl).setRevoked(mailbox.accountId, false))
    }
    connect(person, link)
    return true
  }

  return {
    choose,
    chooseAny: (person: Person): void =>
      choose(
        person,
        chance.pick(person.links.flatMap(({ calendars, connected }) => (connected === "yes" ? calendars : [])))
      ),
    tryBad,
    leave: (person: Person): void => {
      const isAll = person.links.length === 1 || chance.hits(0.3)
      disconnect(person, isAll ? null : chance.pick(person.links.filter(({ connected }) => connected === "yes")))
    },
    settle: (person: Person, staysAway: boolean): void => {
      const open = person.links.find(({ connected }) => connected === "unknown")
      if (open !== undefined) {
        if (!staysAway && !chance.hits(0.3)) return connect(person, open)
        const isAll = person.links.every(({ connected }) => connected !== "yes") && chance.hits(0.5)
        return disconnect(person, isAll || person.links.length === 1 ? null : open)
      }
      const away = person.links.find(({ connected }) => connected === "no")
      if (away !== undefined && !staysAway) return connect(person, away)
      if (connectedOf(person) !== "yes") return
      const unchosen = person.calendars.find((id) => isListed(person, id) && person.selected.get(id) === "unknown")
      if (unchosen !== undefined) return choose(person, unchosen)
      person.links.some((link) => renew(person, link))
    },
    mustRenew: (person: Person): boolean => person.links.some((link) => isLost(person, link))
  }
}

/** Of a connection that stands. */
export const isListed = (person: Person, id: CalendarId): boolean => linkOf(person, id).connected === "yes"

/** What was asked for there by hand does not come back with the calendar. */
const forgetCalendar = (stage: Stage, person: Person, calendarId: CalendarId): void => {
  const now = stage.loop.now()
  const place = providerIdOf(person, calendarId)
  doubtTwins(person, place)
  for (const gathering of person.gatherings) {
    if (gathering.place !== place) continue
    const intent = intentOf(person, gathering.key)
    Object.assign(intent, {
      explicit: isElsewhere(person, calendarId, gathering.key) ? "unknown" : "no",
      touchedAt: now
    })
    doubtLifted(intent)
  }
  const isTwice = person.calendars.some((id) => id !== calendarId && providerIdOf(person, id) === place)
  for (const series of person.series.values()) {
    if (series.place !== place) continue
    const left = isTwice ? "unknown" : "no"
    Object.assign(series, { chain: left, explicit: left })
    doubtLifted(series)
    for (const intent of person.intents.values()) {
      if (seriesOfKey(intent.key) !== series.providerId) continue
      Object.assign(intent, { explicit: left, touchedAt: now })
      doubtLifted(intent)
    }
  }
}

/** Of several events with one UID another may keep its key when the calendar comes back, and what was said of that. */
const doubtTwins = (person: Person, place: string): void => {
  const twins = person.gatherings.filter((one) => one.place === place && person.twins.has(one.providerId))
  for (const { uid } of twins) {
    const family = twins.flatMap((one) => (one.uid === uid ? [intentOf(person, one.key)] : []))
    if (!family.some(({ excluded, offset, wasExcluded }) => excluded !== "no" || wasExcluded || offset !== null))
      continue
    for (const intent of family) Object.assign(intent, { excluded: "unknown", offset: "unknown" })
  }
}

/** Whether a meeting may stand in another calendar of the person's, too. */
const isElsewhere = (person: Person, calendarId: CalendarId, key: string): boolean =>
  person.gatherings.some(
    (other) => other.key === key && calendarsAt(person, other.place).some((id) => id !== calendarId)
  )

/** What lifted a removal may be gone, and the removal stands again. */
const doubtLifted = (intent: { excluded: Tri; readonly wasExcluded: boolean }): void => {
  if (intent.wasExcluded && intent.excluded === "no") intent.excluded = "unknown"
}

const doubtCalendar = (stage: Stage, ports: Ports, person: Person, calendarId: CalendarId): void => {
  const place = providerIdOf(person, calendarId)
  doubtTwins(person, place)
  doubtTurned(stage, ports, person, place)
  for (const { key, place: other } of person.gatherings) {
    if (other !== place) continue
    const intent = intentOf(person, key)
    intent.explicit = "unknown"
    doubtLifted(intent)
  }
  for (const series of person.series.values()) {
    if (series.place !== place) continue
    Object.assign(series, { chain: "unknown", explicit: "unknown" })
    doubtLifted(series)
    for (const intent of person.intents.values()) {
      if (seriesOfKey(intent.key) !== series.providerId) continue
      intent.explicit = "unknown"
      doubtLifted(intent)
    }
  }
}
