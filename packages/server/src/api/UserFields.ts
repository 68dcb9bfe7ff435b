/**
 * Members of users that a host of the server knows them by, and what erasing one answers.
 * Decides their limits.
 */
import { Schema } from "effect"

const externalIdLengthMax = 256

export const ExternalIdField = Schema.String.check(
  Schema.isPattern(new RegExp(`^[^\\p{Cc}]{1,${externalIdLengthMax}}$`, "u"), {
    message: `Expected 1 to ${externalIdLengthMax} characters, none of them a control character`
  })
).annotate({
  description: "Your own name for the user, such as its id in your database. One user of a workspace has it at most",
  examples: ["crm-4711"]
})

export const UserErasedAnswer = Schema.Struct({
  user_id: Schema.String,
  erased: Schema.Literal(true),
  events_deleted: Schema.Int,
  schedules_cancelled: Schema.Int,
  /** False: Microsoft did not confirm it. The subscription lapses, and its notifications are ignored. */
  subscription_stopped: Schema.Boolean
}).annotate({ identifier: "UserErasedAnswer" })
