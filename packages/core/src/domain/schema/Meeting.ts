/**
 * Schema of a meeting link as it was found and stored.
 * Decides that its platform is one that is known; whether the address joins was decided when it was found.
 */
import { Schema } from "effect"
import { type MeetingLink as MeetingLinkType, type Platform, platformNames } from "../../links/index.ts"
import { describing } from "./Describing.ts"

// `Object.keys` forgets which keys a record has; this one's are the platforms.
const platforms = Object.keys(platformNames) as ReadonlyArray<Platform>

export const MeetingLink = describing<MeetingLinkType>()(
  Schema.Struct({ platform: Schema.Literals(platforms), url: Schema.String })
)
