/**
 * Skype for Business: Microsoft's own hosts, and on-premises ones that a reader has named.
 * Not here, and so never a link: dialin.lync.com (telephone numbers).
 */
import type { PlatformLinks } from "../address/Route.ts"

export const skypeForBusiness: PlatformLinks = {
  sites: [{ hosts: ["meet.lync.com"], routes: [{ path: /\/[^/]+\/[^/]+\/[^/]+/ }] }],
  // Without a tenant where the server holds only one.
  selfHosted: [{ path: /\/[^/]+\/[^/]+(?:\/[^/]+)?/ }]
}
