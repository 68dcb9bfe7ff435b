/**
 * The user that a request is about: always the key's own, never one that the request names.
 */
import { Effect } from "effect"
import { Caller } from "../api/Middleware.ts"
import type { UserId } from "@punctual/core"

/** The key's user is stored under an id of ours. */
export const callingUser: Effect.Effect<UserId, never, Caller> = Effect.map(Caller, ({ userId }) => userId as UserId)
