/**
 * What a mail gateway's or redirector's link leads to. Only those whose links spell their target are here; shorteners,
 * click trackers and gateways with opaque tokens (Mimecast, EdgePilot) are unknown hosts like any other. The target is
 * read as text and judged from the start by whoever asked: being wrapped lends no trust.
 */
import { hostIndex } from "./address/Hosts.ts"
import { decodeBase64, decodeOnce, parameter } from "./address/Parameter.ts"
import { proofpointV2, proofpointV3, repairSlashes } from "./Proofpoint.ts"
import { matchPath } from "./address/Route.ts"
import type { Address } from "./address/Safety.ts"

/** The address inside a wrapper; "unreadable" for a wrapper that holds none, null for what is no wrapper. */
export const unwrap = (address: Address): { readonly target: string } | "unreadable" | null => {
  const wrapper = wrappersOf(address.host).find(({ path }) => path === undefined || matchPath(path, address.path))
  if (wrapper === undefined) return null
  const target = wrapper.target(address)
  return target !== null && plainAddress.test(target) ? { target } : "unreadable"
}

/** Whether links to this host may be wrappers. */
export const isWrapperHost = (host: string): boolean => wrappersOf(host).length > 0

interface Wrapper {
  /** As in `Site.hosts`. */
  readonly hosts: readonly string[]
  /** As in `Route.path`; left out for a host that does nothing else. */
  readonly path?: RegExp
  readonly target: (address: Address) => string | null
}

/** Targets are again whole addresses, in printable ASCII without white space. */
const plainAddress = /^https?:\/\/[!-~]+$/i

/** The target stands percent-encoded in a parameter; of several names the first that is there counts. */
const inParameter =
  (...names: readonly string[]): Wrapper["target"] =>
  ({ query }) =>
    decodeOnce(names.map((name) => parameter(query, name)).find((value) => value !== null) ?? null)

const wrappers: readonly Wrapper[] = [
  // Outlook Safe Links, and the page Teams shows for them.
  {
    hosts: ["*.safelinks.protection.outlook.com", "*.safelinks.protection.office365.us"],
    target: inParameter("url")
  },
  { hosts: ["statics.teams.cdn.office.net"], path: /.*\/atp-safelinks\.html/, target: inParameter("url") },
  // Proofpoint URL Defense, three generations.
  { hosts: ["urldefense.proofpoint.com"], path: /\/v1\/url/, target: inParameter("u") },
  {
    hosts: ["urldefense.proofpoint.com", "urldefense.com"],
    path: /\/v2\/url/,
    target: ({ query }) => proofpointV2(parameter(query, "u"))
  },
  {
    hosts: ["urldefense.com", "urldefense.proofpoint.com", "urldefense.us"],
    path: /\/v3\/.*/,
    target: ({ raw }) => proofpointV3(raw)
  },
  // Google, as its calendar and mail rewrite links, and Meet's chat.
  { hosts: ["google.com", "www.google.com"], path: /\/url/, target: inParameter("q", "url") },
  { hosts: ["meet.google.com"], path: /\/linkredirect/, target: inParameter("dest") },
  // Barracuda.
  { hosts: ["linkprotect.cudasvc.com"], target: inParameter("a") },
  // Cisco: /<token>/<target>.
  { hosts: ["secure-web.cisco.com"], target: ({ raw }) => decodeOnce(/^\/[^/]+\/(.+)$/s.exec(raw)?.[1] ?? null) },
  // Symantec, Trellix (once FireEye), Slack.
  { hosts: ["clicktime.symantec.com"], target: inParameter("u") },
  { hosts: ["protect.fireeye.com", "protect2.fireeye.com"], target: inParameter("u") },
  { hosts: ["slack-redir.net"], target: inParameter("url") },
  // Sophos.
  {
    hosts: ["*.protection.sophos.com"],
    target: ({ query }) => decodeBase64(decodeOnce(parameter(query, "u")))
  },
  // Avanan, since bought by Check Point: /v2/___<target>___.<signature>.
  {
    hosts: ["url.avanan.click", "protect.checkpoint.com"],
    path: /\/v2\/___.*/,
    target: ({ raw }) => {
      const [, target, signature] = raw.split("___")
      return target !== undefined && signature?.startsWith(".") === true ? repairSlashes(target) : null
    }
  }
]

const wrappersOf = hostIndex(wrappers.map((wrapper) => ({ hosts: wrapper.hosts, value: wrapper })))
