/** FaceTime: all of it is in the fragment; `p` names the call and `k` opens it. */
import { hasParameter, parameter } from "../Parameter.ts"
import { type PlatformLinks, wholeUrlWithFragment } from "../Route.ts"

export const facetime: PlatformLinks = {
  sites: [
    {
      hosts: ["facetime.apple.com"],
      routes: [
        {
          path: /\/join/,
          when: ({ fragment }) => hasParameter(fragment, "p"),
          key: ({ fragment }) => parameter(fragment, "p") ?? "",
          url: wholeUrlWithFragment
        }
      ]
    }
  ]
}
