/**
 * Patterns of addresses: `a@b.c` is one address, `*@b.c` all of a domain, `*@*.b.c` all of the domains below one.
 *
 * Decides which texts are patterns, and what they match. Case makes no difference.
 */
import { domainOfAddress } from "./People.ts"

export type AddressPattern =
  | { readonly kind: "address"; readonly address: string }
  | { readonly kind: "domain"; readonly domain: string }
  /** `ending` begins with the dot. */
  | { readonly kind: "below"; readonly ending: string }

/** Null: the text is no pattern. */
export const addressPattern = (text: string): AddressPattern | null => {
  const lower = text.toLowerCase()
  const at = lower.lastIndexOf("@")
  const [local, domain] = [lower.slice(0, Math.max(at, 0)), lower.slice(at + 1)]
  if (local === "*" && domain.startsWith("*.")) {
    const ending = domain.slice(1)
    return isEnding.test(ending) ? { kind: "below", ending } : null
  }
  if (!(isEnding.test(`.${domain}`) && domain.includes("."))) return null
  if (local === "*") return { kind: "domain", domain }
  return isLocal.test(local) ? { kind: "address", address: lower } : null
}

/** Labels, each behind its dot. */
const isEnding = /^(?:\.[^\s.@*]+)+$/

const isLocal = /^[^\s*@]+$/

export const matchesAddress = (pattern: AddressPattern, address: string): boolean =>
  pattern.kind === "address" ? address === pattern.address : matchesDomain(pattern, domainOfAddress(address))

/** Whether every address of a domain matches. */
export const matchesDomain = (pattern: AddressPattern, domain: string): boolean => {
  switch (pattern.kind) {
    case "address":
      return false
    case "domain":
      return domain === pattern.domain
    case "below":
      return domain.endsWith(pattern.ending) && domain.length > pattern.ending.length
  }
}
