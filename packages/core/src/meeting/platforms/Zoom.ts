/**
 * Zoom: meetings, webinars and personal rooms, on the company's domains and every customer's subdomain.
 *
 * Not here, and so never a link: /u/ and /zoomconference (telephone numbers), /skype/, /rec/ (recordings),
 * /meeting/register/, /webinar/register/, /meeting/<id>/ics, help, download and test pages.
 */
import { hasParameter, parameter } from "../Parameter.ts"
import type { PlatformLinks, Route } from "../Route.ts"

const domains = ["zoom.us", "zoom.com", "zoomgov.com", "zoom.com.cn", "zoom-x.de"]

const number: Pick<Route, "key" | "hasPasscode"> = {
  // A number is the same meeting on every host, vanity names included.
  key: (_address, number) => number,
  hasPasscode: ({ query }) => hasParameter(query, "pwd") || hasParameter(query, "tk")
}

export const zoom: PlatformLinks = {
  typedHosts: domains,
  sites: [
    {
      hosts: domains.flatMap((domain) => [domain, `*.${domain}`]),
      except: ["events.zoom.us"],
      routes: [
        { ...number, path: /\/[jws]\/(\d{9,11})/ },
        { ...number, path: /\/wc\/join\/(\d{9,11})/ },
        { ...number, path: /\/wc\/(\d{9,11})\/(?:join|start)/ },
        {
          ...number,
          path: /\/join/,
          when: ({ query }) => /^\d{9,11}$/.test(parameter(query, "confno") ?? ""),
          key: ({ query }) => parameter(query, "confno") ?? ""
        },
        // A personal room; the name is the customer's, so the host stays in its identity.
        { path: /\/my\/[^/]+/, hasPasscode: ({ query }) => hasParameter(query, "pwd") || hasParameter(query, "tk") }
      ]
    }
  ]
}
