/**
 * GoTo Meeting: numbered meetings and personal rooms, under the old and the new brand.
 *
 * Not here, and so never a link: /install…, support, transcripts, the system check, marketing. GoToWebinar stands alone.
 */
import type { PlatformLinks, Route } from "../address/Route.ts"

const pages = new Set("install join login signin about pricing help terms privacy download app api status".split(" "))

/** A number, a room, or a company and its room. */
const room: Route = {
  path: /\/([\w-]+)(?:\/[\w-]+)?/,
  when: (_address, first) => !pages.has(first.toLowerCase())
}

export const gotomeeting: PlatformLinks = {
  typedHosts: ["gotomeeting.com", "meet.goto.com", "app.goto.com", "gotomeet.me"],
  sites: [
    { hosts: ["gotomeeting.com", "*.gotomeeting.com"], routes: [{ path: /\/join\/\d{9,10}/ }] },
    { hosts: ["meet.goto.com"], routes: [room] },
    { hosts: ["app.goto.com"], routes: [{ path: /\/meeting\/\d{9,10}/ }] },
    { hosts: ["gotomeet.me", "www.gotomeet.me"], routes: [room] }
  ]
}
