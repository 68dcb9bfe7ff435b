/** Dialpad Meetings: the links that join a personal room, or a company's, which stands behind `/room/`. */
import type { PlatformLinks } from "../address/Route.ts"

export const dialpad: PlatformLinks = {
  sites: [
    {
      hosts: ["meetings.dialpad.com"],
      routes: [{ path: /\/([\w.-]+)/, when: (_address, name) => name !== "room" }, { path: /\/room\/[\w.-]+\/[\w.-]+/ }]
    }
  ]
}
