/** Vonage Meetings. */
import type { PlatformLinks } from "../Route.ts"

export const vonage: PlatformLinks = {
  sites: [{ hosts: ["meetings.vonage.com"], routes: [{ path: /\/\d{9}/ }] }]
}
