/**
 * The core's watch over storage (`@punctual/core`, `StorageWatch`), of a server that asks more of storage than the core does:
 * accounts too, and one store for both. Decides nothing but what is an outage of the accounts.
 */
import { Effect, Layer } from "effect"
import { CurrentStorageWatch, type StorageWatch, Store, storeTrouble, watchStorage } from "@punctual/core"
import { Accounts, AccountsUnavailable } from "@punctual/core/accounts"

const accountsTrouble = (error: unknown): string | null => (error instanceof AccountsUnavailable ? error.detail : null)

/** Storage, watched, and the watch for the core. */
export const layer = (watch: StorageWatch): Layer.Layer<Accounts | Store, never, Accounts | Store> =>
  Layer.mergeAll(
    Layer.effect(Store, Effect.map(Store, watchStorage(watch, "Store", storeTrouble))),
    Layer.effect(Accounts, Effect.map(Accounts, watchStorage(watch, "Accounts", accountsTrouble))),
    Layer.succeed(CurrentStorageWatch, watch)
  )
