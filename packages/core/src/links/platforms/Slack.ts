/** Slack huddles: a workspace (T…) and its channel. Not here, and so never a link: messages and channels. */
import type { PlatformLinks } from "../address/Route.ts"

export const slack: PlatformLinks = {
  sites: [{ hosts: ["app.slack.com"], routes: [{ path: /\/huddle\/T[A-Z0-9]+\/[A-Z0-9]+/ }] }]
}
