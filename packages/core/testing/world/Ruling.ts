/**
 * Rules that people of a simulated world may set, and what they come to.
 * Decides what each list says of a meeting by a reading of its own, in a line: never by the code under test.
 */
import type { EventFacts } from "../../src/domain/Facts.ts"
import type { JoinRule, RuleOutcome } from "../../src/domain/JoinRule.ts"
import type { Instant } from "../../src/domain/Time.ts"
import { joinRule } from "../rows/Workspace.ts"

const minute = 60_000

/** What rules look at in a meeting. */
export interface Ruled {
  readonly start: Instant
  readonly end: Instant
  readonly seriesId: string | null
  readonly facts: EventFacts | null
}

/** A list that somebody may set, and what it says. */
export interface Ruling {
  readonly rules: ReadonlyArray<JoinRule>
  readonly otherwise: RuleOutcome
  readonly joins: (meeting: Ruled) => boolean
}

const isPrivate = ({ facts }: Ruled): boolean => facts?.sensitivity === "private"
const isAccepted = ({ facts }: Ruled): boolean => facts?.response === "accepted"
const isShort = ({ end, start }: Ruled): boolean => end - start <= 30 * minute

const skips = (name: string, when: JoinRule["when"], members: Partial<JoinRule> = {}): JoinRule =>
  joinRule({ id: `rule_${name}`, name, when, then: "skip", bot_config: null, ...members })
const joins = (name: string, when: JoinRule["when"]): JoinRule => skips(name, when, { then: "join" })

export const noRuling: Ruling = { rules: [], otherwise: "join", joins: () => true }

export const rulings: ReadonlyArray<Ruling> = [
  noRuling,
  { rules: [], otherwise: "skip", joins: () => false },
  {
    rules: [skips("private", { sensitivity: ["private"] })],
    otherwise: "join",
    joins: (meeting) => !isPrivate(meeting)
  },
  {
    rules: [skips("off", {}, { enabled: false }), joins("accepted", { my_response: ["accepted"] })],
    otherwise: "skip",
    joins: isAccepted
  },
  {
    rules: [
      joins("series", { recurring: true, not: { sensitivity: ["private"] } }),
      skips("short", { minutes: { max: 30 } })
    ],
    otherwise: "join",
    joins: (meeting) => (meeting.seriesId !== null && !isPrivate(meeting)) || !isShort(meeting)
  },
  {
    rules: [skips("short and private", { minutes: { max: 30 }, sensitivity: ["private"] }), joins("rest", {})],
    otherwise: "skip",
    joins: (meeting) => !(isShort(meeting) && isPrivate(meeting))
  }
]

/** What auto-scheduling, where it is on, says of a meeting that nobody has asked for. */
export const ruledOf = (
  { auto }: { readonly auto: { readonly ruling: Ruling | "unknown" } },
  meeting: Ruled
): RuleOutcome | "unknown" => {
  if (meeting.facts?.response === "declined") return "skip"
  if (auto.ruling === "unknown") return "unknown"
  return auto.ruling.joins(meeting) ? "join" : "skip"
}
