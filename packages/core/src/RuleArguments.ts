/**
 * Lists of rules and policies that the facade is called with.
 * Decides how many of each there may be; what a rule is, is decided by `parseRules`.
 */
import { instant, isObject, isText, listOf, must, objectOf, oneOf, orMissing, orNull } from "./ArgumentChecks.ts"
import { rulesMax } from "./domain/JoinRule.ts"
import { policyLimits } from "./domain/Limits.ts"
import type { WorkspacePolicy } from "./domain/Workspace.ts"
import type { AutoRules } from "./usecases/scheduling/AutoSchedule.ts"

const rule = must("a rule, as `parseRules` makes it", (value) => isObject(value) && isObject(value["when"]))

/** Of a user. */
export const rules = objectOf<AutoRules>({
  rules: orMissing(listOf(rule, rulesMax)),
  otherwise: orMissing(oneOf("join", "skip"))
})

const { domainCharactersMax, internalDomainsMax } = policyLimits

/** Of a workspace. */
export const policy = objectOf<Omit<WorkspacePolicy, "updatedAt">>({
  internalDomains: listOf(
    must(
      `a domain of at most ${domainCharactersMax} characters`,
      (value) => isText(value) && value.length <= domainCharactersMax
    ),
    internalDomainsMax
  ),
  rules: listOf(rule, rulesMax),
  botsPerMeeting: oneOf("user", "workspace"),
  pausedUntil: orNull(instant)
})
