/**
 * What goes wrong on purpose: a script that a test writes.
 * Decides which request is met by which fault, in the order in which they were added.
 */

export interface Fault {
  /** `CreateSchedule`, `ReceiveMessage`, `PutParameter`, …; `*` is any. */
  readonly operation: string
  /** Requests that it meets; 1 if absent. */
  readonly times?: number
  readonly effect:
    | { readonly kind: "error"; readonly name: string; readonly status: number }
    /** The first entry of a batch meets it; the others are done. */
    | { readonly kind: "entry"; readonly name: string }
    /** 500 with a page in place of JSON. */
    | { readonly kind: "page" }
    | { readonly kind: "reset" }
    /** Taken, never answered, and not done. */
    | { readonly kind: "silence" }
    /** It is done, and the client never hears. */
    | { readonly kind: "lost_answer" }
}

export interface Faults {
  readonly add: (...faults: ReadonlyArray<Fault>) => void
  readonly clear: () => void
  readonly meet: (operation: string) => Fault["effect"] | null
}

export const throttling: Fault["effect"] = { kind: "error", name: "ThrottlingException", status: 429 }

export const makeFaults = (): Faults => {
  let script: ReadonlyArray<Fault & { readonly left: number }> = []
  return {
    add: (...faults) => void (script = [...script, ...faults.map((fault) => ({ ...fault, left: fault.times ?? 1 }))]),
    clear: () => void (script = []),
    meet: (operation) => {
      const met = script.find((fault) => fault.operation === "*" || fault.operation === operation)
      if (met === undefined) return null
      script = script
        .map((fault) => (fault === met ? { ...fault, left: fault.left - 1 } : fault))
        .filter(({ left }) => left > 0)
      return met.effect
    }
  }
}
