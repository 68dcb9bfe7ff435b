/** Demio: the personal link of a webinar. */
import type { PlatformLinks } from "../Route.ts"

export const demio: PlatformLinks = {
  sites: [{ hosts: ["event.demio.com"], routes: [{ path: /\/ref\/[\w-]+/ }] }]
}
