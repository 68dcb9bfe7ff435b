/**
 * BlueJeans: numbered meetings, whose passcode is the second number of the path, and Primetime events.
 *
 * Not here, and so never a link: /111 (test call), /numbers, registration, playback, support, downloads.
 */
import type { PlatformLinks } from "../address/Route.ts"

export const bluejeans: PlatformLinks = {
  typedHosts: ["bluejeans.com"],
  sites: [
    { hosts: ["primetime.bluejeans.com"], routes: [{ path: /\/a2m\/live-event\/[\w-]+/ }] },
    {
      hosts: ["bluejeans.com", "*.bluejeans.com"],
      except: ["support.bluejeans.com", "swdl.bluejeans.com"],
      routes: [
        {
          path: /\/(\d{6,})(?:\/(\d{3,}))?(?:\/(?:browser|webrtc))?/,
          key: (_address, number) => number,
          hasPasscode: (_address, _number, passcode) => passcode !== ""
        }
      ]
    }
  ]
}
