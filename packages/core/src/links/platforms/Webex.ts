/**
 * Webex: personal rooms and scheduled meetings, always on the customer's subdomain.
 *
 * Not here, and so never a link: globalcallin.php (telephone numbers, though it carries an MTID too), ldr.php, lsr.php and
 * other recordings, meeting/home, dashboards, registration, a site's root.
 */
import { idParameter } from "../address/Parameter.ts"
import type { PlatformLinks } from "../address/Route.ts"

export const webex: PlatformLinks = {
  typedHosts: ["webex.com"],
  sites: [
    {
      hosts: ["*.webex.com"],
      except: ["www.webex.com", "help.webex.com", "signin.webex.com"],
      routes: [
        { path: /\/(?:meet|join)\/[^/]+/ },
        { path: /\/m\/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i },
        {
          path: /\/[\w.-]+\/(?:k2\/|onstage\/)?[jgme]\.php/,
          when: ({ query }) => meetingId(query) !== null,
          key: ({ host, query }) => `${host}/${meetingId(query)}`
        },
        { path: /\/webappng\/sites\/[^/]+\/meeting\/(?:info|download|join)\/[^/]+/ },
        { path: /\/wbxmjs\/joinservice\/sites\/[^/]+\/meeting\/(?:info|download|join)\/[^/]+/ }
      ]
    }
  ]
}

/** Links of the old style have `ED` in place of `MTID`. */
const meetingId = (query: string): string | null => {
  const event = idParameter(query, "ED")
  return idParameter(query, "MTID") ?? (event === null ? null : `ED/${event}`)
}
