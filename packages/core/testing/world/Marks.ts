/**
 * What has happened in a world at least once: a test that never met a thing has not tested it.
 * Decides the names. A mark that stays at zero over a set of seeds fails that set.
 */
export const markNames = [
  // Processes
  "replicaCrashed",
  "replicaRestarted",
  "callLostInCrash",
  "replicaStalled",
  "launchedAfterStall",
  "portsSwizzled",
  "failedInSwizzle",
  // Ports that fail
  "storeFailed",
  "storeFailedAfterwards",
  "schedulerFailed",
  "schedulerFailedAfterwards",
  "secretsFailed",
  "secretsFailedAfterwards",
  "calendarFailed",
  "calendarFailedAfterwards",
  "calendarThrottled",
  "deltaStale",
  "grantRevoked",
  "launcherSaidLater",
  "launcherRejected",
  "launcherAnswerLost",
  "launcherTooSlow",
  "launcherReplayed",
  // Fires and notifications
  "fireDoubled",
  "fireLate",
  "fireLost",
  "fireStale",
  "notificationLost",
  "notificationDoubled",
  "notificationDelivered",
  "notificationRetried",
  "lifecycleNotified",
  "cursorForgotten",
  "subscriptionForgotten",
  // What people do
  "meetingMoved",
  "meetingMovedToPast",
  "meetingCancelled",
  "meetingUncancelled",
  "meetingDeleted",
  "linkChanged",
  "linkRemoved",
  "seriesMade",
  "occurrenceChanged",
  "patternChanged",
  "seriesCutShort",
  "copyMade",
  "scheduled",
  "scheduledAll",
  "takenOver",
  "refusedAsAlreadyScheduled",
  "raced",
  "unscheduled",
  "unscheduledSeries",
  "botRemoved",
  "botPatched",
  "autoEnabled",
  "autoDisabled",
  "autoDisabledCancelling",
  "chainStarted",
  "chainEnded",
  "disconnected",
  "connectedAgain",
  "badConnectRefused",
  "connectedTwiceAtOnce",
  "signInAskedFor",
  "calendarDeselected",
  "calendarSelected",
  "syncForced",
  // What Punctual did
  "dailyJobRun",
  "dailyJobRetried",
  "launched",
  "launchedOnRetry",
  "launchedByRecovery",
  "launchedWithoutFire",
  "launchedLate",
  "botFailed",
  "botCancelled",
  "botPostponed",
  "putOvertaken",
  "autoBotMade",
  "chainBotMade",
  "disconnectResumed",
  // What oracles looked at
  "healed",
  "judgedRequired",
  "judgedForbidden",
  "judgedLaunched",
  "judgedAuto",
  "judgedChain",
  "judgedMirror"
] as const

export type Mark = (typeof markNames)[number]

export type Marks = Record<Mark, number>

export const noMarks = (): Marks => Object.fromEntries(markNames.map((name) => [name, 0])) as Marks

export const addMarks = (to: Marks, from: Marks): void => {
  for (const name of markNames) to[name] += from[name]
}

export const unmarked = (marks: Marks): ReadonlyArray<Mark> => markNames.filter((name) => marks[name] === 0)
