/**
 * Mistakes about a workspace's policy, and about people's rules, that the simulated world must notice. As `MutantList.ts`.
 */
import type { Mutant } from "./Mutant.ts"

export const policyMutants: ReadonlyArray<Mutant> = [
  {
    name: "a lock is not asked",
    file: "src/decide/desired/Judge.ts",
    search: "time, lock, exclusion, served, intent]",
    replace: "time, exclusion, served, intent]"
  },
  {
    name: "launches go on through a pause",
    file: "src/decide/launch/LaunchStep.ts",
    search: "      return isPaused(pausedUntil, now) ? ",
    replace: "      return pausedUntil === now ? "
  },
  {
    name: "a policy reaches only those who are decided anyway",
    file: "src/usecases/scheduling/JudgeAnew.ts",
    search: "for (const scope of yield* judgedByRules(userId)) {",
    replace: "for (const scope of (yield* judgedByRules(userId)).slice(2)) {"
  },
  {
    name: "a meeting that its user declined keeps its bot",
    file: "src/decide/desired/Ruling.ts",
    search: 'if (isOut) return { kind: "skip", code: "declined_by_user", rule: null }\n',
    replace: ""
  },
  {
    name: "rules are asked only before a bot is made",
    file: "src/decide/desired/Precedence.ts",
    search: "isRuled: true",
    replace: "isRuled: live === null"
  },
  {
    name: "other rules wait for meetings to change",
    file: "src/usecases/scheduling/AutoSchedule.ts",
    search: '{ kind: "span", span }, (state) =>\n    changeRules',
    replace: '{ kind: "meetings", meetings: [], series: [] }, (state) =>\n    changeRules'
  },
  {
    name: "rules outlive a disconnect",
    file: "testing/memory/store/Connections.ts",
    search: "  tenant.auto = autoNever\n",
    replace: "  tenant.auto = { ...autoNever, rules: tenant.auto.rules, otherwise: tenant.auto.otherwise }\n"
  }
]
