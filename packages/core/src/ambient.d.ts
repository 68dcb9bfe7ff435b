/**
 * The few globals of every JavaScript runtime that ECMAScript's own library files do not describe.
 * The core compiles with `lib: ["ES2024"]` and `types: []`, so that it cannot reach for a platform by
 * accident; what it does use of the WHATWG URL standard and of HTML's base64 is named here and nowhere else.
 */

/** A parsed URL: https://url.spec.whatwg.org/#url-class (the read-only half). */
interface URL {
  readonly hash: string
  readonly hostname: string
  readonly href: string
  readonly pathname: string
  readonly port: string
  readonly search: string
}

declare var URL: {
  /** Null where the constructor would throw. */
  parse(url: string): URL | null
}

/** Base64 to one character per byte: https://html.spec.whatwg.org/#dom-atob. Throws on malformed input. */
declare function atob(data: string): string
