/**
 * Where a calendar is read from: a file, or an address.
 * Decides what may be read: at most so many bytes in so long, and of addresses only those of https on public networks, at
 * every redirect again. Networks that are named (`IcsAllow.ts`) count as public too, and there http will do. An
 * address is a secret: of it only scheme and host are said.
 */
import { lookup } from "node:dns"
import { readFile, stat } from "node:fs/promises"
import { type IncomingMessage, request as requestHttp } from "node:http"
import { request as requestHttps } from "node:https"
import { BlockList, type LookupFunction, isIP } from "node:net"
import { decodeText } from "@punctual/adapter-ics"
import { icsAllow } from "../../config/IcsAllow.ts"
import { isIn, noNetworks, parseNetworks } from "../../http/ClientAddress.ts"

/** The text, or why there is none, for a person. */
export type CalendarSource = { readonly text: string } | { readonly refusal: string }

const fileBytesMax = 50 * 1024 * 1024
const feedBytesMax = 20 * 1024 * 1024
const waitMillis = 10_000
const redirectsMax = 5

/** `allowed`: networks besides public ones, as they are written in the environment. */
export const readSource = async (place: string, allowed: string | undefined): Promise<CalendarSource> => {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(place)) return readPath(place)
  const isNamed = allowed !== undefined && allowed.trim() !== ""
  const networks = isNamed ? parseNetworks(allowed) : new BlockList()
  return networks === null ? { refusal: `${icsAllow}: ${noNetworks}` } : readAddress(place, networks)
}

const readPath = async (path: string): Promise<CalendarSource> => {
  try {
    const found = await stat(path)
    // A device or a pipe has no size to be judged by, and may never end.
    if (!found.isFile()) return { refusal: `${path} is no file.` }
    if (found.size > fileBytesMax) return { refusal: `${path} is larger than ${fileBytesMax / 1024 / 1024} MiB.` }
    return { text: decodeText(await readFile(path)) }
  } catch (error) {
    return { refusal: `can't read ${path}: ${error instanceof Error ? error.message : String(error)}` }
  }
}

const readAddress = async (place: string, allowed: BlockList): Promise<CalendarSource> => {
  let url = URL.parse(place.replace(/^webcals?:/i, "https:"))
  if (url === null) return { refusal: "That is no address: https://… is expected." }
  const signal = AbortSignal.timeout(waitMillis)
  try {
    for (let redirects = 0; redirects <= redirectsMax; redirects++) {
      const refusal = refusalOf(url, allowed)
      if (refusal !== null) return { refusal }
      const answer = await ask(url, allowed, signal)
      const { location } = answer.headers
      const status = answer.statusCode ?? 0
      if (status >= 300 && status < 400 && location !== undefined) {
        answer.destroy()
        url = new URL(location, url)
        continue
      }
      if (status !== 200) {
        answer.destroy()
        return {
          refusal: `${shownOf(url)} answered with status ${status}: look whether the calendar is still published.`
        }
      }
      return await textOf(answer, url)
    }
    return { refusal: `${shownOf(url)} redirects more than ${redirectsMax} times.` }
  } catch (error) {
    if (error instanceof AddressRefused) return { refusal: error.message }
    return {
      refusal: signal.aborted
        ? `${shownOf(url)} did not answer within ${waitMillis / 1000} s.`
        : `${shownOf(url)} can't be reached${codeOf(error)}.`
    }
  }
}

const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error ? ` (${String(error.code)})` : ""

const shownOf = ({ host, protocol }: URL): string => `${protocol}//${host}`

class AddressRefused extends Error {}

const refusalOf = (url: URL, allowed: BlockList): string | null => {
  const host = url.hostname.replace(/^\[|\]$/g, "")
  const isNamed = isIP(host) === 0
  if (url.username !== "" || url.password !== "") return "An address with a user name or password in it is not read."
  if (url.protocol !== "https:" && !(url.protocol === "http:" && !isNamed && isIn(allowed, host))) {
    return `${shownOf(url)} is not read: the address must begin with https://.`
  }
  return isNamed || mayReach(host, allowed) ? null : notPublic(url)
}

const notPublic = (url: URL): string =>
  `${shownOf(url)} is not read: it leads to a private network (${icsAllow} names networks that may be read).`

const ask = (url: URL, allowed: BlockList, signal: AbortSignal): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    // The connection goes to the addresses that were judged: the name is not looked up once more.
    const judged: LookupFunction = (host, options, done) => {
      lookup(host, { ...options, all: true }, (error, found) => {
        if (error !== null) return done(error, "", 0)
        const [first] = found
        if (first === undefined || !found.every(({ address }) => mayReach(address, allowed))) {
          return done(new AddressRefused(notPublic(url)), "", 0)
        }
        return options.all === true ? done(null, found) : done(null, first.address, first.family)
      })
    }
    const request = url.protocol === "https:" ? requestHttps : requestHttp
    request(url, { lookup: judged, signal, headers: { accept: "text/calendar, */*;q=0.1" } }, resolve)
      .on("error", reject)
      .end()
  })

const textOf = async (answer: IncomingMessage, url: URL): Promise<CalendarSource> => {
  const parts: Array<Buffer> = []
  let size = 0
  for await (const part of answer as AsyncIterable<Buffer>) {
    size += part.length
    if (size > feedBytesMax) {
      answer.destroy()
      return { refusal: `${shownOf(url)} answers with more than ${feedBytesMax / 1024 / 1024} MiB.` }
    }
    parts.push(part)
  }
  return { text: decodeText(Buffer.concat(parts)) }
}

/** Public addresses, and those of networks that were named. */
export const mayReach = (address: string, allowed: BlockList): boolean => {
  if (isIn(allowed, address)) return true
  if (isIP(address) === 4) return !isIn(notPublicNetworks, address)
  // Of IPv6 what is routed in public is told by one prefix; addresses that carry one of IPv4 lie outside it or are listed.
  return isIn(publicIpv6, address) && !isIn(notPublicNetworks, address)
}

/** A list that stands in this file; what is no network ends the process at once. */
const listed = (networks: string): BlockList => {
  const list = parseNetworks(networks)
  if (list === null) throw new Error(`no networks: ${networks}`)
  return list
}

const publicIpv6 = listed("2000::/3")

/** Special purposes, by IANA's registries: this host, private, shared, loopback, link-local, examples, multicast, reserved. */
const notPublicNetworks = listed(
  "0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.0.0.0/24, 192.0.2.0/24, " +
    "192.88.99.0/24, 192.168.0.0/16, 198.18.0.0/15, 198.51.100.0/24, 203.0.113.0/24, 224.0.0.0/4, 240.0.0.0/4, " +
    "2001::/23, 2001:db8::/32, 2002::/16, 3fff::/20"
)
