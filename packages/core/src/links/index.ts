/**
 * Meeting links: which address in a calendar event joins its meeting. Pure, and free of the Effect runtime.
 */
export { looksLikeHtml } from "./Html.ts"
export { type MeetingLink, type NoLinkReason, findMeetingLink, meetingLinkKey, noLinkReason } from "./Link.ts"
export type { LinkField } from "./LinkField.ts"
export type { ConfigurablePlatform, GatewaySetting, LinkSettings } from "./LinkSettings.ts"
export { type Platform, isPlatform, platformNames } from "./Platform.ts"
