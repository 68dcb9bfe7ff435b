/**
 * Google Meet. Links are rebuilt from the code alone: the query names the sender's account (`authuser`), and code letters
 * have no case. `/linkredirect` is a redirector and stands with the wrappers.
 *
 * Not here, and so never a link: /, /new, /landing, /getalink, /tel/…, tel.meet, hangouts.google.com.
 */
import type { PlatformLinks } from "../address/Route.ts"

export const googleMeet: PlatformLinks = {
  typedHosts: ["meet.google.com"],
  sites: [
    {
      hosts: ["meet.google.com"],
      routes: [
        {
          path: /\/(?:_meet\/)?([a-z]{3}-[a-z]{4}-[a-z]{3})/i,
          key: (_address, code) => code.toLowerCase(),
          url: (_address, code) => `https://meet.google.com/${code.toLowerCase()}`
        },
        // A name in place of a code: Classroom and nicknames within an organisation.
        {
          path: /\/lookup\/([\w-]+)/,
          key: (_address, id) => `lookup/${id}`,
          url: (_address, id) => `https://meet.google.com/lookup/${id}`
        }
      ]
    },
    {
      hosts: ["stream.meet.google.com"],
      routes: [
        {
          path: /\/stream\/([\w-]+)/,
          key: (_address, id) => `stream/${id}`,
          url: (_address, id) => `https://stream.meet.google.com/stream/${id}`
        }
      ]
    }
  ]
}
