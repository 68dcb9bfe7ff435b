/**
 * What clients did: requests, how many at once, how they were answered.
 *
 * Keeps counts and the last few thousand requests, without tokens or bodies. It decides nothing; tests and people read
 * it.
 */

export interface Visit {
  readonly at: number
  readonly method: string
  readonly path: string
  readonly query: string
  readonly mailbox: string | null
  readonly status: number
  /** Of the same app to the same mailbox, this one included, when it came. */
  readonly inFlight: number
}

export interface MailboxTraffic {
  readonly requests: number
  readonly inFlightMax: number
  readonly throttled: number
}

export interface Traffic {
  readonly requests: number
  readonly tokenRequests: number
  readonly byStatus: Readonly<Record<string, number>>
  readonly byMailbox: Readonly<Record<string, MailboxTraffic>>
  readonly notificationsSent: number
  readonly notificationsFailed: number
  readonly recent: ReadonlyArray<Visit>
}

const recentMax = 5_000

export const noTraffic: Traffic = {
  requests: 0,
  tokenRequests: 0,
  byStatus: {},
  byMailbox: {},
  notificationsSent: 0,
  notificationsFailed: 0,
  recent: []
}

export const visited = (traffic: Traffic, visit: Visit): Traffic => {
  const before = traffic.byMailbox[visit.mailbox ?? ""] ?? { requests: 0, inFlightMax: 0, throttled: 0 }
  const after = {
    requests: before.requests + 1,
    inFlightMax: Math.max(before.inFlightMax, visit.inFlight),
    throttled: before.throttled + (visit.status === 429 ? 1 : 0)
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
