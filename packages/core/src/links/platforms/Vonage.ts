/** Vonage Meetings: the links that join a meeting by its nine-digit number. */
import type { PlatformLinks } from "../address/Route.ts"

export const vonage: PlatformLinks = {
  sites: [{ hosts: ["meetings.vonage.com"], routes: [{ path: /\/\d{9}/ }] }]
}
