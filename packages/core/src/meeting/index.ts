/**
 * Meeting links: which address in a calendar event joins its meeting. Pure, and free of the Effect runtime.
 */
export { findMeetingLink, type LinkSettings, type MeetingLink, meetingLinkKey } from "./Link.ts"
export { isPlatform, type Platform, platformNames } from "./Platform.ts"
