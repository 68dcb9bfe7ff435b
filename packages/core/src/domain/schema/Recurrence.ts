/**
 * Schemas of what a series repeats by, and of what differs from the pattern.
 * Decide the shapes only: whether a pattern makes sense is decided where it is read from the provider.
 */
import { Schema } from "effect"
import type {
  Exceptions as ExceptionsType,
  Occurrence as OccurrenceType,
  Pattern as PatternType,
  Range as RangeType,
  RecurringSeries as RecurringSeriesType,
  Rule as RuleType
} from "../../recurrence/index.ts"
import { describing } from "./Describing.ts"
import { Instant, LocalDate } from "./Time.ts"

const Weekday = Schema.Literals(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
const Index = Schema.Literals([1, 2, 3, 4, -1])
const days = Schema.Array(Weekday)

export const Pattern = describing<PatternType>()(
  Schema.Union([
    Schema.Struct({ kind: Schema.Literal("daily"), interval: Schema.Int }),
    Schema.Struct({ kind: Schema.Literal("weekly"), interval: Schema.Int, days, weekStart: Weekday }),
    Schema.Struct({ kind: Schema.Literal("absoluteMonthly"), interval: Schema.Int, dayOfMonth: Schema.Int }),
    Schema.Struct({ kind: Schema.Literal("relativeMonthly"), interval: Schema.Int, days, index: Index }),
    Schema.Struct({
      kind: Schema.Literal("absoluteYearly"),
      interval: Schema.Int,
      month: Schema.Int,
      dayOfMonth: Schema.Int
    }),
    Schema.Struct({
      kind: Schema.Literal("relativeYearly"),
      interval: Schema.Int,
      month: Schema.Int,
      days,
      index: Index
    })
  ])
)

export const Range = describing<RangeType>()(
  Schema.Union([
    Schema.Struct({ kind: Schema.Literal("noEnd") }),
    Schema.Struct({ kind: Schema.Literal("numbered"), count: Schema.Int }),
    Schema.Struct({ kind: Schema.Literal("endDate"), endDate: LocalDate })
  ])
)

export const Rule = describing<RuleType>()(
  Schema.Union([
    Schema.Struct({ kind: Schema.Literal("pattern"), pattern: Pattern, range: Range }),
    Schema.Struct({ kind: Schema.Literal("text"), rrule: Schema.String })
  ])
)

export const RecurringSeries = describing<RecurringSeriesType>()(
  Schema.Struct({
    rule: Rule,
    startDate: LocalDate,
    startTime: Schema.Finite,
    durationMillis: Schema.Finite,
    zone: Schema.String,
    isAllDay: Schema.optionalKey(Schema.Boolean),
    dateZone: Schema.optionalKey(Schema.String)
  })
)

export const Occurrence = describing<OccurrenceType>()(Schema.Struct({ date: LocalDate, start: Instant, end: Instant }))

export const Exceptions = describing<ExceptionsType>()(
  Schema.Struct({ cancelled: Schema.Array(LocalDate), moved: Schema.Array(Occurrence) })
)
