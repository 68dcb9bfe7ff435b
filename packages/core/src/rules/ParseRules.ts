/**
 * A list of rules out of any JSON, or where the JSON goes wrong.
 *
 * Decides which members a rule has, which of them must be there, and what those left out are. What was given is kept as it
 * was. It never throws, whatever it is given.
 */
import type { BotConfig } from "../domain/Bot.ts"
import { jsonBytes } from "../domain/JsonSize.ts"
import { quotaLimits, ruleLimits } from "../domain/Limits.ts"
import {
  type PolicyRule,
  type JoinRule,
  type RuleOutcome,
  type When,
  ruleNameCharactersMax,
  rulesMax
} from "../domain/JoinRule.ts"
import { checkWhen } from "./CheckConditions.ts"
import {
  type Check,
  type RulesRejection,
  checkBoolean,
  checkMembers,
  checkOneOf,
  checkText,
  checkValueText,
  firstOf,
  isMembersOfJson,
  reject,
  rejectKind
} from "./RulesRejection.ts"

export interface ParseRulesOptions<Kind extends "user" | "policy"> {
  /** Where the list stands in what the caller sent: paths begin with it. */
  readonly path: string
  /** A workspace's rules may be locked. */
  readonly kind: Kind
  /** Ids of the list that these rules replace: no other may be sent. */
  readonly knownIds: ReadonlySet<string>
  /** A new id each time it is called; called once for each rule sent without one, and only if all of them are rules. */
  readonly makeId: () => string
}

export interface ParsedRules<R extends JoinRule> {
  readonly kind: "rules"
  readonly rules: ReadonlyArray<R>
}

type RuleOf<Kind> = Kind extends "policy" ? PolicyRule : JoinRule

/**
 * A list of rules out of JSON as a person sent it. Limits: `rulesMax` and those beside it, `ruleLimits`.
 *
 * Answers the rules, in their order, or a rejection with the path of what is wrong and a sentence about it. An id that was
 * sent is kept; `enabled` is true where left out, `locked` false, `bot_config` null. Never fails.
 *
 * @example
 * parseRules([{ name: "Short", when: { minutes: { max: -1 } }, then: "skip" }], {
 *   path: "rules", kind: "user", knownIds: new Set(), makeId: () => "rule_1"
 * }) // { kind: "rejected", path: "rules.0.when.minutes.max", message: "rules.0.when.minutes.max is negative; expected …" }
 */
export const parseRules = <Kind extends "user" | "policy">(
  json: unknown,
  { kind, knownIds, makeId, path }: ParseRulesOptions<Kind>
): ParsedRules<RuleOf<Kind>> | RulesRejection => {
  if (!Array.isArray(json)) return rejectKind(path, json, "a list of rules")
  if (json.length > rulesMax) return reject(path, `has ${json.length} rules`, `at most ${rulesMax}`)
  const items = json as ReadonlyArray<unknown>
  const isPolicy = kind === "policy"
  const rejection =
    firstOf(items, (item, index) => checkRule(item, `${path}.${index}`, isPolicy)) ?? checkIds(items, path, knownIds)
  if (rejection !== null) return rejection
  const bytes = jsonBytes(items)
  const { listBytesMax } = ruleLimits
  if (bytes > listBytesMax) return reject(path, `is ${bytes} bytes long as JSON`, `at most ${listBytesMax} in all`)
  return {
    kind: "rules",
    // The checks above are those of the members' types; which of the two kinds it is follows from `kind`.
    rules: (items as ReadonlyArray<WrittenRule>).map((item) => ruleOf(item, makeId, isPolicy)) as ReadonlyArray<
      RuleOf<Kind>
    >
  }
}

/** A rule as it is sent, once it has passed. */
interface WrittenRule {
  readonly id?: string
  readonly name: string
  readonly enabled?: boolean
  readonly when: When
  readonly then: RuleOutcome
  readonly bot_config?: BotConfig | null
  readonly locked?: boolean
}

const ruleOf = (item: WrittenRule, makeId: () => string, isPolicy: boolean): JoinRule | PolicyRule => {
  const { bot_config = null, enabled = true, id = makeId(), locked = false, name, then, when } = item
  const rule: JoinRule = { id, name, enabled, when, then, bot_config }
  return isPolicy ? { ...rule, locked } : rule
}

const checkConfig: Check = (value, path) => {
  if (value === null) return null
  const expected = `an object of at most ${quotaLimits.botConfigBytesMax} bytes as JSON`
  if (!isMembersOfJson(value)) return rejectKind(path, value, expected)
  if (!isWithinDepth(value, configDepthMax))
    return reject(path, "is nested too deep", `at most ${configDepthMax} levels`)
  return jsonBytes(value) > quotaLimits.botConfigBytesMax ? reject(path, "is too large", expected) : null
}

/** Containers inside containers: what is deeper can be read as JSON, but not be written again. */
const configDepthMax = 32

const isWithinDepth = (value: unknown, levels: number): boolean =>
  typeof value !== "object" ||
  value === null ||
  (levels > 0 && Object.values(value).every((each) => isWithinDepth(each, levels - 1)))

const members = {
  id: checkValueText,
  name: checkText(ruleNameCharactersMax),
  enabled: checkBoolean,
  when: checkWhen,
  then: checkOneOf(["join", "skip"]),
  bot_config: checkConfig
} satisfies { readonly [M in keyof JoinRule]-?: Check }

const checkUserMembers = checkMembers(members, "a rule")
const checkPolicyMembers = checkMembers({ ...members, locked: checkBoolean }, "a rule of a workspace")

const required = ["name", "when", "then"] as const

const checkRule = (item: unknown, path: string, isPolicy: boolean): RulesRejection | null => {
  const rejection = (isPolicy ? checkPolicyMembers : checkUserMembers)(item, path)
  if (rejection !== null) return rejection
  const rule = item as Partial<WrittenRule>
  const missing = required.find((member) => rule[member] === undefined)
  if (missing !== undefined) return reject(`${path}.${missing}`, "is missing", `a rule with ${required.join(", ")}`)
  if (rule.then === "skip" && rule.bot_config != null) {
    return reject(`${path}.bot_config`, "is set on a rule that skips", "none, since there is no bot to configure")
  }
  if (rule.then === "join" && rule.locked === true) {
    return reject(`${path}.then`, "is join on a locked rule", "skip: a lock only forbids")
  }
  return null
}

const checkIds = (
  items: ReadonlyArray<unknown>,
  path: string,
  knownIds: ReadonlySet<string>
): RulesRejection | null => {
  const seen = new Set<string>()
  return firstOf(items as ReadonlyArray<WrittenRule>, ({ id }, index) => {
    if (id === undefined) return null
    if (!knownIds.has(id)) return reject(`${path}.${index}.id`, "is no id of this list", "an id of it, or none")
    if (seen.has(id)) return reject(`${path}.${index}.id`, "stands on an earlier rule too", "each id once")
    seen.add(id)
    return null
  })
}
