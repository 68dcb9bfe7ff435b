/**
 * A list of rules out of a request's body.
 *
 * Decides how long a list may be, the ids of rules that come without one, and how a mistake in a list is told: as any other
 * mistake of a request, by its path. Which JSON is a rule is decided by the core.
 */
import { Effect } from "effect"
import { type JoinRule, type ParsedRules, type PolicyRule, jsonBytes, parseRules } from "@punctual/core"
import type { InvalidRequest } from "../api/Problems.ts"
import { nameFrom } from "../auth/RandomId.ts"
import { ruleListLimits } from "../http/Limits.ts"
import { invalidRequest } from "../http/RequestValidation.ts"

interface RulesInput<Kind extends "user" | "policy"> {
  readonly kind: Kind
  /** Whose list it is: a user's or a workspace's id. */
  readonly owner: string
  /** The list that these rules replace. */
  readonly present: ReadonlyArray<Pick<JoinRule, "id">>
  /** As the body has it. */
  readonly json: unknown
}

type RuleOf<Kind> = Kind extends "policy" ? PolicyRule : JoinRule

/** Fails with every list that is none, by the path of what is wrong with it. */
export const rulesFrom = <Kind extends "user" | "policy">({
  json,
  kind,
  owner,
  present
}: RulesInput<Kind>): Effect.Effect<ReadonlyArray<RuleOf<Kind>>, InvalidRequest> => {
  const path = "rules"
  if (jsonBytes(json) > ruleListLimits.bytesMax) {
    const message = `Expected a list of at most ${ruleListLimits.bytesMax} bytes as JSON`
    return Effect.fail(invalidRequest([{ path, message, in: "body" }]))
  }
  const parsed: ParsedRules<RuleOf<Kind>> | ReturnType<typeof parseRules> = parseRules<Kind>(json, {
    path,
    kind,
    knownIds: new Set(present.map(({ id }) => id)),
    makeId: idsFor(owner, json)
  })
  return parsed.kind === "rules"
    ? Effect.succeed(parsed.rules as ReadonlyArray<RuleOf<Kind>>)
    : Effect.fail(invalidRequest([{ path: parsed.path, message: said(parsed.path, parsed.message), in: "body" }]))
}

/** The path stands beside it. */
const said = (path: string, message: string): string => {
  const rest = (message.startsWith(`${path} `) ? message.slice(path.length + 1) : message).replace(/\.$/, "")
  return `${rest.charAt(0).toUpperCase()}${rest.slice(1)}`
}

/**
 * Ids from content, as everywhere: a preview names the rules that applying it makes. Each time another one, for the rules
 * without an id in their order.
 */
const idsFor = (owner: string, json: unknown): (() => string) => {
  const items: ReadonlyArray<{ readonly id?: unknown }> = Array.isArray(json) ? json : []
  const taken = new Set(items.flatMap((item) => (typeof item?.id === "string" ? [item.id] : [])))
  const bare = items.filter((item) => item?.id === undefined)[Symbol.iterator]()
  return () => {
    const text = JSON.stringify(bare.next().value)
    for (let copy = 0; ; copy++) {
      const id = nameFrom("rule", JSON.stringify([owner, text, copy]))
      if (taken.has(id)) continue
      taken.add(id)
      return id
    }
  }
}
