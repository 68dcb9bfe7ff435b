/** GoTo Webinar: the personal link of a registered guest; the first number is the webinar. Not here: registration. */
import type { PlatformLinks } from "../address/Route.ts"

export const gotowebinar: PlatformLinks = {
  sites: [
    {
      hosts: ["global.gotowebinar.com"],
      routes: [{ path: /\/join\/(\d+)\/\d+/, key: (_address, webinar) => webinar }]
    }
  ]
}
