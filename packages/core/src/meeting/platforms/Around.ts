/** Around: rooms. */
import type { PlatformLinks } from "../Route.ts"

export const around: PlatformLinks = {
  sites: [
    {
      hosts: ["around.co", "meet.around.co"],
      routes: [{ path: /\/r\/([^/]+)/, key: (_address, room) => room }]
    }
  ]
}
