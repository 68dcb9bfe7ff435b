/** Livestorm: the room of an event. Not here, and so never a link: /form and other registration pages. */
import type { PlatformLinks } from "../address/Route.ts"

export const livestorm: PlatformLinks = {
  sites: [
    {
      hosts: ["app.livestorm.co", "app.livestorm.com"],
      routes: [
        {
          path: /\/p\/([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})(?:\/live)?/i,
          key: (_address, event) => event.toLowerCase()
        }
      ]
    }
  ]
}
