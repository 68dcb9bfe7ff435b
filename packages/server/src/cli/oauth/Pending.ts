/**
 * Sign-ins under way, in memory: what was sent to the provider with which browser.
 *
 * Decides when an answer belongs to one: the state is known, the browser is the one it was given to, ten minutes have
 * not passed, and nobody took it before. A stranger's attempt uses nothing up.
 */
import { digestOf, sameDigest } from "../../auth/ApiKey.ts"
import { signInMillis } from "../../oauth/Browser.ts"
import type { Proof } from "../../oauth/CodeFlow.ts"

interface Waiting {
  readonly browser: string
  readonly verifier: string
  readonly expiresAt: number
}

/** Tabs of one person, and then some; the oldest gives way. */
const waitingMax = 64

export interface Pending {
  readonly add: (proof: Proof, browser: string, now: number) => void
  /** The verifier, once; null: no sign-in of this browser. */
  readonly take: (state: string, browser: string | null, now: number) => string | null
}

export const makePending = (): Pending => {
  const waiting = new Map<string, Waiting>()
  return {
    add: ({ state, verifier }, browser, now) => {
      waiting.set(digestOf(state), { browser: digestOf(browser), verifier, expiresAt: now + signInMillis })
      for (const digest of waiting.keys()) {
        if (waiting.size <= waitingMax) break
        waiting.delete(digest)
      }
    },
    take: (state, browser, now) => {
      const digest = digestOf(state)
      const found = waiting.get(digest)
      if (found === undefined || browser === null || !sameDigest(found.browser, digestOf(browser))) return null
      waiting.delete(digest)
      return now < found.expiresAt ? found.verifier : null
    }
  }
}
