/**
 * Which meeting platforms are known, and what people call them.
 * It decides no link: `platforms/` says which addresses each platform owns.
 */

/** A meeting platform's identifier: stable, lower case, safe to store. */
export type Platform = keyof typeof platformNames

/** The name to show for each platform, as the HTTP contract spells it in `meeting_platform`. */
export const platformNames = {
  teams: "Teams",
  zoom: "Zoom",
  "google-meet": "Google Meet",
  webex: "Webex",
  gotomeeting: "GoToMeeting",
  bluejeans: "BlueJeans",
  whereby: "Whereby",
  chime: "Amazon Chime",
  jitsi: "Jitsi Meet",
  "8x8": "8x8",
  slack: "Slack",
  discord: "Discord",
  ringcentral: "RingCentral",
  lark: "Lark",
  livestorm: "Livestorm",
  around: "Around",
  streamyard: "StreamYard",
  demio: "Demio",
  zoho: "Zoho Meeting",
  "skype-for-business": "Skype for Business",
  skype: "Skype",
  vonage: "Vonage Meetings",
  pexip: "Pexip",
  gotowebinar: "GoToWebinar",
  facetime: "FaceTime",
  dialpad: "Dialpad",
  riverside: "Riverside",
  gather: "Gather",
  "cal-video": "Cal Video",
  "proton-meet": "Proton Meet",
  tencent: "Tencent Meeting"
} as const

/** Whether a text, say from a database row, names a known platform. */
export const isPlatform = (text: string): text is Platform => Object.hasOwn(platformNames, text)
