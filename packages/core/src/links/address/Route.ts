/**
 * The shape of a platform's table in `platforms/`: hosts, and the paths on them that join a meeting. What no route
 * matches is no meeting link, so a page nobody thought of (help, sign-in, dial-in, recordings) is refused by silence.
 */
import type { Address } from "./Safety.ts"

/** All that one platform owns. To add a platform: its name in `Platform.ts`, its table, and its line in `Platforms.ts`. */
export interface PlatformLinks {
  readonly sites: readonly Site[]
  /** Hosts that people type without "https://"; their subdomains count. Only names that mean nothing else. */
  readonly typedHosts?: readonly string[]
  /** Routes on hosts that a reader has named: servers of one's own, or of a cloud that no table knows. */
  readonly configured?: readonly Route[]
}

/** Hosts that share their routes. */
export interface Site {
  /** Exact names in lower case; "*.zoom.us" stands for every subdomain, not for `zoom.us` itself. */
  readonly hosts: readonly string[]
  /** Exact names among those that hold no meetings. */
  readonly except?: readonly string[]
  readonly routes: readonly Route[]
}

/** One kind of path. `captured` are the groups of `path`, as they stand in the address. */
export interface Route {
  /** Must match the whole path; a final "/" is always allowed. Anchored when the tables are read: see `matchPath`. */
  readonly path: RegExp
  /** What must hold besides. */
  readonly when?: (address: Address, ...captured: string[]) => boolean
  /**
   * The meeting's identity within the platform, never empty and never with a passcode or an invitee in it.
   * Left out: host and path.
   */
  readonly key?: (address: Address, ...captured: string[]) => string
  /** Whether the link lets a stranger in. Only where the same meeting is known to appear with and without (policy S2). */
  readonly hasPasscode?: (address: Address, ...captured: string[]) => boolean
  /** The link to launch, read again from the start; null for no meeting. Left out: the address without its fragment. */
  readonly url?: (address: Address, ...captured: string[]) => string | null
}

/** The captured groups when the route's path matches the whole of this one, otherwise null. */
export const matchPath = (path: RegExp, text: string): string[] | null => {
  const match = anchored(path).exec(text)
  return match === null ? null : match.slice(1).map((group) => group ?? "")
}

/** The host and all that follows it up to the fragment, over https. */
export const wholeUrl = ({ host, path, query }: Address): string =>
  `https://${host}${path}${query === "" ? "" : `?${query}`}`

/** The same with the fragment, for platforms that keep a key in it. */
export const wholeUrlWithFragment = (address: Address): string => `${wholeUrl(address)}#${address.fragment}`

const anchoredPaths = new WeakMap<RegExp, RegExp>()

/** Anchoring is done in one place so that no table can forget it. */
const anchored = (path: RegExp): RegExp => {
  const known = anchoredPaths.get(path)
  if (known !== undefined) return known
  const made = new RegExp(`^(?:${path.source})/?$`, path.flags)
  anchoredPaths.set(path, made)
  return made
}
