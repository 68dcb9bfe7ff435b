/**
 * Finds what belongs to a host: by its exact name, or by a parent domain on a label boundary. Never by a part of the
 * name: `notzoom.us` and `zoom.us.evil.example` belong to nobody.
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
  const byName = new Map<string, HostEntry<A>[]>()
  for (const entry of entries) {
    for (const name of entry.hosts) byName.set(name, [...(byName.get(name) ?? []), entry])
  }
  return (host) => {
    const found = [...(byName.get(host) ?? [])]
    for (const parent of parentsOf(host)) found.push(...(byName.get(`*.${parent}`) ?? []))
    return found.filter((entry) => entry.except?.includes(host) !== true).map((entry) => entry.value)
  }
}

/** `a.b.c` → `b.c`, `c`: the domains that a host lies in, no more than any table's names are long. */
const parentsOf = (host: string): readonly string[] => {
  const parents: string[] = []
  let dot = host.lastIndexOf(".")
  while (dot >= 0 && parents.length < labelsMax) {
    parents.unshift(host.slice(dot + 1))
    dot = dot === 0 ? -1 : host.lastIndexOf(".", dot - 1)
  }
  return parents
}

/** A host may have over a hundred labels; `*.safelinks.protection.office365.us` has four. */
const labelsMax = 6
