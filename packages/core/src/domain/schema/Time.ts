/**
 * Schemas of times: instants as numbers, dates as texts.
 * Decide what a stored time looks like. Never read a zone.
 */
import { Schema } from "effect"
import type { Instant as InstantType, LocalDate as LocalDateType, Span as SpanType } from "../Time.ts"
import { describing } from "./Describing.ts"

/** Milliseconds since 1970-01-01T00:00:00Z: any number that JSON can carry. */
export const Instant = describing<InstantType>()(Schema.Finite)

/** `yyyy-mm-dd` */
export const LocalDate = describing<LocalDateType>()(Schema.String.check(Schema.isPattern(/^\d{4}-\d{2}-\d{2}$/)))

export const Span = describing<SpanType>()(Schema.Struct({ from: Instant, to: Instant }))
