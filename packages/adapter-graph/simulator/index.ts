/**
 * A simulated Microsoft Graph and Entra: the public surface, in the order a reader needs it.
 */

// Start one, and talk to it.
export { type Simulator, type SimulatorOptions, startSimulator } from "./Server.ts"

// What can happen in it.
export { type Edit, EditRefused, type Edited } from "./Edit.ts"
export type { Fault, FaultAnswer } from "./Fault.ts"
export { type Options, type OptionsChange, changeOptions } from "./Options.ts"
export { type LifecycleWish, lifecycleSent } from "./Lifecycle.ts"
export type { AppSpec, Credentials, MailboxSpec } from "./Accounts.ts"

// The rules, for those who need no socket: (world, request, now) to an answer.
export { callerOf, step } from "./Rules.ts"
export { type Editing, applyEdit } from "./Editing.ts"
export { type Parcel, type Receipt, dispatched, received } from "./Delivery.ts"
export { appAdded, credentialsFor, mailboxAdded } from "./Accounts.ts"
export { type Subscription, type World, emptyWorld, findMailbox } from "./World.ts"
export type { Outcome, Reply, Request, ValidationResult } from "./Exchange.ts"
export { defaultApp, withApp } from "./Grant.ts"
export { type Traffic, heldBy, isHeld, noTraffic, trafficKey, visited } from "./Traffic.ts"

// The oracle for recurrence, independent of the product's.
export { type Rhythm, type Slot, slotsBetween } from "./Recurrence.ts"
export { type Occurrence, occurrenceOn, occurrencesBetween } from "./Occurrences.ts"
