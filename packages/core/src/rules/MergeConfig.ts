/**
 * A bot's configuration over another one: a rule's or an override's over what stands below it.
 * Decides that members of the top level are replaced whole, and that null removes one.
 */
import type { BotConfig } from "../domain/Bot.ts"

/** Member by member; null removes. Members are data, also one that is called `__proto__`. */
export const mergeMembers = (base: BotConfig, patch: BotConfig): BotConfig =>
  Object.fromEntries(
    [...new Map([...Object.entries(base), ...Object.entries(patch)])].filter(
      ([member, value]) => !(value === null && Object.hasOwn(patch, member))
    )
  )
