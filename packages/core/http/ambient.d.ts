/**
 * The one global of every JavaScript runtime that is used here and that ECMAScript's own library files do not describe.
 */

/** A parsed URL: https://url.spec.whatwg.org/#url-class (the read-only half). */
interface URL {
  readonly hash: string
  readonly hostname: string
  readonly password: string
  readonly protocol: string
  readonly search: string
  readonly username: string
}

declare var URL: {
  /** Null where the constructor would throw. */
  parse(url: string): URL | null
}
