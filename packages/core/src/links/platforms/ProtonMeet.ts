/** Proton Meet: the key that decrypts the call is in the fragment, so a link without one opens nothing. */
import { type PlatformLinks, wholeUrlWithFragment } from "../address/Route.ts"

export const protonMeet: PlatformLinks = {
  sites: [
    {
      hosts: ["meet.proton.me"],
      routes: [
        {
          path: /\/join\/([^/]+)/,
          when: ({ fragment }) => fragment !== "",
          key: (_address, id) => id,
          url: wholeUrlWithFragment
        }
      ]
    }
  ]
}
