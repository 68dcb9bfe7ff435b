/** Around: the links that join a room. Rooms of the two hosts are the same, and told apart by name. */
import type { PlatformLinks } from "../address/Route.ts"

export const around: PlatformLinks = {
  sites: [
    {
      hosts: ["around.co", "meet.around.co"],
      routes: [{ path: /\/r\/([^/]+)/, key: (_address, room) => room }]
    }
  ]
}
