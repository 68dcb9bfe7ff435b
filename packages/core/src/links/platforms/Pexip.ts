/** Pexip: the public service, and servers that a reader has named. Not here: /teams/… (instructions for room devices). */
import type { PlatformLinks, Route } from "../address/Route.ts"

const routes: readonly Route[] = [{ path: /\/meet\/[^/]+/ }]

export const pexip: PlatformLinks = { sites: [{ hosts: ["pexip.me"], routes }], selfHosted: routes }
