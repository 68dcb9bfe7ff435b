/**
 * Finds the link that joins an event's meeting, and says when two links join the same meeting.
 * It reads an event as Microsoft Graph sends it and trusts none of it: a link comes back only when its host
 * is one that a platform owns and its path is one that joins. It never throws, logs or asks the network.
 */
import type { Platform } from "./Platform.ts"

/** A link that joins a meeting: https, on a host that the platform owns, in the form to launch (passcode kept). */
export type MeetingLink = { readonly platform: Platform; readonly url: string }

/** Hosts of the reader's own that run a platform's server software, as exact host names. */
export type LinkSettings = {
  readonly selfHosted?: { readonly [P in SelfHostedPlatform]?: readonly string[] }
}

/** The platforms whose server software people run on hosts of their own. */
export type SelfHostedPlatform = "jitsi" | "pexip" | "skype-for-business"

/** The first link of an event, in the order of its fields, that joins a meeting; null where there is none. */
export const findMeetingLink = (_event: unknown, _settings: LinkSettings = {}): MeetingLink | null => null

/**
 * What to compare instead of the URL: the platform and the meeting's own identity, without passcode, token or
 * invitee. Null when the URL is not one of the platform's links: then nothing but the URL itself identifies it.
 */
export const meetingLinkKey = (_link: MeetingLink): string | null => null
