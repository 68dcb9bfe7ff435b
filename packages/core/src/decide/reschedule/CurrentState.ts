/**
 * A user's state with every intent, override and bot under the key that its occurrence has now. Requests are planned
 * against it, so that none can speak of an occurrence by a date that its series has left.
 * Decides nothing: `SeriesChange.ts` makes it.
 */
import type { Slice } from "../../domain/Slice.ts"

declare const isCurrent: unique symbol

/** Made by `currentState` and `decide` alone. A slice as a store loads it is not one. */
export type CurrentState = Slice & { readonly [isCurrent]: true }
