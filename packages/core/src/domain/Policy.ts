/**
 * What a host may set: numbers, and what it knows of its users' meetings. All durations are milliseconds.
 */
import type { LinkSettings } from "../links/LinkSettings.ts"

export interface Policy {
  /** A bot joins this long before the start. */
  readonly leadMillis: number
  /** The mirrored window reaches from now − past to now + ahead. */
  readonly windowPastMillis: number
  readonly windowAheadMillis: number
  /** The window is re-based by a full pass once it is this old. */
  readonly rebaseAfterMillis: number
  /** A calendar without a working subscription is read this often, one with a subscription that often. */
  readonly pollMillis: number
  readonly safetyPollMillis: number
  /** From the first notification of a burst to the pass that reads what all of it announced. */
  readonly settleMillis: number
  /** A listing older than this syncs first. */
  readonly staleAfterMillis: number
  readonly sweepMillis: number
  /** Bots in meetings are looked at this often, to withdraw those whose meeting has changed. */
  readonly withdrawMillis: number
  /** Between its hours a daily job is looked at this often: a process may have died at it. */
  readonly takeOverMillis: number
  /** Between looks for due calendars when none is known to be due: another process may have made one so. */
  readonly idleMillis: number
  /** A process compares its clock with the store's this often. */
  readonly clockMillis: number
  readonly leaseMillis: number
  /** The launcher's answer is awaited this long: half the lease. */
  readonly launchTimeoutMillis: number
  readonly launchRetryMinMillis: number
  readonly launchRetryMaxMillis: number
  /** Auto-scheduling reaches this far; the nightly run reaches further by lead and slack. */
  readonly autoAheadMillis: number
  readonly autoSlackMillis: number
  /** Subscriptions that end within this are renewed by the daily job; within the shorter one, when a notification arrives. */
  readonly renewBeforeMillis: number
  readonly renewOnNotificationMillis: number
  /** The log of changes is kept this long. */
  readonly changesKeptMillis: number
  /** Events are kept this long after their end, with what was asked for of them and with their bots. */
  readonly historyKeptMillis: number
  /** The provider's own item of an event is kept this long after its end. */
  readonly itemsKeptMillis: number
  /** What is noted of daily jobs is kept this long. */
  readonly jobsKeptMillis: number
  /** Occurrences of a series that carry bots at most. */
  readonly occurrencesMax: number
  /**
   * Hosts and gateways of the host's own, besides those that are known. A change counts for what is read from then on: a
   * full pass, once a day, reads everything.
   */
  readonly links: LinkSettings
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

export const defaultPolicy: Policy = {
  leadMillis: minute,
  windowPastMillis: 2 * day,
  windowAheadMillis: 30 * day,
  rebaseAfterMillis: day,
  pollMillis: 5 * minute,
  safetyPollMillis: 15 * minute,
  settleMillis: 500,
  staleAfterMillis: 5 * minute,
  sweepMillis: minute,
  withdrawMillis: minute / 4,
  takeOverMillis: 5 * minute,
  idleMillis: minute / 4,
  clockMillis: minute,
  leaseMillis: minute,
  launchTimeoutMillis: minute / 2,
  launchRetryMinMillis: 1_000,
  launchRetryMaxMillis: 30_000,
  autoAheadMillis: day,
  autoSlackMillis: 2 * hour,
  renewBeforeMillis: 2 * day,
  renewOnNotificationMillis: 12 * hour,
  changesKeptMillis: 30 * day,
  historyKeptMillis: 400 * day,
  itemsKeptMillis: 7 * day,
  jobsKeptMillis: 30 * day,
  occurrencesMax: 366,
  links: {}
}
