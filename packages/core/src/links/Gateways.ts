/**
 * Mail gateways and redirectors: on which hosts and paths their links stand, and where in those the target is.
 * A table like the platforms' own: adding one is a row here and its cases in the tests. It decides nothing: what a target
 * is worth is judged by whoever unwraps. Shorteners and click trackers are not here: they are unknown hosts like any other.
 */
import { decodeBase64, decodeOnce, parameter } from "./address/Parameter.ts"
import type { Address } from "./address/Safety.ts"
import { googleHosts } from "./GoogleDomains.ts"
import { proofpointV2, proofpointV3, repairSlashes } from "./Proofpoint.ts"

export interface Gateway {
  /** As in `Site.hosts`. */
  readonly hosts: readonly string[]
  /** As in `Route.path`; left out for a host that does nothing else. */
  readonly path?: RegExp
  /** The target as text; null where the link does not spell one. */
  readonly target: (address: Address) => string | null
  /** True where it rewrites links of other people's mail: a target that it does not spell may be a meeting. */
  readonly rewritesMail?: true
}

/** The target stands percent-encoded in a parameter; of several names the first that is there counts. */
export const inParameter =
  (...names: readonly string[]): Gateway["target"] =>
  ({ query }) =>
    decodeOnce(names.map((name) => parameter(query, name)).find((value) => value !== null) ?? null)

/** The target is the gateway's secret. */
const kept: Gateway["target"] = () => null

const rewritesMail = true

export const gateways: readonly Gateway[] = [
  // Outlook Safe Links, and the page Teams shows for them.
  {
    hosts: [
      "*.safelinks.protection.outlook.com",
      "*.safelinks.protection.office365.us",
      "*.safelinks.protection.apps.mil",
      "*.safelinks.protection.partner.outlook.cn"
    ],
    target: inParameter("url"),
    rewritesMail
  },
  {
    hosts: ["statics.teams.cdn.office.net"],
    path: /.*\/atp-safelinks\.html/,
    target: inParameter("url"),
    rewritesMail
  },
  // Proofpoint URL Defense, three generations.
  { hosts: ["urldefense.proofpoint.com"], path: /\/v1\/url/, target: inParameter("u"), rewritesMail },
  {
    hosts: ["urldefense.proofpoint.com", "urldefense.com"],
    path: /\/v2\/url/,
    target: ({ query }) => proofpointV2(parameter(query, "u")),
    rewritesMail
  },
  {
    hosts: ["urldefense.com", "urldefense.proofpoint.com", "urldefense.us"],
    path: /\/v3\/.*/,
    target: ({ raw }) => proofpointV3(raw),
    rewritesMail
  },
  // Google, as its calendar and mail rewrite links, and Meet's chat.
  { hosts: googleHosts, path: /\/url/, target: inParameter("q", "url") },
  { hosts: ["meet.google.com"], path: /\/linkredirect/, target: inParameter("dest") },
  // Barracuda.
  { hosts: ["linkprotect.cudasvc.com"], target: inParameter("a"), rewritesMail },
  // Cisco: /<token>/<target>.
  {
    hosts: ["secure-web.cisco.com"],
    target: ({ raw }) => decodeOnce(/^\/[^/]+\/(.+)$/s.exec(raw)?.[1] ?? null),
    rewritesMail
  },
  // Symantec, Trellix (once FireEye), Slack.
  { hosts: ["clicktime.symantec.com"], target: inParameter("u"), rewritesMail },
  { hosts: ["protect.fireeye.com", "protect2.fireeye.com"], target: inParameter("u"), rewritesMail },
  { hosts: ["slack-redir.net"], target: inParameter("url") },
  // Sophos.
  {
    hosts: ["*.protection.sophos.com"],
    target: ({ query }) => decodeBase64(decodeOnce(parameter(query, "u"))),
    rewritesMail
  },
  // Avanan, since bought by Check Point: /v2/___<target>___.<signature>, newer ones with a region: /v2/r01/___….
  {
    hosts: ["url.avanan.click", "protect.checkpoint.com"],
    path: /\/v2\/(?:r\d\d\/)?___.*/,
    target: ({ raw }) => {
      const [, target, signature] = raw.split("___")
      return target !== undefined && signature?.startsWith(".") === true ? checkPointTarget(target) : null
    },
    rewritesMail
  },
  // Trend Micro; its links name the port.
  {
    hosts: ["*.trendmicro.com"],
    path: /\/wis\/clicktime\/v1\/query/,
    target: inParameter("url"),
    rewritesMail
  },
  // Trustwave, Libraesva.
  { hosts: ["scanmail.trustwave.com"], target: inParameter("u"), rewritesMail },
  { hosts: ["urlsand.esvalabs.com"], target: inParameter("u"), rewritesMail },
  // Mail that Azure and Dynamics send, and Amazon's: /L0/<target>/….
  { hosts: ["*.safelink.emails.azure.net"], path: /\/redirect/, target: inParameter("destination") },
  {
    hosts: ["*.awstrack.me"],
    path: /\/L0\/.*/,
    target: ({ raw }) => decodeOnce(/^\/L0\/([^/]+)\//.exec(raw)?.[1] ?? null)
  },
  // Mimecast, EdgePilot: the target is kept at theirs.
  { hosts: ["*.mimecast.com", "*.mimecastprotect.com"], path: /\/s\/.+/, target: kept, rewritesMail },
  { hosts: ["link.edgepilot.com"], path: /\/s\/.+/, target: kept, rewritesMail }
]

/** Percent-encoded or plain: an encoded one shows it in its first characters. */
const checkPointTarget = (target: string): string | null => {
  const plain = /^https?%3a/i.test(target) ? decodeOnce(target) : target
  return plain === null ? null : repairSlashes(plain)
}
