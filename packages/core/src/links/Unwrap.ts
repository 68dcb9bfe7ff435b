/**
 * What a mail gateway's or redirector's link leads to. The target is read as text and judged from the start by whoever
 * asked: being wrapped lends no trust. `Gateways.ts` says which there are; a reader's own come after those.
 */
import { hostIndex } from "./address/Hosts.ts"
import { matchPath } from "./address/Route.ts"
import type { Address } from "./address/Safety.ts"
import { type Gateway, gateways } from "./Gateways.ts"
import type { Additions } from "./LinkSettings.ts"

/**
 * The address inside a wrapper. "hidden": a gateway that rewrites mail does not tell it. "unreadable": any other wrapper
 * that holds none. Null for what is no wrapper.
 */
export const unwrap = (
  address: Address,
  { gatewaysOf }: Pick<Additions, "gatewaysOf">
): { readonly target: string } | "hidden" | "unreadable" | null => {
  const gateway = [...knownGatewaysOf(address.host), ...gatewaysOf(address.host)].find(
    ({ path }) => path === undefined || matchPath(path, address.path)
  )
  if (gateway === undefined) return null
  const target = gateway.target(address)
  if (target !== null && plainAddress.test(target)) return { target }
  return gateway.rewritesMail === true ? "hidden" : "unreadable"
}

/** Whether links to this host may be wrappers. */
export const isWrapperHost = (host: string, { gatewaysOf }: Pick<Additions, "gatewaysOf">): boolean =>
  knownGatewaysOf(host).length > 0 || gatewaysOf(host).length > 0

/** Targets are again whole addresses, in printable ASCII without white space. */
const plainAddress = /^https?:\/\/[!-~]+$/i

const knownGatewaysOf: (host: string) => readonly Gateway[] = hostIndex(
  gateways.map((gateway) => ({ hosts: gateway.hosts, value: gateway }))
)
