/** Skype for consumers. */
import type { PlatformLinks } from "../Route.ts"

export const skype: PlatformLinks = {
  sites: [{ hosts: ["join.skype.com"], routes: [{ path: /\/\w+/ }] }]
}
