/**
 * What the facade is called with, looked at before anything is done with it: not every host is checked by a compiler.
 *
 * Decides which arguments each operation takes, and that a wrong one is a mistake in the host's code: it is named by the
 * operation and the member, and is no refusal. How a finding is worded is decided in `ArgumentChecks.ts`.
 */
import { Effect, Stream } from "effect"
import type { Credentials } from "./domain/Connection.ts"
import { defaultPolicy } from "./domain/Policy.ts"
import { InvalidArgument } from "./domain/InvalidArgument.ts"
import type { LauncherState } from "./decide/Forecast.ts"
import type {
  BotPatch,
  EventsRequest,
  NextRequest,
  Notification,
  ScheduleRequest,
  SyncMode,
  UnscheduleRequest
} from "./usecases/contract/Contract.ts"
import {
  type ArgumentCheck,
  bot,
  calendar,
  config,
  date,
  eventOrSeries,
  first,
  flag,
  instant,
  isObject,
  isText,
  listOf,
  must,
  objectOf,
  oneOf,
  orMissing,
  orNull,
  place,
  secret,
  text,
  user,
  whole,
  workspace
} from "./ArgumentChecks.ts"
import { listing, logArguments } from "./LogArguments.ts"
import { policy, rules } from "./RuleArguments.ts"
import { workParts } from "./usecases/worker/StandingWork.ts"

/** A name and what may stand under it. */
type Argument = readonly [name: string, check: ArgumentCheck]

// ---- requests

const credentials = objectOf<Credentials>({
  clientId: must("a text", isText),
  clientSecret: text,
  refreshToken: must("a text", isText),
  obtainedAt: instant
})

const events = objectOf<EventsRequest>({
  calendarId: must(
    'the id of a calendar, a text; "all"; or null for the primary one',
    (id) => id === null || isText(id)
  ),
  span: objectOf<EventsRequest["span"]>({ from: instant, to: instant }),
  includeDeleted: flag,
  uniqueMeetings: flag,
  limit: whole(1),
  place: orNull(place),
  backwards: flag
})

const scheduling = objectOf<ScheduleRequest>({
  eventId: eventOrSeries,
  config,
  occurrenceDate: date,
  allOccurrences: flag,
  occurrenceLimit: whole(1, defaultPolicy.occurrencesMax),
  recurring: flag
})

const nextOne = objectOf<NextRequest>({
  eventId: eventOrSeries,
  config,
  after: orNull(instant),
  rule: orNull(text),
  link: orNull(text)
})

const patch = objectOf<BotPatch>({
  joinAt: orMissing(instant),
  botName: orMissing(text),
  customAttributes: orMissing(must("an object", isObject)),
  config: orMissing(config)
})

const kinds: { readonly [Kind in Notification["kind"]]: true } = {
  change: true,
  missed: true,
  subscriptionRemoved: true,
  reauthorizationRequired: true,
  unknown: true
}
const notification = objectOf<Notification>({
  subscriptionId: text,
  clientState: secret(text),
  kind: oneOf(...Object.keys(kinds))
})

const modes: { readonly [Mode in SyncMode]: true } = { force: true, auto: true, never: true }

/** The arguments of each operation that takes some, in their order. */
const operations = {
  connect: [
    ["userId", user],
    ["credentials", secret(credentials)],
    ["platform", orMissing(orNull(text))]
  ],
  disconnect: [
    ["userId", user],
    ["connectionId", orMissing(orNull(text))]
  ],
  connections: [["userId", user]],
  calendars: [["userId", user]],
  selectCalendar: [
    ["userId", user],
    ["calendarId", calendar],
    ["selected", flag]
  ],
  removeCalendar: [
    ["userId", user],
    ["calendarId", calendar]
  ],
  resubscribe: [
    ["userId", user],
    ["calendarId", calendar]
  ],
  joinWorkspace: [
    ["userId", user],
    ["workspaceId", orNull(workspace)]
  ],
  events: [
    ["userId", user],
    ["request", events],
    ["sync", oneOf(...Object.keys(modes))]
  ],
  event: [
    ["userId", user],
    ["eventId", eventOrSeries]
  ],
  explain: [
    ["userId", user],
    ["eventId", eventOrSeries]
  ],
  explainMeetings: [
    ["userId", user],
    ["events", listOf(must("a row of a listing, an object", isObject))]
  ],
  schedule: [
    ["userId", user],
    ["request", scheduling]
  ],
  unschedule: [
    ["userId", user],
    ["request", objectOf<UnscheduleRequest>({ eventId: eventOrSeries, allOccurrences: flag, fromDate: date })]
  ],
  bots: [
    ["userId", user],
    ["page", listing]
  ],
  bot: [
    ["userId", user],
    ["botId", bot]
  ],
  ...logArguments,
  updateBot: [
    ["userId", user],
    ["botId", bot],
    ["patch", patch]
  ],
  removeBot: [
    ["userId", user],
    ["botId", bot]
  ],
  autoSchedule: [["userId", user]],
  enableAuto: [
    ["userId", user],
    ["config", orNull(config)],
    ["rules", orMissing(rules)]
  ],
  setAutoRules: [
    ["userId", user],
    ["rules", rules]
  ],
  previewAuto: [
    ["userId", user],
    ["config", orNull(config)],
    ["rules", orMissing(rules)]
  ],
  pause: [
    ["userId", user],
    ["until", orNull(instant)]
  ],
  pausedUntil: [["userId", user]],
  forecast: [
    ["userId", user],
    ["until", instant],
    [
      "launcher",
      objectOf<LauncherState>({
        isConfigured: flag,
        isFailing: flag,
        supports: must("a function of a platform", (value) => typeof value === "function")
      })
    ]
  ],
  workspacePolicy: [["workspaceId", workspace]],
  workspaceUsers: [
    ["workspaceId", workspace],
    ["after", orNull(user)],
    ["limit", whole(1)]
  ],
  setWorkspacePolicy: [
    ["workspaceId", workspace],
    ["policy", policy]
  ],
  previewPolicy: [
    ["userId", user],
    ["workspaceId", workspace],
    ["policy", policy]
  ],
  disableAuto: [
    ["userId", user],
    ["cancelScheduled", flag]
  ],
  toggleRecurrence: [
    ["userId", user],
    ["eventId", eventOrSeries],
    ["enabled", flag]
  ],
  scheduleNext: [
    ["userId", user],
    ["request", nextOne]
  ],
  changes: [["after", orNull(text)]],
  receive: [["notifications", listOf(notification)]],
  autoScheduleUser: [
    ["userId", user],
    ["midnight", orNull(instant)]
  ],
  renewUser: [["userId", user]],
  syncUser: [["userId", user]],
  pruneUser: [["userId", user]],
  withdrawBots: [["after", orNull(place)]],
  runParts: [["parts", listOf(oneOf(...workParts))]]
} as const satisfies Readonly<Record<string, ReadonlyArray<Argument>>>

export type CheckedOperation = keyof typeof operations

/** The operations that take arguments. */
type Called<S> = { [K in keyof S]: S[K] extends (...args: infer _Args) => unknown ? K : never }[keyof S]

/** Does not compile while an operation takes arguments that nobody looks at. */
type AllChecked<S> = Exclude<Called<S>, CheckedOperation> extends never ? S : never

/** What is wrong with the arguments of an operation; null: nothing. */
export const argumentFault = (operation: CheckedOperation, args: ReadonlyArray<unknown>): InvalidArgument | null => {
  const specified: ReadonlyArray<Argument> = operations[operation]
  const fault = first(specified.map(([name, check], index) => check(args[index], name)))
  return fault === null ? null : new InvalidArgument({ operation, ...fault })
}

type AnyOperation = (
  ...args: ReadonlyArray<unknown>
) => Effect.Effect<unknown, unknown> | Stream.Stream<unknown, unknown>

/** What they answer is a stream. */
const streams: ReadonlySet<CheckedOperation> = new Set(["changes"])

/** The same operations, each of which looks at its arguments first. */
export const withCheckedArguments = <S extends object>(shape: AllChecked<S>): S => {
  const checked = Object.keys(operations).map((key) => {
    // `Object.keys` tells texts; these are the keys of the table above.
    const operation = key as CheckedOperation
    // Each takes what the table says of it, which is what is looked at here: nothing can be called with anything else.
    const run = shape[operation as keyof typeof shape] as AnyOperation
    const call: AnyOperation = (...args) => {
      const fault = argumentFault(operation, args)
      if (fault === null) return run(...args)
      return streams.has(operation) ? Stream.die(fault) : Effect.die(fault)
    }
    return [operation, call] as const
  })
  return { ...shape, ...Object.fromEntries(checked) }
}
