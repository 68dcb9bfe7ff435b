/**
 * Manners towards mailboxes, by the simulator's own count: the production work loop of a host with many users, one of
 * whom answers nothing but 429 for ten minutes.
 */
import { assert, describe, it } from "@effect/vitest"
import type { Fault } from "@punctual/adapter-graph/simulator"
import type { UserId } from "@punctual/core"
import { type Cloud, makeCloud } from "./Cloud.ts"
import { type Company, pasted } from "../../../core/test/provider/Company.ts"
import { openCompany } from "./Company.ts"
import { type Loop, makeLoop } from "../../../core/test/provider/Loop.ts"

const start = Date.UTC(2026, 10, 24, 12)
const second = 1_000
const minute = 60 * second

/** All forms of Retry-After where there is time for all. */
const isProving = process.env["PROVE"] === "1"
const forms = isProving
  ? ([2, 5, 9.5, 60, "fractional", "date", "absent", "zero", "garbage", "huge"] as const)
  : ([5] as const)

const people = Array.from({ length: 5 }, (_, index) => ({
  mailbox: `person-${index}@contoso.example`,
  userId: `usr_${index}` as UserId
}))

/** More calendars than a process syncs at once. */
const sulking = { mailbox: "sulking@contoso.example", userId: "usr_sulking" as UserId, calendars: 20 }

interface Office {
  readonly loop: Loop
  readonly cloud: Cloud
  readonly company: Company
}

const openOffice = async (seed: number): Promise<Office> => {
  const loop = makeLoop(seed, start)
  const cloud = makeCloud({ seed, now: loop.now, latencyMillis: () => 50 + Math.floor(loop.chance() * 100) })
  const company = await openCompany(loop, cloud, {
    graph: { notificationUrl: "https://punctual.example/webhooks/microsoft" }
  })
  const calendars = Array.from({ length: sulking.calendars }, (_, index) => `Calendar ${index}`)
  const users = [...people.map((person) => ({ ...person, calendars: [] as Array<string> })), { ...sulking, calendars }]
  for (const person of users) {
    const given = cloud.addMailbox({ userPrincipalName: person.mailbox, calendars: person.calendars })
    await company.ask((punctual) => punctual.connect(person.userId, pasted(given)))
  }
  company.begin((punctual) => punctual.run)
  await loop.advance(minute)
  return { loop, cloud, company }
}

/** Ten minutes in which everybody's meetings move; answers how long each move took to reach the mirror at most. */
const tenMinutes = async ({ cloud, company, loop }: Office): Promise<number> => {
  let slowest = 0
  for (let round = 0; round < 10; round++) {
    // The mailbox that sulks is as busy as the others, in all its calendars.
    for (let index = 0; index < sulking.calendars; index++) {
      cloud.edit(meeting(sulking.mailbox, `sulking ${round}`, `Calendar ${index}`))
    }
    for (const { mailbox } of people) cloud.edit(meeting(mailbox, `meeting ${round}`))
    const edited = loop.now()
    await company.receive()
    const isSeen = ({ userId }: (typeof people)[number]): boolean =>
      [...company.tenant(userId).events.values()].some(({ row }) => row.subject === `meeting ${round}`)
    while (!people.every(isSeen) && loop.now() < edited + minute) await loop.advance(second / 10)
    slowest = Math.max(slowest, loop.now() - edited)
    await loop.advance(edited + minute - loop.now())
  }
  return slowest
}

const meeting = (mailbox: string, subject: string, calendar?: string) => ({
  type: "createEvent" as const,
  mailbox,
  ...(calendar === undefined ? {} : { calendar }),
  start: "2026-11-25T09:00:00Z",
  end: "2026-11-25T09:30:00Z",
  details: { subject }
})

const politeness = ({ cloud }: Office): void => {
  const { byMailbox } = cloud.traffic()
  assert.lengthOf(Object.keys(byMailbox), people.length + 1)
  for (const [mailbox, { early, inFlightMax }] of Object.entries(byMailbox)) {
    assert.isAtMost(inFlightMax, 4, mailbox)
    assert.strictEqual(early, 0, `${mailbox} was asked before it had allowed it`)
  }
}

const throttle = (retryAfter: Extract<Fault["answer"], { readonly type: "throttle" }>["retryAfter"]): Fault => ({
  mailbox: sulking.mailbox,
  answer: { type: "throttle", ...(retryAfter === undefined ? {} : { retryAfter }) }
})

describe("a mailbox that answers only 429 for ten minutes", () => {
  let undisturbed: number | null = null

  it.each(forms)("delays no other mailbox, and is left alone as it asks: Retry-After %s", async (retryAfter) => {
    const office = await openOffice(7)
    undisturbed ??= await tenMinutes(await openOffice(7))
    office.cloud.setFaults([throttle(retryAfter)])
    const slowest = await tenMinutes(office)
    assert.isAtMost(slowest, undisturbed + second, "as fast as without it")
    politeness(office)
    const { byMailbox } = office.cloud.traffic()
    const refused = Object.values(byMailbox).filter(({ throttled }) => throttled > 0)
    assert.lengthOf(refused, 1, "the others are never refused")
  })

  it("is read again when it answers", async () => {
    const office = await openOffice(8)
    office.cloud.setFaults([throttle(30)])
    await tenMinutes(office)
    office.cloud.setFaults([])
    await office.loop.advance(2 * minute)
    const rows = [...office.company.tenant(sulking.userId).events.values()]
    assert.lengthOf(rows, 10 * sulking.calendars)
    politeness(office)
  })
})
