/**
 * Sign-ins under way.
 * Decides who takes a consent state: the first, who notes it as taken. It is noted and not deleted, so that a taker whose
 * answer got lost can ask again; the index and the time to live see to what is left. Verifiers rest sealed.
 */
import type { Instant, UserId } from "@punctual/core"
import { type Accounts, AccountsUnavailable } from "@punctual/core/accounts"
import { Effect, Option } from "effect"
import { type MasterKeys, type Place, seal, unseal } from "./Sealing.ts"
import type { Key } from "../table/Item.ts"
import type { Table } from "../table/Table.ts"
import { expiring } from "./Expiry.ts"
import { asPortError } from "./PortError.ts"

export const consents = (table: Table, keys: MasterKeys) =>
  ({
    putConsent: ({ digest, expiresAt, userId, verifier }) => {
      const at = consentKey(digest)
      const sealed = seal(keys, placeOf(digest, userId), verifier)
      return table
        .put({ ...at, userId, expiresAt, sealed, isTaken: false, ...expiring(at.pk, expiresAt) })
        .pipe(asPortError("putConsent"))
    },
    takeConsent: Effect.fnUntraced(function* (digest: string, now: Instant) {
      const state = yield* table.updateIf(consentKey(digest), "isTaken = :yes", {
        expression: "attribute_exists(pk) AND isTaken = :no",
        values: { ":yes": true, ":no": false }
      })
      if (state === null || (state["expiresAt"] as Instant) <= now) return Option.none()
      const userId = state["userId"] as UserId
      const verifier = unseal(keys, placeOf(digest, userId), state["sealed"] as Uint8Array)
      if (verifier !== null) return Option.some({ userId, verifier })
      const detail = "a stored verifier does not open with the present master keys"
      return yield* new AccountsUnavailable({ operation: "takeConsent", detail })
    }, asPortError("takeConsent"))
  }) satisfies Partial<Accounts["Service"]>

const consentKey = (digest: string): Key => ({ pk: `CONSENT#${digest}`, sk: "-" })

const placeOf = (digest: string, userId: UserId): Place => ["verifier", digest, userId]
