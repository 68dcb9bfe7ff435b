/** Gather: a space, by its id and name. */
import type { PlatformLinks } from "../Route.ts"

export const gather: PlatformLinks = {
  sites: [{ hosts: ["app.gather.town"], routes: [{ path: /\/app\/[^/]+\/[^/]+/ }] }]
}
