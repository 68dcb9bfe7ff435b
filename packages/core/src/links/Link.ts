/**
 * Finds the link that joins an event's meeting, and says when two links join the same meeting.
 * It reads the fields that an adapter found in an event and trusts none of them: a link comes back only when its host
 * is one that a platform owns and its path is one that joins. It never throws, logs or asks the network.
 */
import { candidatesOf } from "./Candidates.ts"
import { type HostOwner, type Meeting, type SelfHostedPlatform, readCandidate } from "./Canonical.ts"
import type { LinkField } from "./LinkField.ts"
import type { Platform } from "./Platform.ts"

/** A link that joins a meeting: https, on a host that the platform owns, in the form to launch (passcode kept). */
export type MeetingLink = { readonly platform: Platform; readonly url: string }

/** What a host application knows that no table can. */
export interface LinkSettings {
  /** Hosts of one's own that run a platform's server software: exact names, no ports, no wildcards. */
  readonly selfHosted?: { readonly [P in SelfHostedPlatform]?: readonly string[] }
}

/**
 * The first link that joins a meeting, in the order in which the fields are trusted; null where there is none. If it
 * carries no passcode and a later link to the same meeting does, that one.
 */
export const findMeetingLink = (fields: Iterable<LinkField>, settings: LinkSettings = {}): MeetingLink | null => {
  let first: Meeting | null = null
  for (const meeting of meetingsIn(fields, hostOwner(settings))) {
    if (meeting.hasPasscode && (first === null || first.key === meeting.key)) return linkOf(meeting)
    first ??= meeting
  }
  return first === null ? null : linkOf(first)
}

/**
 * What to compare instead of the URL: the platform and the meeting's own identity, without passcode, token or invitee.
 * Null when the URL is none of the platform's links: then nothing but the URL itself identifies it.
 */
export const meetingLinkKey = (link: MeetingLink): string | null => {
  const meeting = readCandidate(link.url, () => (isSelfHosted(link.platform) ? link.platform : null))
  return meeting?.platform === link.platform ? meeting.key : null
}

function* meetingsIn(fields: Iterable<LinkField>, ownerOf: HostOwner): Generator<Meeting> {
  for (const field of fields) {
    for (const candidate of candidatesOf(field)) {
      const meeting = readCandidate(candidate, ownerOf)
      if (meeting !== null) yield meeting
    }
  }
}

const linkOf = ({ platform, url }: Meeting): MeetingLink => ({ platform, url })

const selfHostedPlatforms: readonly SelfHostedPlatform[] = ["jitsi", "pexip", "skype-for-business"]

const isSelfHosted = (platform: Platform): platform is SelfHostedPlatform =>
  selfHostedPlatforms.some((each) => each === platform)

const hostOwner =
  ({ selfHosted }: LinkSettings): HostOwner =>
  (host) =>
    selfHostedPlatforms.find((platform) => selfHosted?.[platform]?.some((name) => name.toLowerCase() === host)) ?? null
