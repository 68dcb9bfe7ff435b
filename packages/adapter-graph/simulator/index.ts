/**
 * A simulated Microsoft Graph and Entra: the public surface, in the order a reader needs it.
 */

// Start one, and talk to it.
export { startSimulator, type Simulator, type SimulatorOptions } from "./Server.ts"

// What can happen in it.
export { type Edit, type Edited, EditRefused } from "./Edit.ts"
export type { Fault, FaultAnswer } from "./Fault.ts"
export { changeOptions, type Options, type OptionsChange } from "./Options.ts"
export { lifecycleSent, type LifecycleWish } from "./Lifecycle.ts"
export type { AppSpec, Credentials, MailboxSpec } from "./Accounts.ts"

// The rules, for those who need no socket: (world, request, now) to an answer.
export { callerOf, step } from "./Rules.ts"
export { applyEdit, type Editing } from "./Editing.ts"
export { dispatched, received, type Parcel, type Receipt } from "./Delivery.ts"
export { mailboxAdded, credentialsFor, appAdded } from "./Accounts.ts"
export { emptyWorld, findMailbox, type Subscription, type World } from "./World.ts"
export type { Outcome, Reply, Request, ValidationResult } from "./Exchange.ts"
export { defaultApp, withApp } from "./Grant.ts"
export { heldBy, isHeld, noTraffic, type Traffic, trafficKey, visited } from "./Traffic.ts"

// The oracle for recurrence, independent of the product's.
export { slotsBetween, type Rhythm, type Slot } from "./Recurrence.ts"
export { occurrenceOn, occurrencesBetween, type Occurrence } from "./Occurrences.ts"
