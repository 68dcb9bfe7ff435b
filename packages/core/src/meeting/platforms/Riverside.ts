/** Riverside: recording studios. */
import type { PlatformLinks } from "../Route.ts"

export const riverside: PlatformLinks = {
  sites: [
    {
      hosts: ["riverside.fm", "riverside.com"],
      routes: [{ path: /\/studio\/([^/]+)/, key: (_address, studio) => studio }]
    }
  ]
}
