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
  return (host) =>
    [host, ...wildcardsOf(host)]
      .flatMap((name) => byName.get(name) ?? [])
      .filter((entry) => entry.except?.includes(host) !== true)
      .map((entry) => entry.value)
}

/** `a.b.c` → `*.b.c`, `*.c`. */
const wildcardsOf = (host: string): readonly string[] => {
  const labels = host.split(".").slice(-labelsMax)
  return labels.slice(1).map((_, index) => `*.${labels.slice(index + 1).join(".")}`)
}

/** No table names a domain of more labels than this; a host may have over a hundred. */
const labelsMax = 8
