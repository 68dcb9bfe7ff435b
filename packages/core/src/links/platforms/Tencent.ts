/** Tencent Meeting, abroad VooV: the links that join a meeting, by the code behind `/dm/`, `/s/` or `/p/`. */
import type { PlatformLinks } from "../address/Route.ts"

export const tencent: PlatformLinks = {
  sites: [{ hosts: ["meeting.tencent.com", "voovmeeting.com"], routes: [{ path: /\/(?:dm|s|p)\/[^/]+/ }] }]
}
