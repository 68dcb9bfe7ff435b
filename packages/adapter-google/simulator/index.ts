/**
 * A simulated Google Calendar: the public surface, in the order a reader needs it.
 */

// Start one, and talk to it.
export { type Simulator, type SimulatorOptions, startSimulator } from "./Server.ts"

// What can happen in it.
export { type Edit, EditRefused, type Edited, applyEdit } from "./edits/Edit.ts"
export { type Fault, type Options, type World, defaultOptions, emptyWorld } from "./world/World.ts"

// The rules, for those who need no socket: (world, request, now) to an answer.
export { type Outcome, step } from "./rules/Rules.ts"
export type { Parcel, Reply, Request } from "./wire/Exchange.ts"
