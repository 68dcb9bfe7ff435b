/**
 * Members of users that a host of the server knows them by, and what erasing one answers.
 * Decides their limits.
 */
import { Schema } from "effect"
import { userIdLengthMax } from "@punctual/core"

const externalIdLengthMax = 256

export const ExternalIdField = Schema.String.check(
  Schema.isPattern(new RegExp(`^[^\\p{Cc}]{1,${externalIdLengthMax}}$`, "u"), {
    message: `Expected 1 to ${externalIdLengthMax} characters, none of them a control character`
  })
).annotate({
  description: "Your own name for the user, such as its id in your database. One user of a workspace has it at most",
  examples: ["crm-4711"]
})

/** As `WorkspaceId` of the core has it, written out for the contract that is published. */
export const WorkspaceIdField = Schema.String.check(
  Schema.isPattern(new RegExp(`^[A-Za-z0-9._~@|:+=-]{1,${userIdLengthMax}}$`), {
    message: `Expected 1 to ${userIdLengthMax} characters of A-Z a-z 0-9 . _ ~ @ | : + = -`
  })
).annotate({ description: "The id of the user's workspace", examples: ["wsp_contoso"] })

export const UserErasedAnswer = Schema.Struct({
  user_id: Schema.String,
  erased: Schema.Literal(true),
  events_deleted: Schema.Int,
  schedules_cancelled: Schema.Int,
  /** False: a provider did not confirm it. The subscription lapses, and its notifications are ignored. */
  subscription_stopped: Schema.Boolean
}).annotate({ identifier: "UserErasedAnswer" })
