/** Whose tokens a faked Google is asked with, and the adapter's limits changed. Decides nothing about what is right. */
import { fakeAccountOf } from "../../../core/test/http/FakeService.ts"
import type { Access } from "../../src/client/GoogleClient.ts"
import { type Limits, defaultLimits } from "../../src/client/Limits.ts"

export const service = new URL("https://www.googleapis.com")

export const fakeAccount = (mailbox = "app|adele", notBefore: number | null = null) =>
  fakeAccountOf(
    (token): Access => ({
      token,
      mailbox,
      project: mailbox.split("|")[0] ?? "",
      lifetimeMillis: 3_600_000,
      expiresAt: Number.MAX_SAFE_INTEGER
    }),
    notBefore
  )

/** The product's limits, with a patience that a test can wait out. */
export const limitsOf = (changes: Partial<Limits> = {}): Limits => ({ ...defaultLimits, ...changes })
