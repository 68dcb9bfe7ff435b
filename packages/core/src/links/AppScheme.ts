/**
 * Addresses that open an installed app, turned into the https links they stand for. App addresses themselves are never
 * handed out: whether to open an app is the caller's decision.
 */
import { onlyParameters, parameter } from "./address/Parameter.ts"
import type { Platform } from "./Platform.ts"

/** Where candidates may begin, besides "http://" and "https://". */
export const startsLikeApp = (text: string): boolean => /^(?:zoommtg:\/\/|msteams:\/)/i.test(text)

/** The same meeting over https, and the only platform it may turn out to be; null for anything else. */
export const fromAppAddress = (text: string): { readonly url: string; readonly platform: Platform } | null =>
  fromZoom(text) ?? fromTeams(text)

/** `zoommtg://zoom.us/join?action=join&confno=81234567890&pwd=…` */
const fromZoom = (text: string): { readonly url: string; readonly platform: Platform } | null => {
  const match = /^zoommtg:\/\/([^/?#\\]+)\/join\/?\?([^#]*)/i.exec(text)
  if (match === null) return null
  const [, host = "", query = ""] = match
  const number = parameter(query, "confno") ?? ""
  return { platform: "zoom", url: `https://${host}/j/${number}${onlyParameters(query, ["pwd", "tk"])}` }
}

/** `msteams:/l/meetup-join/…` and `msteams://teams.live.com/meet/…`; without a host, the commercial cloud's. */
const fromTeams = (text: string): { readonly url: string; readonly platform: Platform } | null => {
  const match = /^msteams:(?:\/\/([^/?#\\]+))?(\/.*)$/is.exec(text)
  if (match === null) return null
  const [, host = "teams.microsoft.com", path = ""] = match
  return { platform: "teams", url: `https://${host}${path}` }
}
