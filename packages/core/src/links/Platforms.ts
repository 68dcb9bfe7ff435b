/**
 * Every platform's table, and which of them own a host. The record is complete by type: a name added to `Platform.ts`
 * does not compile before its table is here.
 */
import { hostIndex } from "./address/Hosts.ts"
import type { Platform } from "./Platform.ts"
import { around } from "./platforms/Around.ts"
import { bluejeans } from "./platforms/BlueJeans.ts"
import { calVideo } from "./platforms/CalVideo.ts"
import { chime } from "./platforms/Chime.ts"
import { demio } from "./platforms/Demio.ts"
import { dialpad } from "./platforms/Dialpad.ts"
import { discord } from "./platforms/Discord.ts"
import { eightByEight } from "./platforms/EightByEight.ts"
import { facetime } from "./platforms/FaceTime.ts"
import { gather } from "./platforms/Gather.ts"
import { googleMeet } from "./platforms/GoogleMeet.ts"
import { gotomeeting } from "./platforms/GoToMeeting.ts"
import { gotowebinar } from "./platforms/GoToWebinar.ts"
import { jitsi } from "./platforms/Jitsi.ts"
import { lark } from "./platforms/Lark.ts"
import { livestorm } from "./platforms/Livestorm.ts"
import { pexip } from "./platforms/Pexip.ts"
import { protonMeet } from "./platforms/ProtonMeet.ts"
import { ringcentral } from "./platforms/RingCentral.ts"
import { riverside } from "./platforms/Riverside.ts"
import { skype } from "./platforms/Skype.ts"
import { skypeForBusiness } from "./platforms/SkypeForBusiness.ts"
import { slack } from "./platforms/Slack.ts"
import { streamyard } from "./platforms/StreamYard.ts"
import { teams } from "./platforms/Teams.ts"
import { tencent } from "./platforms/Tencent.ts"
import { vonage } from "./platforms/Vonage.ts"
import { webex } from "./platforms/Webex.ts"
import { whereby } from "./platforms/Whereby.ts"
import { zoho } from "./platforms/Zoho.ts"
import { zoom } from "./platforms/Zoom.ts"
import type { PlatformLinks, Route } from "./address/Route.ts"

export const platforms: { readonly [P in Platform]: PlatformLinks } = {
  teams,
  zoom,
  "google-meet": googleMeet,
  webex,
  gotomeeting,
  bluejeans,
  whereby,
  chime,
  jitsi,
  "8x8": eightByEight,
  slack,
  discord,
  ringcentral,
  lark,
  livestorm,
  around,
  streamyard,
  demio,
  zoho,
  "skype-for-business": skypeForBusiness,
  skype,
  vonage,
  pexip,
  gotowebinar,
  facetime,
  dialpad,
  riverside,
  gather,
  "cal-video": calVideo,
  "proton-meet": protonMeet,
  tencent
}

/** The routes that a platform offers on a host. */
export interface OwnedRoutes {
  readonly platform: Platform
  readonly routes: readonly Route[]
}

/** The platforms that own a host, with what they offer on it; usually none, never more than one platform. */
export const routesOf: (host: string) => readonly OwnedRoutes[] = hostIndex(
  // `Object.keys` of this record are exactly its platforms: it is a literal, frozen by type.
  (Object.keys(platforms) as Platform[]).flatMap((platform) =>
    platforms[platform].sites.map((site) => ({
      hosts: site.hosts,
      except: site.except ?? [],
      value: { platform, routes: site.routes }
    }))
  )
)

/** Whether a host (lower case) is recognised without "https://", see `PlatformLinks.typedHosts`. */
export const isTypedHost = (host: string): boolean => typedHostsOf(host).length > 0

const typedHostsOf = hostIndex(
  Object.values(platforms)
    .flatMap((links) => links.typedHosts ?? [])
    .map((host) => ({ hosts: [host, `*.${host}`], value: host }))
)
