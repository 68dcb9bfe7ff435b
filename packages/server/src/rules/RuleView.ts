/**
 * A rule in the words of the HTTP contract. Decides nothing: it is stored as it is shown.
 */
import type { JoinRule } from "@punctual/core"
import type { JoinRule as RuleAnswer } from "../api/RuleSchemas.ts"

type Shown<R extends JoinRule> = Omit<R, "bot_config"> & Pick<typeof RuleAnswer.Type, "bot_config">

/** Configurations came in as JSON and were stored as such. */
export const ruleShown = <R extends JoinRule>(rule: R): Shown<R> => ({
  ...rule,
  bot_config: rule.bot_config as (typeof RuleAnswer.Type)["bot_config"]
})
