/** Pexip: the public service, and servers that a reader has named. Not here: /teams/… (instructions for room devices). */
import { idParameter } from "../address/Parameter.ts"
import type { PlatformLinks, Route } from "../address/Route.ts"

const routes: readonly Route[] = [{ path: /\/meet\/[^/]+/ }]

/** The web app of a server, in its three generations: the conference in the path, or in a parameter. */
const webApp: readonly Route[] = [
  { path: /\/webapp[23]?\/(?:m|conference)\/[^/]+/ },
  {
    path: /\/webapp2?(?:\/home)?/,
    when: ({ query }) => idParameter(query, "conference") !== null,
    key: ({ host, query }) => `${host}/${idParameter(query, "conference")}`
  }
]

export const pexip: PlatformLinks = { sites: [{ hosts: ["pexip.me"], routes }], configured: [...routes, ...webApp] }
