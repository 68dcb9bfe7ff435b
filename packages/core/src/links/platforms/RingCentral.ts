/** RingCentral, under its own brand. Not here, and so never a link: /teleconference (telephone numbers). */
import type { PlatformLinks } from "../address/Route.ts"

export const ringcentral: PlatformLinks = {
  sites: [
    {
      hosts: ["v.ringcentral.com", "video.ringcentral.com"],
      routes: [{ path: /\/join\/(\d+)/, key: (_address, number) => number }]
    },
    { hosts: ["meetings.ringcentral.com"], routes: [{ path: /\/j\/\d+/ }] }
  ]
}
