/**
 * Whereby, once appear.in: a room is a single word after the host. A host key (`roomKey`) stays in the link.
 */
import type { PlatformLinks } from "../address/Route.ts"

/** Words that are pages of the site, not rooms. */
const pages = new Set(
  (
    "information user org blog login signup pricing sitemap about help terms privacy contact features customers " +
    "embedded embed api products integrations security careers status download app developers support"
  ).split(" ")
)

/** Subdomains that belong to the company, not to a customer. */
const departments = "docs support help api blog status cdn assets dev community embedded account accounts".split(" ")

export const whereby: PlatformLinks = {
  typedHosts: ["whereby.com"],
  sites: [
    {
      hosts: ["whereby.com", "*.whereby.com", "appear.in"],
      except: departments.map((name) => `${name}.whereby.com`),
      routes: [
        {
          path: /\/([^/]+)/,
          when: (_address, word) => !pages.has(word.toLowerCase())
        }
      ]
    }
  ]
}
