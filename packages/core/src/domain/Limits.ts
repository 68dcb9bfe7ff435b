/**
 * The core's budgets, each with its name and unit: what one user may take of a process that others share.
 * Decides the numbers alone; who keeps to them stands beside each. What a host may set is `Policy.ts`.
 */

const second = 1_000
const minute = 60 * second

/** One user's share of work that is done for all (`usecases/account/UserShares.ts`). */
export const shareLimits = {
  /** The first failure costs no pause: most pass. From the second on the pause doubles from here, to there. */
  backoffMinMillis: minute,
  backoffMaxMillis: 30 * minute,
  /** Users held back that a process remembers; beyond them the one held longest is forgotten. */
  heldMax: 10_000
} as const

/** Calendars read at once by one process (`usecases/sync/SyncSlots.ts`). */
export const syncSlotLimits = {
  /** At work: writing what was answered, deciding by it. A sync that waits for the provider is none of them. */
  slotsMax: 16,
  /** Begun and not ended, those that wait for the provider among them: what a process holds in memory. */
  begunMax: 256,
  /** Of one user: as many as a mailbox takes requests. On probation: one. */
  ofOneUserMax: 4,
  ofOneOnProbationMax: 1,
  /** Of all users on probation together: half of the slots. The other half is for those that answered last. */
  onProbationMax: 8,
  /** A request unanswered for so long holds no slot; from the second on it counts as waiting. */
  patienceMillis: 500,
  /** A request unanswered for so long puts its user on probation, before anybody gives it up. */
  timeoutMillis: 15_000,
  /** Users on probation that a process remembers; beyond them the one longest on it is forgotten. */
  rememberedMax: 1_000
} as const

/** The launches of one process (`usecases/launch/LaunchPool.ts`). */
export const launchLimits = {
  /** Being claimed or handed over at once. */
  launchesMax: 256,
  /** Read, claimed or written together: what is claimed and not yet called waits for its lease where a process dies. */
  groupMax: 50,
  /** Slots are waited for until there are so many, and so long: groups of one cost as much as groups of fifty. */
  groupMin: 16,
  gatherMillis: 20,
  /** What is due is read so long before: ten seconds are left of its proof when a burst begins. */
  readAheadMillis: 20_000,
  /** What was read longer ago proves nothing. */
  proofMillisMax: 30_000,
  /** Bots that wait for their instant or for a slot; beyond them no more fires are asked for. */
  waitingMax: 10_000,
  /** From so many that wait on, looks at forecasts are put off: launching them takes the processor a second. */
  crowdMin: 500,
  /** Decisions that follow upon launches, made at once when the burst is over; or, while it is not, when they are so old. */
  decisionsAtOnce: 2,
  decisionMillisMax: 30_000
} as const

/** A process's clock against the store's (`usecases/clock/StoreClock.ts`). */
export const clockLimits = {
  /** Further away than this, somebody is told. */
  warnMillis: 2_000,
  /** Further away than this, nothing is launched by this process. */
  refuseMillis: 10_000,
  /** A reading that took longer proves too little. */
  readingMillisMax: 10_000
} as const

/** Waiting for a sync because somebody asked for it (`usecases/sync/SyncWaits.ts`). */
export const syncWaitLimits = {
  /** Calendars waited for at once by one user's requests in a process; whoever comes beyond is answered at once. */
  waitersOfOneUserMax: 32,
  /** Of one calendar, in a process: after so many in a row each next one begins this much later. */
  burstMax: 10,
  restMillis: 500,
  /** Calendars whose latest syncs a process remembers; beyond them those that have rested are forgotten. */
  rememberedMax: 10_000,
  /** A sync that was running when the request came, here or elsewhere, is waited for so long: a client has 30 s or less. */
  waitMillisMax: 10_000,
  /** Another process's sync is looked at first after this, then ever more seldom: three statements a look. */
  lookMillisMin: 100,
  lookMillisMax: 1_000
} as const

/** Pages of events read at once by one process (`usecases/queries/PageReads.ts`). */
export const pageReadLimits = {
  /** Of all users; each takes a statement after the other, so that most connections are left to launches. */
  atOnceMax: 4
} as const

/** Waiting for an entry of the log (`usecases/account/ChangeSignal.ts`). */
export const changeWaitLimits = {
  /** What other processes wrote is looked for this often, by one question for all who wait in a process. */
  lookMillis: 1_000,
  /** Whoever waits looks by themselves after so long, whatever a signal that got lost would have said. */
  lookAgainMillis: 5_000,
  /** Entries read by one such question. */
  lookRowsMax: 200,
  /** Who waits for anybody's is not woken sooner after a look that found nothing. */
  restMillis: 100
} as const

/** Rows of a user that go at once, however many there are: what one statement or one decision takes. */
export const mirrorLimits = {
  /** Of each kind, by one statement of a disconnect. */
  eraseRowsMax: 2_000,
  /** A sweep leaves what is then left of disconnects to the next one. */
  eraseMillisOfOneSweep: 10_000,
  /** Of a calendar that is given up, before what they change is decided. */
  dropRowsMax: 1_000
} as const

/** What is past, as it is forgotten (`usecases/worker/Prune.ts`). */
export const pruneLimits = {
  /** Of each kind, by one statement. */
  rowsMax: 500
} as const

/** What is told of coming meetings in danger (`usecases/worker/TellCoverage.ts`). */
export const coverageLimits = {
  /** Meetings that start within a day. */
  aheadMillis: 86_400_000,
  /** What was told of them was so within a day and an hour. */
  toldMillis: 90_000_000,
  /** Of one user, so many entries are looked back at, and so many written at once: the rest with the next look. */
  toldMax: 1_000,
  writtenMax: 50,
  /** By one look: entries read of everybody's log, and users besides those to whom something happened. */
  entriesMax: 500,
  usersInTurn: 100,
  usersAtOnce: 4
} as const

/** The log, as it is followed (`usecases/queries/FollowChanges.ts`). */
export const followLimits = {
  /** Entries read at once. */
  pageMax: 100,
  /** Entries whose repetition is left out. */
  knownMax: 10_000,
  /** Between looks for what other processes wrote: half a second. */
  lookMillis: 500,
  /** Between looks while storage is out of reach: a second. */
  awayMillis: 1_000
} as const

/** A list of rules, a user's or a workspace's (`rules/ParseRules.ts`). What one rule may have stands in `JoinRule.ts`. */
export const ruleLimits = {
  /** As JSON, in UTF-8: the list stands in one row of the store, beside others, and some take no more than 400 KB of all. */
  listBytesMax: 131_072
} as const

/** What a workspace's policy may hold beside its rules (`Workspace.ts`). */
export const policyLimits = {
  internalDomainsMax: 200,
  /** Of one domain (RFC 1035). */
  domainCharactersMax: 253
} as const

/** What rows have in common, as durable stores keep it (`SharedConfig.ts`). */
export const sharedConfigLimits = {
  /** A configuration up to here stays in each row, as JSON in UTF-8: looking another row up costs more than it would save. */
  inlineBytesMax: 256
} as const

/** What one user may have, by the name that a refusal tells (`quota_exceeded`). */
export const quotaLimits = {
  /** Bots scheduled or being launched; a request is refused from here on, and may itself add a series. */
  liveBotsMax: 5_000,
  /** A configuration as JSON, in UTF-8; also one that was put together by changes. */
  botConfigBytesMax: 32_768,
  /** What one request for a series may write in all: its configuration goes to each occurrence's bot. */
  configBytesOfSeriesMax: 1_048_576,
  /** Bots that are shown with an event, the newest; the rest is a count. */
  botsOfOneEventMax: 5
} as const
