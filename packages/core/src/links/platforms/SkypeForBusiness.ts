/**
 * Skype for Business: Microsoft's own hosts, and on-premises ones that a reader has named.
 * Not here, and so never a link: dialin.lync.com (telephone numbers).
 */
import type { PlatformLinks } from "../address/Route.ts"

export const skypeForBusiness: PlatformLinks = {
  sites: [{ hosts: ["meet.lync.com"], routes: [{ path: /\/[^/]+\/[^/]+\/[^/]+/ }] }],
  // /<user>/<id>, with "meet" before it or not, and before that the SIP domain where the server holds several.
  configured: [{ path: /\/[^/]+\/[^/]+(?:\/[^/]+)?/ }, { path: /\/[^/]+\/meet\/[^/]+\/[^/]+/ }]
}
