/**
 * Which addresses of the internet a feed may be fetched from.
 * Decides that public ones may, and those of networks that a host names; nothing of this machine or of a private network.
 */
import { BlockList, isIP } from "node:net"

/** Public addresses, and those of networks that were named. */
export const mayReach = (address: string, allowed: BlockList): boolean => {
  if (isListed(allowed, address)) return true
  if (isIP(address) === 4) return !isListed(notPublic, address)
  // Of IPv6 what is routed in public is told by one prefix; addresses that carry one of IPv4 lie outside it or are listed.
  return isListed(publicIpv6, address) && !isListed(notPublic, address)
}

export const isListed = (networks: BlockList, address: string): boolean => {
  const version = isIP(address)
  return version !== 0 && networks.check(address, version === 4 ? "ipv4" : "ipv6")
}

const networksOf = (text: string): BlockList => {
  const list = new BlockList()
  for (const network of text.split(", ")) {
    const [address = "", bits] = network.split("/")
    list.addSubnet(address, Number(bits), isIP(address) === 4 ? "ipv4" : "ipv6")
  }
  return list
}

const publicIpv6 = networksOf("2000::/3")

/** Special purposes, by IANA's registries: this host, private, shared, loopback, link-local, examples, multicast, reserved. */
const notPublic = networksOf(
  "0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.0.0.0/24, 192.0.2.0/24, " +
    "192.88.99.0/24, 192.168.0.0/16, 198.18.0.0/15, 198.51.100.0/24, 203.0.113.0/24, 224.0.0.0/4, 240.0.0.0/4, " +
    "2001::/23, 2001:db8::/32, 2002::/16, 3fff::/20"
)
