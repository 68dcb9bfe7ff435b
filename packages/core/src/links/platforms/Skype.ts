/** Skype for consumers: the short links that join a call. Skype for Business is another platform. */
import type { PlatformLinks } from "../address/Route.ts"

export const skype: PlatformLinks = {
  sites: [{ hosts: ["join.skype.com"], routes: [{ path: /\/\w+/ }] }]
}
