/**
 * Following a published iCalendar feed: what a request for it carries, and how it is refused.
 * Decides shapes and lengths alone; whether an address may be fetched is decided where it is.
 */
import { resolveZone } from "@punctual/core/recurrence"
import { Schema } from "effect"
import { AddressRefused, FeedLimit, FeedUnreachable, InvalidFeed } from "./Problems.ts"

/** Addresses with a secret in them run to some hundred characters. */
const addressLengthMax = 2_048
const nameLengthMax = 255
/** RFC 5321 allows 254. */
const emailLengthMax = 320
/** Addresses that one person is invited under. */
const emailsMax = 20

const Email = Schema.String.check(
  Schema.isPattern(/^[^\s@]+@[^\s@]+$/, { message: "Expected an address of somebody" }),
  Schema.isMaxLength(emailLengthMax)
)

export const FeedRequest = Schema.Struct({
  ics_url: Schema.NonEmptyString.check(Schema.isMaxLength(addressLengthMax)),
  name: Schema.optionalKey(Schema.NonEmptyString.check(Schema.isMaxLength(nameLengthMax))),
  emails: Schema.optionalKey(Schema.Array(Email).check(Schema.isMaxLength(emailsMax))),
  time_zone: Schema.optionalKey(
    Schema.String.check(
      Schema.makeFilter((zone) =>
        resolveZone(zone) === null ? "Expected a time zone such as Europe/Berlin" : undefined
      )
    )
  )
})

export const feedProblems = [InvalidFeed, FeedUnreachable, AddressRefused, FeedLimit] as const
