/**
 * Worlds worth starting with.
 *
 * Decides who lives in each and what stands in their calendars, relative to now, so that a demonstration has meetings
 * ahead of it whenever it runs.
 */
import { mailboxAdded } from "./world/Accounts.ts"
import { applyEdit } from "./edits/Editing.ts"
import type { Edit } from "./edits/Edit.ts"
import { graphLocal } from "./world/Dates.ts"
import type { World } from "./world/World.ts"

export type ScenarioName = "empty" | "demo"

export const isScenario = (name: string): name is ScenarioName => Object.hasOwn(scenarios, name)

const adele = "adele@contoso.example"
const grady = "grady@contoso.example"

const teams = (thread: string): string =>
  `https://teams.microsoft.com/l/meetup-join/19%3ameeting_${thread}%40thread.v2/0?context=%7b%22Tid%22%3a%2298a79ebe-74bf-4e07-a017-7b410848cb32%22%2c%22Oid%22%3a%2264339082-ed84-4b0b-b4ab-004ae54f3747%22%7d`

const minute = 60_000

/** Two colleagues with a meeting in five minutes, a daily stand-up, a weekly review and meetings of other vendors. */
const demo = (world: World, now: number): World => {
  const people = [
    {
      userPrincipalName: adele,
      displayName: "Adele Vance",
      timeZone: "Pacific Standard Time",
      calendars: ["Side projects"]
    },
    { userPrincipalName: grady, displayName: "Grady Archie", timeZone: "Eastern Standard Time" }
  ]
  const peopled = people.reduce((current, spec) => mailboxAdded(current, spec).world, world)
  return demoEdits(now).reduce((current, edit) => applyEdit(current, edit, now).world, peopled)
}

const demoEdits = (now: number): ReadonlyArray<Edit> => {
  const at = (minutes: number): string =>
    `${graphLocal(Math.ceil(now / minute) * minute + minutes * minute).slice(0, 19)}Z`
  const everyDay = { type: "daily" } as const
  const onWeekdays = { type: "weekly", daysOfWeek: ["monday", "tuesday", "wednesday", "thursday", "friday"] } as const
  return [
    {
      type: "createEvent",
      mailbox: adele,
      start: at(5),
      end: at(35),
      details: {
        subject: "Prep for customer meeting",
        link: teams("UHJlcA"),
        attendees: [{ name: "Grady Archie", address: grady }]
      }
    },
    {
      type: "createSeries",
      mailbox: adele,
      start: at(60),
      end: at(75),
      pattern: everyDay,
      details: { subject: "Daily stand-up", link: teams("U3RhbmR1cA") }
    },
    {
      type: "createSeries",
      mailbox: adele,
      start: at(180),
      end: at(240),
      pattern: onWeekdays,
      details: { subject: "Review", link: "https://us02web.zoom.us/j/85012345678?pwd=SimulatedPasscode" }
    },
    {
      type: "createEvent",
      mailbox: adele,
      calendar: "Side projects",
      start: at(300),
      end: at(330),
      details: { subject: "Side project", link: "https://meet.google.com/abc-defg-hij" }
    },
    { type: "createEvent", mailbox: adele, start: at(20), end: at(50), details: { subject: "Lunch, no link" } }
  ]
}

export const scenarios: Readonly<Record<ScenarioName, (world: World, now: number) => World>> = {
  empty: (world) => world,
  demo
}
