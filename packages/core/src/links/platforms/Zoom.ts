/**
 * Zoom: meetings, webinars and personal rooms, on the company's domains and every customer's subdomain.
 *
 * Not here, and so never a link: /u/ and /zoomconference (telephone numbers), /skype/, /rec/ (recordings),
 * /meeting/register/, /webinar/register/, /meeting/<id>/ics, help, download and test pages.
 */
import { hasParameter, parameter } from "../address/Parameter.ts"
import { type PlatformLinks, type Route, wholeUrl } from "../address/Route.ts"

const domains = ["zoom.us", "zoom.com", "zoomgov.com", "zoom.com.cn", "zoom-x.de"]

const anyMeeting: Pick<Route, "hasPasscode" | "url"> = {
  hasPasscode: ({ query }) => hasParameter(query, "pwd") || hasParameter(query, "tk"),
  // No passcode has ";" or "," in it: `pwd=abc.1;Passcode=123456` is a sentence that lost its spaces.
  url: (address) => wholeUrl({ ...address, query: address.query.replace(/(^|&)(pwd=[^&;,]*)[;,][^&]*/, "$1$2") })
}

/** A number is the same meeting on every host, vanity names included. */
const numbered: Pick<Route, "key" | "hasPasscode" | "url"> = { ...anyMeeting, key: (_address, number) => number }

export const zoom: PlatformLinks = {
  typedHosts: domains,
  sites: [
    {
      hosts: domains.flatMap((domain) => [domain, `*.${domain}`]),
      except: ["events.zoom.us"],
      routes: [
        { ...numbered, path: /\/[jws]\/(\d{9,11})/ },
        { ...numbered, path: /\/wc\/join\/(\d{9,11})/ },
        { ...numbered, path: /\/wc\/(\d{9,11})\/(?:join|start)/ },
        {
          ...anyMeeting,
          path: /\/join/,
          when: ({ query }) => /^\d{9,11}$/.test(parameter(query, "confno") ?? ""),
          key: ({ query }) => parameter(query, "confno") ?? ""
        },
        // A personal room. Its name is the customer's, so its identity keeps the host.
        { ...anyMeeting, path: /\/my\/[^/]+/ }
      ]
    }
  ]
}
