/** Gather: the links that enter a space, by its id and its name. */
import type { PlatformLinks } from "../address/Route.ts"

export const gather: PlatformLinks = {
  sites: [{ hosts: ["app.gather.town"], routes: [{ path: /\/app\/[^/]+\/[^/]+/ }] }]
}
