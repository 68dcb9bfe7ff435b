/**
 * What the operations that list bots, and follow the log and the mirror, may be called with, as `CheckedArguments.ts` has it of the others.
 * Decides which arguments each takes.
 */
import { changeTypes } from "./domain/LoggedChange.ts"
import {
  type ArgumentCheck,
  calendar,
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
  text,
  user,
  whole,
  workspace
} from "./ArgumentChecks.ts"
import { type BotsRequest, botsWanted } from "./usecases/contract/Contract.ts"
import type { AllLogRequest, LogPlace, TimelineRequest, UpdatesRequest } from "./usecases/contract/FollowContract.ts"

const types = orNull(listOf(oneOf(...changeTypes)))
const logged = { types, limit: whole(1), waitMillis: whole(0) }

const since = objectOf({ at: instant })
/** A time, or a place as a page gave it. */
const sinceOr =
  (place: ArgumentCheck): ArgumentCheck =>
  (value, member) =>
    isObject(value) && "at" in value ? since(value, member) : place(value, member)

const following = objectOf<UpdatesRequest>({
  calendarId: (value, member) => (value === null ? null : calendar(value, member)),
  from: sinceOr(
    objectOf({
      mirrorNumber: whole(0),
      id: text,
      connections: listOf(objectOf({ id: text, generation: whole(0) }))
    })
  ),
  limit: whole(1)
})

export const listing = objectOf<BotsRequest>({
  limit: whole(1),
  place: orNull(place),
  backwards: flag,
  status: orMissing(oneOf(...botsWanted))
})

export const logArguments = {
  readChanges: [
    ["userId", user],
    [
      "request",
      objectOf({ ...logged, after: orNull(sinceOr(objectOf<LogPlace<number>>({ place: whole(0), since: instant }))) })
    ]
  ],
  readAllChanges: [
    [
      "request",
      objectOf<AllLogRequest>({
        ...logged,
        after: orNull(objectOf<LogPlace<string>>({ place: text, since: instant })),
        workspaceId: orNull(workspace)
      })
    ]
  ],
  timeline: [
    ["userId", user],
    [
      "of",
      must(
        "an object with the eventId or the botId",
        (of) => isObject(of) && (isText(of["eventId"]) || isText(of["botId"]))
      )
    ],
    ["request", objectOf<TimelineRequest>({ limit: whole(1), before: orNull(whole(0)) })]
  ],
  updatedEvents: [
    ["userId", user],
    ["request", following],
    ["sync", oneOf("force", "auto", "never")]
  ]
} as const
