/**
 * What judging a whole user costs, by requests and by the rules of auto-scheduling: beside the same user without rules, in
 * turns. Figures of one run may be set beside each other, not those of two.
 */
import type { MeetingKey } from "../src/domain/Ids.ts"
import { defaultPolicy } from "../src/domain/Policy.ts"
import { type JoinRule, rulesMax } from "../src/domain/JoinRule.ts"
import { desired } from "../src/decide/desired/Desired.ts"
import type { Verdict } from "../src/decide/desired/Verdict.ts"
import { autoSchedule } from "../testing/rows/Intent.ts"
import { now, round, timed, userOf } from "./Users.ts"

const sizes = [1_000, 10_000, 100_000]

/** Each size is judged about so many times in all; the best turn counts. */
const judgements = 400_000
const turnsMax = 40
const turnsMin = 5

export const run = () => [
  {
    title: "Judging a whole user",
    note: "Single meetings of one calendar, each with an intent of its own, nine of ten with a bot; best turn, by processor time.",
    rows: sizes.map((size) => judged(size))
  },
  {
    title: "Judging a whole user by the rules of auto-scheduling",
    note: `The same meetings, all covered and none asked for by hand, without rules and with ${rulesMax} that no meeting matches, in turns; x: how many times longer with them.`,
    rows: sizes.map(ruled)
  }
]

/** Of each kind that a person writes; each misses by its first member. */
const manyRules: ReadonlyArray<JoinRule> = Array.from({ length: rulesMax }, (_, nth) => ({
  id: `rule_${nth}`,
  name: `Rule ${nth}`,
  enabled: true,
  when:
    [
      { all_day: true, subject_contains: [`name ${nth}`] },
      { my_response: ["tentative" as const], people: { min: nth } },
      { sensitivity: ["private" as const] },
      { external_people: { min: 1 + nth }, organizer: ["external" as const] },
      { subject_contains: ["interview", "1:1", `name ${nth}`] },
      { organizer_email: [`*@customer${nth}.example`], hours: { from: "09:00" } }
    ][nth % 6] ?? {},
  then: "skip",
  bot_config: null
}))

const ruled = (size: number) => {
  const { intents: _intents, ...user } = userOf(size)
  const auto = autoSchedule({ enabled: true, seq: 1, coveredUntil: Number.MAX_SAFE_INTEGER })
  const states = [[], manyRules].map((rules) => ({ ...user, intents: [], auto: { ...auto, rules } }))
  const options = { policy: defaultPolicy, now }
  const best = states.map(() => Infinity)
  for (let turn = 0; turn < turnsMin; turn++) {
    for (const [place, state] of states.entries()) {
      best[place] = Math.min(
        best[place] ?? Infinity,
        timed(() => desired(state, options))
      )
    }
  }
  for (const state of states) {
    const wanted = [...desired(state, options).values()].filter(({ kind }) => kind === "wanted").length
    if (wanted !== size) throw new Error(`${wanted} of ${size} meetings are wanted`)
  }
  const [without = 0, beside = 0] = best
  return {
    meetings: size,
    "ms without": round(without),
    "ms with": round(beside),
    x: round(beside / without),
    "us each": Math.round((beside / size) * 1e5) / 100,
    "ns a rule": Math.round(((beside - without) * 1e6) / (size * rulesMax))
  }
}

const judged = (size: number) => {
  const state = userOf(size)
  const options = { policy: defaultPolicy, now }
  const count = (verdicts: ReadonlyMap<MeetingKey, Verdict>): number =>
    [...verdicts.values()].filter(({ kind }) => kind === "wanted").length
  if (count(desired(state, options)) !== size) throw new Error("not every meeting is wanted")
  const turns = Math.min(turnsMax, Math.max(turnsMin, Math.round(judgements / size)))
  let best = Infinity
  for (let turn = 0; turn < turns; turn++)
    best = Math.min(
      best,
      timed(() => desired(state, options))
    )
  return { meetings: size, ms: round(best), "us each": Math.round((best / size) * 1e5) / 100 }
}
