/** Cal Video, the rooms of cal.com. Not here, and so never a link: booking pages. */
import type { PlatformLinks } from "../address/Route.ts"

export const calVideo: PlatformLinks = {
  sites: [{ hosts: ["app.cal.com"], routes: [{ path: /\/video\/[\w-]+/ }] }]
}
