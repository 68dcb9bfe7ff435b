/**
 * Rules by which auto-scheduling chooses among meetings, and by which a workspace forbids some.
 * Shapes alone. What makes a rule out of JSON, and whether it matches, is decided in `rules/`. Its members are called as people
 * write them: a rule is data, kept and shown as it was given.
 */
import type { Platform } from "../links/Platform.ts"
import type { BotConfig } from "./Bot.ts"
import type { Response, Sensitivity, ShowAs } from "./Facts.ts"
import type { CalendarId } from "./Ids.ts"

/** Both ends count. */
export interface Count {
  readonly min?: number
  readonly max?: number
}

type RuleDay = "mo" | "tu" | "we" | "th" | "fr" | "sa" | "su"

/** When a meeting starts, by the clock on the wall. */
export interface Hours {
  readonly days?: ReadonlyArray<RuleDay>
  /** `HH:MM`, inclusive; left out: midnight. */
  readonly from?: string
  /** `HH:MM`, exclusive; left out: midnight. Earlier than `from`: on the next day. */
  readonly to?: string
  /** IANA name; left out: the calendar's. */
  readonly time_zone?: string
}

/** What a meeting must be. All members must match; of a list one value must. */
export interface Conditions {
  readonly subject_contains?: ReadonlyArray<string>
  readonly location_contains?: ReadonlyArray<string>
  readonly organizer?: ReadonlyArray<"self" | "internal" | "external">
  /** `a@b.c`, `*@b.c` or `*@*.b.c`. */
  readonly organizer_email?: ReadonlyArray<string>
  readonly attendee_email?: ReadonlyArray<string>
  readonly my_response?: ReadonlyArray<Response>
  readonly people?: Count
  readonly external_people?: Count
  readonly sensitivity?: ReadonlyArray<Sensitivity>
  readonly show_as?: ReadonlyArray<ShowAs>
  readonly category?: ReadonlyArray<string>
  readonly platform?: ReadonlyArray<Platform>
  readonly calendar_id?: ReadonlyArray<CalendarId>
  readonly all_day?: boolean
  readonly recurring?: boolean
  readonly minutes?: Count
  readonly hours?: Hours
}

/** `not`: matches unless all its own members do. */
export interface When extends Conditions {
  readonly not?: Conditions
}

export type RuleOutcome = "join" | "skip"

/** One rule of a list; the first that matches decides. */
export interface JoinRule {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
  readonly when: When
  readonly then: RuleOutcome
  /** Merged over the default, member by member; null: as the default. Always null where the rule says `skip`. */
  readonly bot_config: BotConfig | null
}

/** A workspace's: a locked one says `skip`, and nobody passes it. */
export interface PolicyRule extends JoinRule {
  readonly locked: boolean
}

/** Rules of one list. */
export const rulesMax = 100

/** Values of one member of a rule. */
export const ruleValuesMax = 50

/** Characters of one value of a rule. */
export const ruleValueCharactersMax = 200

/** Characters of a rule's name. */
export const ruleNameCharactersMax = 80
