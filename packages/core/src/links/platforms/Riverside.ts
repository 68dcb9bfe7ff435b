/** Riverside: the links that enter a recording studio, for guests too. Told apart by the studio, whichever host. */
import type { PlatformLinks } from "../address/Route.ts"

export const riverside: PlatformLinks = {
  sites: [
    {
      hosts: ["riverside.fm", "riverside.com"],
      routes: [{ path: /\/studio\/([^/]+)/, key: (_address, studio) => studio }]
    }
  ]
}
