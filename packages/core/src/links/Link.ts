/**
 * Finds the link that joins an event's meeting, and says when two links join the same meeting.
 * It reads the fields that an adapter found in an event and trusts none of them: a link comes back only when its host
 * is one that a platform owns and its path is one that joins. It never throws, logs or asks the network.
 */
import { candidatesOf } from "./Candidates.ts"
import { type Meeting, readCandidate } from "./Canonical.ts"
import type { LinkField } from "./LinkField.ts"
import { type Additions, type LinkSettings, additionsOf, isConfigurable } from "./LinkSettings.ts"
import type { Platform } from "./Platform.ts"

/** A link that joins a meeting: https, on a host that the platform owns, in the form to launch (passcode kept). */
export type MeetingLink = { readonly platform: Platform; readonly url: string }

/**
 * The first link that joins a meeting, in the order in which the fields are trusted; null where there is none. If it
 * carries no passcode and a later link to the same meeting does, that one.
 */
export const findMeetingLink = (fields: Iterable<LinkField>, settings: LinkSettings = none): MeetingLink | null => {
  let first: Meeting | null = null
  for (const meeting of readingsOf(fields, additionsOf(settings))) {
    if (meeting === "hidden") continue
    if (meeting.hasPasscode && (first === null || first.key === meeting.key)) return linkOf(meeting)
    first ??= meeting
  }
  return first === null ? null : linkOf(first)
}

/** Why there is no link: none stands there, or a mail gateway keeps to itself where one of its own leads. */
export type NoLinkReason = "no_meeting_link" | "link_behind_gateway"

/** Why `findMeetingLink` finds none in these fields; null where it does find one. */
export const noLinkReason = (fields: Iterable<LinkField>, settings: LinkSettings = none): NoLinkReason | null => {
  let reason: NoLinkReason = "no_meeting_link"
  for (const reading of readingsOf(fields, additionsOf(settings))) {
    if (reading !== "hidden") return null
    reason = "link_behind_gateway"
  }
  return reason
}

/**
 * What to compare instead of the URL: the platform and the meeting's own identity, without passcode, token or invitee.
 * Null when the URL is none of the platform's links: then nothing but the URL itself identifies it.
 */
export const meetingLinkKey = (link: MeetingLink): string | null => {
  const meeting = readCandidate(link.url, {
    ownerOf: () => (isConfigurable(link.platform) ? link.platform : null),
    gatewaysOf: () => []
  })
  if (meeting === "hidden") return null
  return meeting?.platform === link.platform ? meeting.key : null
}

const none: LinkSettings = {}

/** The meetings that the candidates join, and a word for each that a gateway keeps, in order. */
function* readingsOf(fields: Iterable<LinkField>, added: Additions): Generator<Meeting | "hidden"> {
  for (const field of fields) {
    for (const candidate of candidatesOf(field)) {
      const reading = readCandidate(candidate, added)
      if (reading !== null) yield reading
    }
  }
}

const linkOf = ({ platform, url }: Meeting): MeetingLink => ({ platform, url })
