/** Tencent Meeting, abroad VooV. */
import type { PlatformLinks } from "../Route.ts"

export const tencent: PlatformLinks = {
  sites: [{ hosts: ["meeting.tencent.com", "voovmeeting.com"], routes: [{ path: /\/(?:dm|s|p)\/[^/]+/ }] }]
}
