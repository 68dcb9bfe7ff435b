/**
 * Where requests may go.
 *
 * Decides which addresses belong to the configured service, so that a bearer token never leaves for another host,
 * another port or another scheme, whatever a next link, a delta link or a database row says. Never sends anything.
 */

/** An address of the service's v1.0 interface; each segment is escaped. */
export const graphUrl = (
  service: URL,
  segments: ReadonlyArray<string>,
  query: Readonly<Record<string, string>> = {}
): URL => {
  const url = new URL(`${root(service)}${segments.map(encodeURIComponent).join("/")}`, service)
  // Not `URLSearchParams`: it writes a space as "+" and escapes "$", and OData is particular about both.
  const text = Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&")
  if (text !== "") url.search = text
  return url
}

/** A link that the service gave, if it leads back to the same service and its v1.0 interface; null otherwise. */
export const followable = (service: URL, link: string): URL | null => {
  if (link.length > linkLengthMax) return null
  const url = URL.parse(link)
  if (url === null || url.username !== "" || url.password !== "") return null
  if (url.protocol !== service.protocol || url.host !== service.host) return null
  return url.pathname.startsWith(root(service)) ? url : null
}

/** Real delta links stay below 2,000 characters. */
const linkLengthMax = 16_384

const root = (service: URL): string => `${service.pathname.replace(/\/+$/, "")}/v1.0/`
