/**
 * What a bot service can do, and what becomes of a question put to it. Shapes alone.
 */

/** What became of one call. */
export type LaunchOutcome =
  /** The service has the bot, now or already. */
  | { readonly kind: "accepted"; readonly externalId: string | null; readonly isReplay: boolean }
  /** Refused for good. */
  | { readonly kind: "rejected"; readonly message: string }
  /** Not now. `definite`: the service said so itself, so that no bot can have come of it. */
  | {
      readonly kind: "retry"
      readonly afterMillis: number | null
      readonly definite: boolean
      readonly message: string
    }
  /** No launcher is configured. */
  | { readonly kind: "unconfigured" }

/**
 * What became of asking a bot back. `withdrawn`: it leaves. `gone`: it has left by itself, or was never there. `too_late`:
 * the service would not. `unsupported`: it can't be asked, or not about this one. `unanswered`: nobody knows yet; ask again.
 */
export type WithdrawOutcome = "withdrawn" | "gone" | "too_late" | "unsupported" | "unanswered"

/**
 * What the service says of a key. `absent`: it has no bot under it, so far; a call that is still on its way may yet make
 * one. `unanswered`: nobody knows; ask again.
 */
export type LookupOutcome =
  | { readonly kind: "found"; readonly externalId: string }
  | { readonly kind: "absent" }
  | { readonly kind: "unanswered"; readonly message: string }

export interface LauncherCapabilities {
  /** A second call under the same key makes no second bot. */
  readonly replays: boolean
  /** Bots are found by their key. Where they are, what became of a call is looked up and no call is repeated blindly. */
  readonly lookup: boolean
  /** Bots are taken back after hand-over. */
  readonly withdraw: boolean
}
