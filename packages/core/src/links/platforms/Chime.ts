/** Amazon Chime. Not here, and so never a link: /dialinnumbers/. */
import type { PlatformLinks } from "../address/Route.ts"

export const chime: PlatformLinks = {
  typedHosts: ["chime.aws"],
  sites: [
    { hosts: ["chime.aws"], routes: [{ path: /\/(\d{10,})/, key: (_address, number) => number }] },
    { hosts: ["app.chime.aws"], routes: [{ path: /\/meetings\/(\w+)/, key: (_address, number) => number }] }
  ]
}
