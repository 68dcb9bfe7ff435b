/** FaceTime: all of it is in the fragment; `p` names the call and `k` opens it. */
import { idParameter } from "../address/Parameter.ts"
import { type PlatformLinks, wholeUrlWithFragment } from "../address/Route.ts"

export const facetime: PlatformLinks = {
  sites: [
    {
      hosts: ["facetime.apple.com"],
      routes: [
        {
          path: /\/join/,
          when: ({ fragment }) => idParameter(fragment, "p") !== null,
          key: ({ fragment }) => idParameter(fragment, "p") ?? "",
          url: wholeUrlWithFragment
        }
      ]
    }
  ]
}
