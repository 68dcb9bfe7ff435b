/**
 * Finds what belongs to a host: by its exact name, or by a parent domain on a label boundary. Never by a part of the
 * name: `notzoom.us` and `zoom.us.evil.example` belong to nobody.
 *
 * Names are kept label by label from the right, so a foreign host is known for one after a label or two.
 */

export interface HostEntry<A> {
  /** Exact names in lower case; "*.zoom.us" stands for every subdomain, not for `zoom.us` itself. */
  readonly hosts: readonly string[]
  /** Exact names that the entry does not cover after all. */
  readonly except?: readonly string[]
  readonly value: A
}

/** A lookup of everything that covers a host (lower case), the narrowest name first. */
export const hostIndex = <A>(entries: readonly HostEntry<A>[]): ((host: string) => readonly A[]) => {
  const root = domain<A>()
  for (const entry of entries) for (const name of entry.hosts) insert(root, name, entry)
  return (host) => {
    const found = coverOf(root, host)
    return found.filter((entry) => entry.except?.includes(host) !== true).map((entry) => entry.value)
  }
}

/** A domain: what its name stands for, what covers everything below it, and the domains below it. */
interface Domain<A> {
  readonly itself: HostEntry<A>[]
  readonly below: HostEntry<A>[]
  readonly children: Map<string, Domain<A>>
}

const domain = <A>(): Domain<A> => ({ itself: [], below: [], children: new Map() })

const insert = <A>(root: Domain<A>, name: string, entry: HostEntry<A>): void => {
  let at = root
  for (const label of name.split(".").toReversed()) {
    if (label === "*") {
      at.below.push(entry)
      return
    }
    const child = at.children.get(label) ?? domain<A>()
    at.children.set(label, child)
    at = child
  }
  at.itself.push(entry)
}

/** From the last label to the first, as far as there are names. */
const coverOf = <A>(root: Domain<A>, host: string): readonly HostEntry<A>[] => {
  const found: HostEntry<A>[] = []
  let at = root
  let end = host.length
  while (end > 0) {
    const dot = host.lastIndexOf(".", end - 1)
    const child = at.children.get(host.slice(dot + 1, end))
    if (child === undefined) break
    found.unshift(...(dot < 0 ? child.itself : child.below))
    at = child
    end = dot
  }
  return found
}
