/**
 * Whole rows for tests, each built in one place: what a test does not say has a plain default. A row that gains a member
 * is changed here and nowhere else.
 * Decides what is offered; the defaults are decided beside each row.
 */
export * from "./Bot.ts"
export * from "./Calendar.ts"
export * from "./Connection.ts"
export * from "./Event.ts"
export * from "./Facts.ts"
export * from "./Fresh.ts"
export * from "./Intent.ts"
export * from "./Present.ts"
export * from "./Series.ts"
export * from "./Slice.ts"
export * from "./Workspace.ts"
