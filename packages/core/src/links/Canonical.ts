/**
 * From a candidate to the meeting it joins: trims it, opens wrappers, finds the platform's route, writes the link the way
 * it is to be launched. The outcome is settled: reading a link that came out of here gives that link again.
 */
import { fromAppAddress, startsLikeApp } from "./AppScheme.ts"
import type { Additions } from "./LinkSettings.ts"
import type { Platform } from "./Platform.ts"
import { type OwnedRoutes, platforms, routesOf } from "./Platforms.ts"
import { matchPath, wholeUrl } from "./address/Route.ts"
import { type Address, hostOf, readAddress } from "./address/Safety.ts"
import { trimAddress } from "./Trim.ts"
import { isWrapperHost, unwrap } from "./Unwrap.ts"

/** A link that joins, with what tells whether two are the same meeting. */
export interface Meeting {
  readonly platform: Platform
  readonly url: string
  readonly key: string
  /** False where this platform's links may carry a passcode and this one does not. */
  readonly hasPasscode: boolean
}

/** Gateways stack up when mail is forwarded between companies; deeper than this it is a loop or an attack. */
const wrappersMax = 5

/** Trimmed, moved out of a client's page, written anew, trimmed again: nothing honest takes longer to settle. */
const rewritesMax = 4

/** The meeting that a candidate joins; "hidden" where a mail gateway keeps what it leads to, null for none. */
export const readCandidate = (candidate: string, added: Additions): Meeting | "hidden" | null => {
  if (!startsLikeApp(candidate)) return settle(candidate, added)
  const app = fromAppAddress(trimAddress(candidate))
  const meeting = app === null ? null : settle(app.url, added)
  return meeting !== null && meeting !== "hidden" && meeting.platform === app?.platform ? meeting : null
}

/** Reads an address, then what that leads to, until a link reads as itself. */
const settle = (candidate: string, added: Additions): Meeting | "hidden" | null => {
  let text = candidate
  let wrappers = 0
  let rewrites = 0
  while (wrappers <= wrappersMax && rewrites <= rewritesMax) {
    const step = read(text, added)
    if (step === null || step === "hidden") return step
    if (step.meeting === null) wrappers += 1
    else if (step.next === text) return step.meeting
    else rewrites += 1
    text = step.next
  }
  return null
}

/** One look at an address: the meeting it joins and how that is written, or what a wrapper leads to. */
const read = (
  text: string,
  added: Additions
): { readonly next: string; readonly meeting: Meeting | null } | "hidden" | null => {
  const host = hostOf(text)
  if (host === null) return null
  const owners = ownersOf(host, added)
  // Most addresses are foreign: they end here, before anything is trimmed or parsed.
  if (owners.length === 0 && !isWrapperHost(host, added)) return null
  const address = readAddress(trimAddress(text))
  if (address === null) return null
  const wrapped = unwrap(address, added)
  if (wrapped === "unreadable") return null
  if (wrapped === "hidden") return wrapped
  if (wrapped !== null) return { next: wrapped.target, meeting: null }
  const meeting = joinedBy(address, owners)
  return meeting === null ? null : { next: meeting.url, meeting }
}

const joinedBy = (address: Address, owners: readonly OwnedRoutes[]): Meeting | null => {
  for (const { platform, routes } of owners) {
    for (const route of routes) {
      const captured = matchPath(route.path, address.path)
      if (captured === null || route.when?.(address, ...captured) === false) continue
      const url = route.url === undefined ? wholeUrl(address) : route.url(address, ...captured)
      if (url === null) continue
      const id = route.key === undefined ? hostAndPath(address) : route.key(address, ...captured)
      const hasPasscode = route.hasPasscode?.(address, ...captured) ?? true
      return { platform, url, key: `${platform}:${id}`, hasPasscode }
    }
  }
  return null
}

const hostAndPath = ({ host, path }: Address): string => `${host}${path.replace(/\/$/, "")}`

const ownersOf = (host: string, { ownerOf }: Additions): readonly OwnedRoutes[] => {
  const owners = routesOf(host)
  if (owners.length > 0) return owners
  const platform = ownerOf(host)
  return platform === null ? [] : [{ platform, routes: platforms[platform].configured ?? [] }]
}
