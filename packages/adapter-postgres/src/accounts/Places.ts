/**
 * Where the sealed texts of accounts rest.
 * Decides what each is bound to, so that an answer or a verifier opens in its own row alone.
 */
import type { UserId } from "@punctual/core"
import type { IdempotencyKey } from "@punctual/core/accounts"
import type { Place } from "../sealing/Envelope.ts"

export const placeOfAnswer = ({ key, route, userId }: IdempotencyKey): Place => ["answer", userId, route, key]

export const placeOfVerifier = (digest: string, userId: UserId): Place => ["verifier", digest, userId]
