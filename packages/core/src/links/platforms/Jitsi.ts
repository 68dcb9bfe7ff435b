/** Jitsi Meet: the public server, and servers that a reader has named. Not here, and so never a link: /static/…. */
import type { PlatformLinks, Route } from "../address/Route.ts"

/** A room, or a tenant and its room. */
const routes: readonly Route[] = [
  { path: /\/([^/]+)(?:\/[^/]+)?/, when: (_address, first) => first.toLowerCase() !== "static" }
]

export const jitsi: PlatformLinks = {
  typedHosts: ["meet.jit.si"],
  sites: [{ hosts: ["meet.jit.si"], routes }],
  configured: routes
}
