/**
 * Law C14, and what becomes of bots and requests under a lock. As in `Laws.ts`.
 */
import { assert } from "@effect/vitest"
import type { PreviewedMeeting } from "../../src/decide/Preview.ts"
import { isWithdrawn } from "../../src/domain/BotStatus.ts"
import type { WorkspaceId } from "../../src/domain/Ids.ts"
import type { PolicyRule } from "../../src/domain/JoinRule.ts"
import type { Slice } from "../../src/domain/Slice.ts"
import { type Workspace, type WorkspacePolicy, noPolicy } from "../../src/domain/Workspace.ts"
import { policyRule } from "../../testing/rows/Workspace.ts"
import type { Subject } from "./Arbitraries.ts"
import type { Deciding } from "./Code.ts"
import { decided, isRefused } from "./Decided.ts"
import type { Law } from "./Laws.ts"
import { luckOf } from "./Luck.ts"
import { committed } from "./Model.ts"
import { naiveLock } from "./RuleReading.ts"
import { toldAsDone } from "./RuleLaws.ts"
import { settled } from "./Settled.ts"

const withPolicyRules = (slice: Slice, rules: ReadonlyArray<PolicyRule>): Slice => ({
  ...slice,
  workspace: { id: "wsp_1" as WorkspaceId, policy: { ...noPolicy, rules }, policyNumber: 1 }
})

export const locked: Law = {
  name: "C14 no origin passes a lock: not what was asked for by hand, a series, a chain or auto-scheduling; lifted, all come back",
  holds: (code, subject) => {
    const { now, policy, slice } = subject
    const state = code.currentState(slice, now)
    const before = code.desired(state, { now, policy })
    for (const [meeting, verdict] of before) {
      const { reasons, rule } = code.explain(state, meeting, { now, policy })
      const event = verdict.kind === "wanted" ? verdict.bot.event : null
      if (event !== null) assert.isNull(naiveLock(state, event))
      if (reasons.at(-1)?.rule !== "lock") continue
      const named = rule ?? { id: "", name: "" }
      assert.deepStrictEqual(verdict, { kind: "unwanted", reason: "blocked_by_policy", rule: named })
      const copies = state.events.filter((each) => each.meeting === meeting)
      if (copies.length === 1 && copies[0] !== undefined) {
        assert.strictEqual(naiveLock(state, copies[0])?.id, rule?.id)
      }
    }
    const rule = policyRule({ id: "rule_all", name: "All", when: {} })
    const shut = withPolicyRules(state, [policyRule({ id: "rule_off", enabled: false, when: {} }), rule])
    for (const [meeting, verdict] of code.desired(shut, { now, policy })) {
      const was = before.get(meeting)
      assert.notStrictEqual(verdict.kind, "wanted")
      if (was?.kind !== "wanted") continue
      assert.deepStrictEqual(verdict, {
        kind: "unwanted",
        reason: "blocked_by_policy",
        rule: { id: rule.id, name: rule.name }
      })
    }
    noneStay(code, settled(code, shut, subject), subject)
    refused(code, shut, subject)
  }
}

/** Under a lock on everything: none is scheduled, those on their way go, and those in meetings too. */
const noneStay = (code: Deciding, after: Slice, { now, policy }: Subject): void => {
  const verdicts = code.desired(after, { now, policy })
  for (const bot of after.bots) {
    const verdict = verdicts.get(bot.meeting)
    if (verdict?.kind !== "unwanted" || verdict.reason !== "blocked_by_policy") continue
    assert.notStrictEqual(bot.status, "Scheduled")
    if (bot.status === "Launching") assert.isNotNull(bot.launch?.takenBack)
    // One without a link is out by that, for whoever looks at it as if it had been asked for.
    const hasLink = after.events.some(({ link, meeting }) => meeting === bot.meeting && link !== null)
    if (bot.status === "Launched" && hasLink) {
      assert.strictEqual(code.withdrawReason(after, bot, { now, policy }), "blocked_by_policy")
    }
    if (bot.statusReason === "blocked_by_policy") assert.include(bot.statusMessage, "“All”")
  }
}

const refused = (code: Deciding, shut: Slice, { luck, now, policy }: Subject): void => {
  const event = luckOf(luck).oneOf(shut.events) ?? null
  if (event === null) return
  const request = { event, series: event.seriesKey, moment: null, config: {}, recurring: false }
  const answers = [
    code.scheduleEvent(code.currentState(shut, now), { now }, request),
    ...(event.seriesKey === null
      ? []
      : [
          code.scheduleSeries(
            code.currentState(shut, now),
            { now },
            { ...request, series: event.seriesKey, occurrenceLimit: 9 }
          )
        ])
  ]
  for (const answer of answers) assert.isTrue(isRefused(answer))
  const [single] = answers
  const verdict = code.desired(shut, { now, policy }).get(event.meeting)
  const isHeld = verdict?.kind === "unwanted" && verdict.reason === "blocked_by_policy"
  const isAlone = shut.events.filter(({ family }) => family === event.family).length === 1
  if (isHeld && isAlone && !event.isVirtual && event.kind === "single" && event.link !== null) {
    assert.deepInclude(single, { code: "blocked_by_policy", ruleName: "All" })
  }
}

/** What may become of a workspace's rules. */
const otherPolicy = ({ luck, slice }: Subject): Workspace => {
  const chance = luckOf(luck + 11)
  const policy = slice.workspace?.policy ?? noPolicy
  const rules = chance.shuffled(policy.rules)
  const other = chance.oneOf<Partial<WorkspacePolicy>>([
    {},
    { rules: [] },
    { rules: rules.map((rule) => ({ ...rule, enabled: !rule.enabled })) },
    { rules: [policyRule({ id: "rule_new", name: "New", when: { subject_contains: ["e0", "s1"] } }), ...rules] },
    { rules: [...rules, policyRule({ id: "rule_last", name: "Last", when: {}, locked: false })] },
    { internalDomains: ["example.com"], rules: rules.slice(1) }
  ])
  return { id: "wsp_1" as WorkspaceId, policy: { ...policy, ...other }, policyNumber: 2 }
}

export const previewedPolicy: Law = {
  name: "C11 a preview of a policy says what the policy does when it is written, and takes no bot out but by a lock",
  holds: (code, subject) => {
    const { now, policy } = subject
    const slice = settled(code, subject.slice, subject)
    const workspace = otherPolicy(subject)
    const options = { now, policy, isWhole: false }
    const seen = code.previewPolicy([slice, slice], workspace, options)
    if (isRefused(seen)) throw seen
    const under = { ...slice, workspace }
    const after = committed(under, decided(under, {}, options, code).commit)
    const isInMeeting = ({ bot }: PreviewedMeeting): boolean => bot?.status === "Launched"
    toldAsDone({ ...seen, leaves: seen.leaves.filter((row) => !isInMeeting(row)) }, under, after)
    for (const { bot, explained } of seen.leaves.filter(isInMeeting)) {
      if (bot !== null) assert.strictEqual(code.withdrawReason(after, bot, { now, policy }), "blocked_by_policy")
      assert.strictEqual(explained.code, "blocked_by_policy")
    }
    const others = after.bots.filter(
      (bot) => bot.status === "Launched" && !seen.leaves.some((row) => row.bot?.id === bot.id)
    )
    for (const bot of others) {
      const hasRow = after.events.some(({ isDeleted, meeting }) => meeting === bot.meeting && !isDeleted)
      const isOut = isWithdrawn(bot) || bot.end <= now || !hasRow
      if (!isOut) assert.notStrictEqual(code.withdrawReason(after, bot, { now, policy }), "blocked_by_policy")
    }
  }
}

export const lockLaws: ReadonlyArray<Law> = [locked, previewedPolicy]
