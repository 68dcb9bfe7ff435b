/**
 * How often a second an operation may be called.
 * Decides by whole seconds of the fake's time: one too many within a second is throttled.
 */
import { throttled } from "./Exchange.ts"
import type { Timer } from "./Timer.ts"

export interface Rate {
  /** Refuses what is one too many; `family` shares one allowance. */
  readonly spend: (family: string, perSecond: number) => void
}

export const makeRate = ({ now }: Timer): Rate => {
  const spent = new Map<string, { readonly second: number; readonly count: number }>()
  return {
    spend: (family, perSecond) => {
      const second = Math.floor(now() / 1_000)
      const before = spent.get(family)
      const count = (before?.second === second ? before.count : 0) + 1
      spent.set(family, { second, count })
      if (count > perSecond) throw throttled(`Rate exceeded: ${family}`)
    }
  }
}
