/** 8x8, which is Jitsi as a service: the links that join a tenant's room. A tenant alone is no meeting. */
import type { PlatformLinks } from "../address/Route.ts"

export const eightByEight: PlatformLinks = {
  typedHosts: ["8x8.vc"],
  sites: [{ hosts: ["8x8.vc"], routes: [{ path: /\/[^/]+\/[^/]+/ }] }]
}
