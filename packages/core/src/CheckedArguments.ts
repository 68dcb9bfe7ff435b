/**
 * What the facade is called with, looked at before anything is done with it: not every host is checked by a compiler.
 *
 * Decides which arguments each operation takes, and that a wrong one is a mistake in the host's code: it is named by the
 * operation and the member, and is no refusal. Never tells a value, which may be a secret; that is why the findings are
 * put into words here and not by a schema.
 */
import { Effect, Redacted } from "effect"
import type { Credentials } from "./domain/Connection.ts"
import { UserId, WorkspaceId } from "./domain/Ids.ts"
import { defaultPolicy } from "./domain/Policy.ts"
import { type ArgumentFault, InvalidArgument, kindOf } from "./domain/InvalidArgument.ts"
import type { Place } from "./ports/Store.ts"
import type {
  BotPatch,
  EventsRequest,
  NextRequest,
  Notification,
  ScheduleRequest,
  SyncMode,
  UnscheduleRequest
} from "./usecases/contract/Contract.ts"
import { workParts } from "./usecases/worker/StandingWork.ts"

/** What is wrong with a value: where in it, and what should be there. Null: nothing. */
type Fault = Omit<ArgumentFault, "operation">
type Check = (value: unknown, member: string) => Fault | null

/** A name and what may stand under it. */
type Argument = readonly [name: string, check: Check]

// ---- kinds of values

const must =
  (expected: string, is: (value: unknown) => boolean): Check =>
  (value, member) =>
    is(value) ? null : { member, expected, found: kindOf(value) }

const isText = (value: unknown): value is string => typeof value === "string" && value !== ""
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const user = must("a user's id, as `UserId.make` takes it", UserId.is)
const workspace = must("a workspace's id, as `WorkspaceId.make` takes it", WorkspaceId.is)
const event = must("the id of an event or of a series, a text", isText)
const bot = must("the id of a bot, a text", isText)
const calendar = must("the id of a calendar, a text", isText)
const text = must("a text", (value) => typeof value === "string")
const flag = must("true or false", (value) => typeof value === "boolean")
const instant = must("milliseconds since 1970, a number", (value) => typeof value === "number" && !Number.isNaN(value))
const config = must("an object with what the bot service is to get; {} is none", isObject)
const date = must("a date or a time by RFC 3339, a text; or null", (value) => value === null || isText(value))
const whole = (min: number, max = Infinity): Check =>
  must(
    max === Infinity ? `a whole number, ${min} or more` : `a whole number from ${min} to ${max}`,
    (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max
  )

const oneOf = (...words: ReadonlyArray<string>): Check =>
  must(`one of ${words.map((word) => `"${word}"`).join(", ")}`, (value) => words.includes(value as string))

const orNull =
  (check: Check): Check =>
  (value, member) => {
    const fault = value === null ? null : check(value, member)
    return fault?.member === member ? { ...fault, expected: `${fault.expected}; or null` } : fault
  }

const orMissing =
  (check: Check): Check =>
  (value, member) =>
    value === undefined ? null : check(value, member)

const listOf =
  (check: Check): Check =>
  (value, member) =>
    Array.isArray(value)
      ? first(value.map((each, index) => check(each, `${member}[${index}]`)))
      : { member, expected: "a list", found: kindOf(value) }

/** Every member of the interface is named, so that one that is added does not compile without its check. */
const objectOf =
  <T>(checks: { readonly [K in keyof T]-?: Check }): Check =>
  (value, member) =>
    isObject(value)
      ? first(Object.entries<Check>(checks).map(([name, check]) => check(value[name], `${member}.${name}`)))
      : { member, expected: `an object with ${Object.keys(checks).join(", ")}`, found: kindOf(value) }

const secret =
  (check: Check): Check =>
  (value, member) =>
    Redacted.isRedacted(value)
      ? check(Redacted.value(value), member)
      : { member, expected: "a secret, made by `Redacted.make` of the package effect", found: kindOf(value) }

const first = (faults: ReadonlyArray<Fault | null>): Fault | null => faults.find((fault) => fault !== null) ?? null

// ---- requests

const place = objectOf<Place>({ at: instant, id: must("an id, a text", isText) })

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
  eventId: event,
  config,
  occurrenceDate: date,
  allOccurrences: flag,
  occurrenceLimit: whole(1, defaultPolicy.occurrencesMax),
  recurring: flag
})

const nextOne = objectOf<NextRequest>({
  eventId: event,
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
    ["eventId", event]
  ],
  explain: [
    ["userId", user],
    ["eventId", event]
  ],
  schedule: [
    ["userId", user],
    ["request", scheduling]
  ],
  unschedule: [
    ["userId", user],
    ["request", objectOf<UnscheduleRequest>({ eventId: event, allOccurrences: flag, fromDate: date })]
  ],
  bots: [
    ["userId", user],
    ["page", objectOf({ limit: whole(1), place: orNull(place), backwards: flag })]
  ],
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
    ["config", orNull(config)]
  ],
  disableAuto: [
    ["userId", user],
    ["cancelScheduled", flag]
  ],
  toggleRecurrence: [
    ["userId", user],
    ["eventId", event],
    ["enabled", flag]
  ],
  scheduleNext: [
    ["userId", user],
    ["request", nextOne]
  ],
  receive: [["notifications", listOf(notification)]],
  autoScheduleUser: [
    ["userId", user],
    ["midnight", orNull(instant)]
  ],
  renewUser: [["userId", user]],
  syncUser: [["userId", user]],
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

type AnyOperation = (...args: ReadonlyArray<unknown>) => Effect.Effect<unknown, unknown>

/** The same operations, each of which looks at its arguments first. */
export const withCheckedArguments = <S extends object>(shape: AllChecked<S>): S => {
  const checked = Object.keys(operations).map((key) => {
    // `Object.keys` tells texts; these are the keys of the table above.
    const operation = key as CheckedOperation
    // Each takes what the table says of it, which is what is looked at here: nothing can be called with anything else.
    const run = shape[operation as keyof typeof shape] as AnyOperation
    const call: AnyOperation = (...args) => {
      const fault = argumentFault(operation, args)
      return fault === null ? run(...args) : Effect.die(fault)
    }
    return [operation, call] as const
  })
  return { ...shape, ...Object.fromEntries(checked) }
}
