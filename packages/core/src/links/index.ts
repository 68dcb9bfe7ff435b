/**
 * Meeting links: which address in a calendar event joins its meeting. Pure, and free of the Effect runtime.
 */
export { looksLikeHtml } from "./Html.ts"
export { type LinkSettings, type MeetingLink, findMeetingLink, meetingLinkKey } from "./Link.ts"
export type { LinkField } from "./LinkField.ts"
export { type Platform, isPlatform, platformNames } from "./Platform.ts"
