/**
 * The first sync of many events through the real server: mailboxes full of meetings, connected, until every calendar is
 * read. Decides what is counted: requests at the simulated Microsoft, the least there could be, and the server's memory.
 */
import { type Deployment, adminKey, demand, until } from "./Deployment.ts"
import { cpuMillisOf, forgetPeak, memoryOf } from "./Usage.ts"

export interface Office {
  readonly mailboxes: number
  /** In each mailbox. */
  readonly calendars: number
  /** In each calendar. */
  readonly events: number
}

export interface FirstSync {
  /** From the first request to connect until the last calendar was read. */
  readonly tookMillis: number
  /** Pages of events asked for, and the least there could be. */
  readonly pages: number
  readonly pagesMin: number
  /** Whatever else Graph was asked for: profile, list of calendars, subscriptions; and tokens. */
  readonly others: number
  readonly tokens: number
  readonly inFlightMax: number
  readonly throttled: number
  /** Processor's time of the server; null where the system does not tell. */
  readonly serverCpuMillis: number | null
  /** Its resident memory in MiB, before and at its highest; null where the system does not tell. */
  readonly restMiB: number | null
  readonly peakMiB: number | null
}

/** What the adapter asks for at once. */
const pageSize = 50
const connectsAtOnce = 8
const waitMillisMax = 1_800_000
const day = 86_400_000

const mailOf = (index: number): string => `office-${index}@contoso.example`

export const firstSync = async (deployment: Deployment, office: Office): Promise<FirstSync> => {
  const { simulator, url } = deployment
  for (let index = 0; index < office.mailboxes; index++) fill(deployment, mailOf(index), office)
  const users = await Promise.all(
    Array.from({ length: office.mailboxes }, async (_, index) => {
      const { api_key: key } = await demand("POST", `${url}/api/v1/admin/users`, {
        key: adminKey,
        body: { name: mailOf(index) }
      })
      return { key: String(key), mail: mailOf(index) }
    })
  )
  forgetPeak(deployment)
  const restMiB = memoryOf(deployment, "VmRSS")
  const pagesMin = office.mailboxes * office.calendars * Math.ceil(office.events / pageSize)
  const tally = tallyOf(deployment)
  const cpuBefore = cpuMillisOf(deployment)
  const began = performance.now()
  const waiting = [...users]
  const connecting = async (): Promise<void> => {
    for (let user = waiting.shift(); user !== undefined; user = waiting.shift()) {
      const { clientId, clientSecret, refreshToken } = simulator.grant(user.mail)
      await demand("POST", `${url}/api/v1/calendar/create_calendar`, {
        key: user.key,
        body: {
          microsoft_client_id: clientId,
          microsoft_client_secret: clientSecret,
          microsoft_refresh_token: refreshToken
        }
      })
    }
  }
  await Promise.all([
    ...Array.from({ length: connectsAtOnce }, connecting),
    // Asking the server costs it time: not before all may be read.
    until("the pages to be asked for", waitMillisMax, async () => (tally().pages >= pagesMin ? true : null))
  ])
  for (const { key, mail } of users) {
    await until(`${mail} to be read`, waitMillisMax, async () => {
      const { calendars } = await demand("GET", `${url}/api/v1/calendar/connection`, { key })
      const isRead = calendars.every((calendar: { readonly sync_status: string }) => calendar.sync_status === "ok")
      return (isRead && calendars.length === office.calendars) || null
    })
  }
  const tookMillis = Math.round(performance.now() - began)
  const cpuAfter = cpuMillisOf(deployment)
  const { byMailbox, tokenRequests } = simulator.traffic()
  const { others, pages } = tally()
  return {
    tookMillis,
    pages,
    pagesMin,
    others: others - tokenRequests,
    tokens: tokenRequests,
    inFlightMax: Math.max(...Object.values(byMailbox).map(({ inFlightMax }) => inFlightMax)),
    throttled: Object.values(byMailbox).reduce((sum, { throttled }) => sum + throttled, 0),
    serverCpuMillis: cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore,
    restMiB,
    peakMiB: memoryOf(deployment, "VmHWM")
  }
}

/**
 * Counts what has been asked for since it was made. To be asked often: the simulator remembers no more than the last few
 * thousand.
 */
const tallyOf = ({ simulator }: Deployment) => {
  let counted = simulator.traffic().requests
  let pages = 0
  let others = 0
  return () => {
    const { recent, requests } = simulator.traffic()
    const fresh = requests === counted ? [] : recent.slice(counted - requests)
    if (fresh.length !== requests - counted)
      throw new Error("the simulator has forgotten requests before they were counted")
    counted = requests
    const asked = fresh.filter(({ path }) => path.endsWith("/calendarView/delta")).length
    pages += asked
    others += fresh.length - asked
    return { pages, others }
  }
}

/** Meetings of half an hour, spread over the window that is mirrored. */
const fill = ({ simulator }: Deployment, mail: string, { calendars, events }: Office): void => {
  const names = Array.from({ length: calendars - 1 }, (_, index) => `Calendar ${index + 2}`)
  simulator.addMailbox({ userPrincipalName: mail, calendars: names })
  const from = Math.floor(Date.now() / 60_000) * 60_000
  for (const calendar of ["Calendar", ...names]) {
    for (let index = 0; index < events; index++) {
      const start = from + Math.floor((index * 28 * day) / events)
      simulator.edit({
        type: "createEvent",
        mailbox: mail,
        calendar,
        start: new Date(start).toISOString(),
        end: new Date(start + day / 48).toISOString(),
        details: { subject: `Meeting ${index}`, link: `https://zoom.us/j/${5_550_000_000 + index}` }
      })
    }
  }
}
