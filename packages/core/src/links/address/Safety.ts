/**
 * Which addresses may be looked at at all, and taken apart into what. Everything in an event is written by other people,
 * and addresses are built to be misread: user info, ports, look-alike letters, hosts inside paths. What is in doubt is
 * refused here, on the raw text, before any parser can repair it. Whether a host owns meetings is decided elsewhere.
 */

/** An address that passed, in parts. Host and path are normalised; query and fragment are as the parser leaves them. */
export interface Address {
  /** Lower case, without port. */
  readonly host: string
  /** Starts with "/", dot segments resolved. */
  readonly path: string
  /** Without "?"; parameters are neither decoded nor reordered. */
  readonly query: string
  /** Without "#". */
  readonly fragment: string
  /** All that follows the authority, byte for byte as it was found. */
  readonly raw: string
}

/** Real join links stay far below this; wrapped several times over, they come to about 3,000. */
const addressCharactersMax = 8192

/** RFC 1035 §2.3.4. */
const hostCharactersMax = 253

/** Between "://" and the first of "/ ? # \": a plain host name and perhaps a port. No user info, escapes or brackets. */
const authority = /^https?:\/\/([a-z0-9.-]+)(?::\d+)?(?=[/?#\\]|$)/i

/** The parts of a safe `http(s)://` address; null for any other text. */
export const readAddress = (text: string): Address | null => {
  if (text.length > addressCharactersMax) return null
  const host = hostOf(text)
  if (host === null) return null
  const url = URL.parse(text)
  // A port remains where it is not the scheme's own; another host name than the one just checked means a repair.
  if (url === null || url.port !== "" || url.hostname !== host) return null
  return {
    host,
    path: url.pathname,
    query: url.search.slice(1),
    fragment: url.hash.slice(1),
    raw: text.replace(authority, "")
  }
}

/** The host that `readAddress` would find, without the cost of parsing: enough to drop foreign addresses early. */
export const hostOf = (text: string): string | null => {
  const host = authority.exec(text)?.[1]?.toLowerCase()
  return host !== undefined && isHostName(host) ? host : null
}

/** No empty labels: `zoom.us.` and `..zoom.us` are other names than they look. */
const isHostName = (host: string): boolean =>
  host.length <= hostCharactersMax && !host.startsWith(".") && !host.endsWith(".") && !host.includes("..")
