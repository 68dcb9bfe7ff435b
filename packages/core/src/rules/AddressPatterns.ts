/**
 * Patterns of addresses: `a@b.c` is one address, `*@b.c` all of a domain, `*@*.b.c` all of the domains below one.
 *
 * Decides which texts are patterns, and what they match. Case makes no difference.
 */
import { domainOfAddress } from "./People.ts"

/** Several patterns, in lower case. */
export interface AddressPatterns {
  readonly addresses: ReadonlySet<string>
  readonly domains: ReadonlySet<string>
  /** Each begins with its dot: of domains below one. */
  readonly endings: ReadonlyArray<string>
}

/** Texts that are no patterns match nothing. */
export const addressPatterns = (texts: ReadonlyArray<string>): AddressPatterns => {
  const patterns = texts.map(patternOf).filter((pattern) => pattern !== null)
  const of = (kind: Pattern["kind"]) => patterns.filter((each) => each.kind === kind).map(({ text }) => text)
  return { addresses: new Set(of("address")), domains: new Set(of("domain")), endings: of("ending") }
}

export const isAddressPattern = (text: string): boolean => patternOf(text) !== null

export const matchesAddress = (patterns: AddressPatterns, address: string): boolean =>
  patterns.addresses.has(address) || matchesDomain(patterns, domainOfAddress(address))

/** Whether every address of a domain matches. */
export const matchesDomain = ({ domains, endings }: AddressPatterns, domain: string): boolean =>
  domains.has(domain) || endings.some((ending) => domain.endsWith(ending) && domain.length > ending.length)

interface Pattern {
  readonly kind: "address" | "domain" | "ending"
  readonly text: string
}

/** Null: the text is none. */
const patternOf = (text: string): Pattern | null => {
  const lower = text.toLowerCase()
  const at = lower.lastIndexOf("@")
  const [local, domain] = [lower.slice(0, Math.max(at, 0)), lower.slice(at + 1)]
  if (local === "*" && domain.startsWith("*.")) {
    return dottedLabels.test(domain.slice(1)) ? { kind: "ending", text: domain.slice(1) } : null
  }
  if (!dottedLabels.test(`.${domain}`) || !domain.includes(".")) return null
  if (local === "*") return { kind: "domain", text: domain }
  return localPart.test(local) ? { kind: "address", text: lower } : null
}

/** Each label behind its dot. */
const dottedLabels = /^(?:\.[^\s.@*]+)+$/

const localPart = /^[^\s*@]+$/
