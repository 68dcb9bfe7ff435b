/** Demio: the personal link that joins a webinar; whose it is, is part of it. Not here: registration. */
import type { PlatformLinks } from "../address/Route.ts"

export const demio: PlatformLinks = {
  sites: [{ hosts: ["event.demio.com"], routes: [{ path: /\/ref\/[\w-]+/ }] }]
}
