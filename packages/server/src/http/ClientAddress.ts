/**
 * Which address a request is counted under.
 * Decides when what a proxy says of its client is believed: only of a proxy that the configuration names, and of what
 * such proxies added, read from the end. Whatever stood before it anybody may have written.
 */
import { BlockList, isIP } from "node:net"
import { Context, Option } from "effect"
import type { HttpServerRequest } from "effect/http"

/** Networks whose word about their clients counts. */
export const TrustedProxies = Context.Reference<BlockList>("@punctual/server/http/TrustedProxies", {
  defaultValue: () => new BlockList()
})

/** What is told where `parseNetworks` answers null. */
export const noNetworks = "Expected addresses or networks such as 10.0.0.0/8, parted by commas"

/** Addresses and networks such as `10.0.0.0/8`, parted by commas; null: not that. */
export const parseNetworks = (text: string): BlockList | null => {
  const list = new BlockList()
  for (const part of text.split(",").map((each) => each.trim())) {
    const [address = "", bits, ...more] = part.split("/")
    const version = isIP(address)
    const width = version === 4 ? 32 : 128
    const prefix = bits === undefined ? width : Number(bits)
    if (version === 0 || more.length > 0 || !/^\d{1,3}$/.test(bits ?? "0") || prefix > width) return null
    list.addSubnet(address, prefix, version === 4 ? "ipv4" : "ipv6")
  }
  return list
}

export const isIn = (networks: BlockList, address: string): boolean => {
  const version = isIP(address)
  return version !== 0 && networks.check(address, version === 4 ? "ipv4" : "ipv6")
}

/** `::ffff:10.0.0.1`, as a socket for both families says it, is `10.0.0.1`. */
export const plainAddress = (address: string): string => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  return mapped?.[1] ?? address
}

export const clientAddress = (
  { headers, remoteAddress }: Pick<HttpServerRequest.HttpServerRequest, "headers" | "remoteAddress">,
  proxies: BlockList
): string => {
  let address = plainAddress(Option.getOrElse(remoteAddress, () => "unknown"))
  const told = (headers["x-forwarded-for"] ?? "").split(",").map((each) => plainAddress(each.trim()))
  // Each proxy adds whom it heard: while that is one of ours, what stands before it was added by one of ours too.
  while (isIn(proxies, address)) {
    const before = told.pop()
    if (before === undefined || isIP(before) === 0) return address
    address = before
  }
  return address
}
