/**
 * Generators for property tests, over `effect/Arbitrary`: values, rows, and whole states with dense edits.
 *
 * Decides what is offered. They aim at edges: instants a second apart, the nights when clocks change, midnight UTC,
 * a second around now + lead, ids that sort badly, intents that contradict each other.
 */
export * from "./arbitraries/AutoSchedules.ts"
export * from "./arbitraries/Facts.ts"
export * from "./arbitraries/Rows.ts"
export * from "./arbitraries/RuledEvents.ts"
export * from "./arbitraries/Rules.ts"
export * from "./arbitraries/States.ts"
export * from "./arbitraries/Timings.ts"
export * from "./arbitraries/Values.ts"
