/**
 * Who lives in a simulated world: people with mailboxes of their own or shared ones, and what they connect them by.
 * Decides, by chance, that some have two connections (of two mailboxes, or of the same one twice), and that some share one
 * mailbox with another.
 */
import { Context } from "effect"
import { calendarId, connectionId } from "../../src/domain/DeterministicIds.ts"
import type { ProviderCalendarId, UserId } from "../../src/domain/Ids.ts"
import { CalendarControl } from "../memory/CalendarMemory.ts"
import type { Link, Mailbox, Person } from "./Model.ts"
import { noRuling } from "./Ruling.ts"
import { type Ports, platforms } from "./Site.ts"
import type { Stage } from "./Stage.ts"

/** Everybody, each with one connection or two; none of them is made yet. */
export const settleIn = (stage: Stage, ports: Ports): ReadonlyArray<Person> => {
  const { chance, marks, swarm } = stage
  const people: Array<Person> = []
  for (let number = 1; number <= swarm.users; number++) {
    const others = people.flatMap(({ links }) => links.map(({ mailbox }) => mailbox))
    const isShared = others.length > 0 && chance.hits(swarm.sharedMailbox)
    if (isShared) marks.mailboxShared += 1
    const first = isShared ? chance.pick(others) : openMailbox(stage, ports, `P${number}`)
    const mailboxes = [first]
    if (chance.hits(swarm.secondConnection)) {
      const isSame = chance.hits(0.25)
      marks[isSame ? "mailboxConnectedTwice" : "secondConnection"] += 1
      mailboxes.push(isSame ? first : openMailbox(stage, ports, `P${number}b`))
    }
    people.push(personOf(`usr_p${number}` as UserId, mailboxes))
  }
  return people
}

const openMailbox = (stage: Stage, ports: Ports, name: string): Mailbox => {
  const { chance, loop, swarm } = stage
  const control = Context.get(ports, CalendarControl)
  const credentials = loop.sync(control.addAccount({ email: `${name}@example.com`, name }))
  const places = Array.from({ length: chance.int(1, swarm.calendarsMax) }, (): ProviderCalendarId =>
    loop.sync(control.addCalendar(credentials.accountId))
  )
  return { accountId: credentials.accountId, name, credentials, places, isRevoked: false, revokedAt: 0 }
}

const personOf = (userId: UserId, mailboxes: ReadonlyArray<Mailbox>): Person => {
  const links = mailboxes.map((mailbox, index): Link => {
    const platform = platforms[index] ?? platforms[0]
    const connection = connectionId(platform, userId)
    const calendars = mailbox.places.map((place) => calendarId(connection, place))
    return { connectionId: connection, platform, mailbox, calendars, connected: "no" }
  })
  const calendars = links.flatMap((link) => link.calendars)
  const places = links.flatMap(({ connectionId: connection, mailbox }) =>
    mailbox.places.map((place) => [calendarId(connection, place), place] as const)
  )
  return {
    userId,
    links,
    calendars,
    providerIds: new Map(places),
    selected: new Map(calendars.map((id) => [id, "yes"])),
    selections: 0,
    doubts: 0,
    departures: 0,
    epoch: 0,
    auto: {
      on: "no",
      version: 0,
      coveredAtLeast: null,
      cancelledAt: 0,
      onSince: 0,
      ruling: noRuling,
      ruledSince: 0
    },
    gatherings: [],
    series: new Map(),
    intents: new Map(),
    heirs: new Map(),
    twins: new Map(),
    busy: new Map()
  }
}
