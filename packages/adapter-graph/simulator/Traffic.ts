/**
 * What clients did: requests, how many at once, how they were answered.
 *
 * Keeps counts and the last few thousand requests, without tokens or bodies. It decides nothing; tests and people read
 * it.
 */

export interface Visit {
  /** When it came. */
  readonly at: number
  readonly method: string
  readonly path: string
  readonly query: string
  readonly mailbox: string | null
  readonly status: number
  /** Of the same app to the same mailbox, this one included, when it came. */
  readonly inFlight: number
  /** It came although an answer before it had asked this app to wait longer with this mailbox. */
  readonly isEarly: boolean
}

export interface MailboxTraffic {
  readonly requests: number
  readonly inFlightMax: number
  readonly throttled: number
  /** Requests that came before the `Retry-After` they had been given. */
  readonly early: number
}

export interface Traffic {
  readonly requests: number
  readonly tokenRequests: number
  readonly byStatus: Readonly<Record<string, number>>
  readonly byMailbox: Readonly<Record<string, MailboxTraffic>>
  readonly notificationsSent: number
  readonly notificationsFailed: number
  readonly recent: ReadonlyArray<Visit>
  /** Until when each app was asked to leave each mailbox alone. */
  readonly held: Readonly<Record<string, number>>
}

/** An app and a mailbox, as Outlook counts. */
export const trafficKey = ({ clientId, mailbox }: { readonly clientId: string; readonly mailbox: string }): string =>
  `${clientId} ${mailbox}`

/** Whether whoever comes now was asked to come later. */
export const isHeld = (traffic: Traffic, key: string | null, now: number): boolean =>
  key !== null && now < (traffic.held[key] ?? 0)

/** Takes note of a wait that was asked for: whole or fractional seconds, or a date. */
export const heldBy = (traffic: Traffic, key: string | null, retryAfter: string | undefined, now: number): Traffic => {
  if (key === null || retryAfter === undefined) return traffic
  const seconds = Number(retryAfter)
  const until = Number.isNaN(seconds) ? Date.parse(retryAfter) : now + seconds * 1_000
  return Number.isNaN(until)
    ? traffic
    : { ...traffic, held: { ...traffic.held, [key]: Math.max(traffic.held[key] ?? 0, until) } }
}

const recentMax = 5_000

export const noTraffic: Traffic = {
  requests: 0,
  tokenRequests: 0,
  byStatus: {},
  byMailbox: {},
  notificationsSent: 0,
  notificationsFailed: 0,
  recent: [],
  held: {}
}

const noVisits: MailboxTraffic = { requests: 0, inFlightMax: 0, throttled: 0, early: 0 }

export const visited = (traffic: Traffic, visit: Visit): Traffic => {
  const before = traffic.byMailbox[visit.mailbox ?? ""] ?? noVisits
  const after = {
    requests: before.requests + 1,
    inFlightMax: Math.max(before.inFlightMax, visit.inFlight),
    throttled: before.throttled + (visit.status === 429 ? 1 : 0),
    early: before.early + (visit.isEarly ? 1 : 0)
  }
  return {
    ...traffic,
    requests: traffic.requests + 1,
    tokenRequests: traffic.tokenRequests + (visit.path.endsWith("/token") ? 1 : 0),
    byStatus: { ...traffic.byStatus, [visit.status]: (traffic.byStatus[visit.status] ?? 0) + 1 },
    byMailbox: visit.mailbox === null ? traffic.byMailbox : { ...traffic.byMailbox, [visit.mailbox]: after },
    recent: [...traffic.recent.slice(-recentMax + 1), visit]
  }
}
