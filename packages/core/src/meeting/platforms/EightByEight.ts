/** 8x8 Jitsi as a service: a tenant and its room. */
import type { PlatformLinks } from "../Route.ts"

export const eightByEight: PlatformLinks = {
  typedHosts: ["8x8.vc"],
  sites: [{ hosts: ["8x8.vc"], routes: [{ path: /\/[^/]+\/[^/]+/ }] }]
}
