/**
 * One fetch of a published calendar.
 * Decides what may be read: at most so many bytes in so long, of https on public networks, at every redirect again.
 * Networks that a host names count as public too, and there http will do. An address is a secret: of it only scheme and host
 * are said. Never throws; never asks twice.
 */
import { lookup } from "node:dns"
import { type IncomingMessage, request as requestHttp } from "node:http"
import { request as requestHttps } from "node:https"
import { type BlockList, type LookupFunction, isIP } from "node:net"
import { type FetchLimits, fetchLimits } from "./FeedLimits.ts"
import { isListed, mayReach } from "./PublicNetworks.ts"

/** By which a server tells whether anything changed; null: it gave none. */
export interface Validators {
  readonly etag: string | null
  readonly lastModified: string | null
}

export type Fetched =
  /** `free` gives the bytes back when nobody reads them any more; without it they are left as they are. */
  | { readonly kind: "whole"; readonly bytes: Buffer; readonly validators: Validators; readonly free?: () => void }
  /** What the validators name is still so. */
  | { readonly kind: "unchanged" }
  /** The address is one that is not fetched. */
  | { readonly kind: "refused"; readonly message: string }
  /** No answer, or none that is of use; `retryAfterMillis`: asked to wait. */
  | { readonly kind: "failed"; readonly message: string; readonly retryAfterMillis: number | null }

export interface FetchOptions {
  /** Networks besides public ones. */
  readonly allowed: BlockList
  /** What a person sets to name such networks. */
  readonly allowedBy?: string
  /** Of what is held: an answer that is still the same need not be sent. */
  readonly held?: Validators | null
  readonly signal?: AbortSignal
  readonly limits?: Partial<FetchLimits>
}

interface Fetching {
  readonly allowed: BlockList
  readonly allowedBy: string
  readonly held: Validators | null
  readonly limits: FetchLimits
  readonly signal: AbortSignal
}

/** `https:`, `http:` or `webcal:`; null: no such address. */
export const feedUrl = (address: string): URL | null => {
  const url = URL.parse(address.trim().replace(/^webcals?:/i, "https:"))
  return url !== null && /^https?:$/.test(url.protocol) ? url : null
}

/** What may be said of an address. */
export const shownAddress = ({ host, protocol }: URL): string => `${protocol}//${host}`

export type FetchFeed = (address: string, options: FetchOptions) => Promise<Fetched>

export const fetchFeed: FetchFeed = async (address, options) => {
  const limits = { ...fetchLimits, ...options.limits }
  const deadline = AbortSignal.timeout(limits.waitMillis)
  const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal])
  const { allowed, allowedBy = "the host's configuration", held = null } = options
  const url = feedUrl(address)
  if (url === null) return { kind: "refused", message: "That is no address: https://… is expected." }
  return follow(url, { allowed, allowedBy, held, limits, signal })
}

const follow = async (first: URL, fetching: Fetching): Promise<Fetched> => {
  let url = first
  const { limits, signal } = fetching
  try {
    for (let redirects = 0; redirects <= limits.redirectsMax; redirects++) {
      const message = refusalOf(url, fetching)
      if (message !== null) return { kind: "refused", message }
      const answer = await ask(url, fetching)
      const status = answer.statusCode ?? 0
      const { location } = answer.headers
      if (status >= 300 && status < 400 && status !== 304 && location !== undefined) {
        answer.destroy()
        const next = URL.parse(location, url.href)
        if (next === null) return failed(`${shownAddress(url)} redirects to what is no address.`)
        url = next
        continue
      }
      return await outcomeOf(answer, url, fetching)
    }
    return failed(`${shownAddress(url)} redirects more than ${limits.redirectsMax} times.`)
  } catch (error) {
    if (error instanceof AddressRefused) return { kind: "refused", message: error.message }
    return failed(
      signal.aborted
        ? `${shownAddress(url)} did not answer within ${limits.waitMillis / 1000} s.`
        : `${shownAddress(url)} can't be reached${codeOf(error)}.`
    )
  }
}

const failed = (message: string, retryAfterMillis: number | null = null): Fetched => ({
  kind: "failed",
  message,
  retryAfterMillis
})

const outcomeOf = async (answer: IncomingMessage, url: URL, { held, limits }: Fetching): Promise<Fetched> => {
  const { etag, "last-modified": lastModified, "retry-after": retryAfter } = answer.headers
  const status = answer.statusCode ?? 0
  if (status === 200) return bodyOf(answer, url, { etag: etag ?? null, lastModified: lastModified ?? null }, limits)
  answer.destroy()
  if (status === 304 && held !== null) return { kind: "unchanged" }
  if (status === 429 || (status === 503 && retryAfter !== undefined)) {
    return failed(`${shownAddress(url)} asks to wait (status ${status}).`, waitOf(retryAfter, limits))
  }
  return failed(`${shownAddress(url)} answered with status ${status}: look whether the calendar is still published.`)
}

/** Seconds, or a date; what is neither, or nothing, is the usual wait. */
const waitOf = (retryAfter: string | undefined, limits: FetchLimits): number => {
  const text = (retryAfter ?? "").trim()
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000
  const millis = Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : limits.retryAfterMillisUsual
  return Math.min(Math.max(Math.ceil(millis), limits.retryAfterMillisMin), limits.retryAfterMillisMax)
}

const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error ? ` (${String(error.code)})` : ""

class AddressRefused extends Error {}

const refusalOf = (url: URL, { allowed, allowedBy }: Fetching): string | null => {
  const host = url.hostname.replace(/^\[|\]$/g, "")
  const isNamed = isIP(host) === 0
  if (url.username !== "" || url.password !== "") return "An address with a user name or password in it is not read."
  if (url.protocol !== "https:" && !(url.protocol === "http:" && !isNamed && isListed(allowed, host))) {
    return `${shownAddress(url)} is not read: the address must begin with https://.`
  }
  return isNamed || mayReach(host, allowed) ? null : privateNetwork(url, allowedBy)
}

const privateNetwork = (url: URL, allowedBy: string): string =>
  `${shownAddress(url)} is not read: it leads to a private network (${allowedBy} names networks that may be read).`

const ask = (url: URL, { allowed, allowedBy, held, signal }: Fetching): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    // The connection goes to the addresses that were judged: the name is not looked up once more.
    const judged: LookupFunction = (host, options, done) => {
      lookup(host, { ...options, all: true }, (error, found) => {
        if (error !== null) return done(error, "", 0)
        const [first] = found
        if (first === undefined || !found.every(({ address }) => mayReach(address, allowed))) {
          return done(new AddressRefused(privateNetwork(url, allowedBy)), "", 0)
        }
        return options.all === true ? done(null, found) : done(null, first.address, first.family)
      })
    }
    const headers = {
      accept: "text/calendar, */*;q=0.1",
      "accept-encoding": "identity",
      ...(held?.etag == null ? {} : { "if-none-match": held.etag }),
      ...(held?.lastModified == null ? {} : { "if-modified-since": held.lastModified })
    }
    const request = url.protocol === "https:" ? requestHttps : requestHttp
    request(url, { lookup: judged, signal, headers }, resolve).on("error", reject).end()
  })

const bodyOf = async (
  answer: IncomingMessage,
  url: URL,
  validators: Validators,
  { bytesMax }: FetchLimits
): Promise<Fetched> => {
  // Parts are copied as they come: each is forgotten at once, and not all together at the end.
  let memory = new ArrayBuffer(Math.min(bytesAtFirst, bytesMax))
  let size = 0
  // The cast: an answer without an encoding set gives buffers.
  for await (const part of answer as AsyncIterable<Buffer>) {
    const end = size + part.length
    if (end > bytesMax) {
      answer.destroy()
      return failed(`${shownAddress(url)} answers with more than ${bytesMax / 1024 / 1024} MiB.`)
    }
    if (end > memory.byteLength) {
      memory = end <= smallBytes ? memory.transfer(2 * end) : movedTo(Math.max(bytesMax, apartBytes), memory)
    }
    part.copy(Buffer.from(memory), size)
    size = end
  }
  return { kind: "whole", bytes: Buffer.from(memory, 0, size), validators, free: () => void memory.transfer(0) }
}

/** By `transfer` all of it would be written to, with zeros. */
const movedTo = (size: number, given: ArrayBuffer): ArrayBuffer => {
  const memory = new ArrayBuffer(size)
  Buffer.from(given).copy(Buffer.from(memory))
  given.transfer(0)
  return memory
}

const bytesAtFirst = 64 * 1024
const smallBytes = 1024 * 1024
/**
 * What is larger than the largest block that allocators keep for later (of glibc's 32 MiB) is given back to the system as soon as
 * it is forgotten. What of it is not written to is never taken.
 */
const apartBytes = 33 * 1024 * 1024
