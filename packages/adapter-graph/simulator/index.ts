/**
 * A simulated Microsoft Graph and Entra: the public surface, in the order a reader needs it.
 */

// Start one, and talk to it.
export { type Simulator, type SimulatorOptions, startSimulator } from "./Server.ts"

// What can happen in it.
export { type Edit, EditRefused, type Edited } from "./edits/Edit.ts"
export type { Fault, FaultAnswer } from "./world/Fault.ts"
export { type Options, type OptionsChange, changeOptions } from "./world/Options.ts"
export { type LifecycleWish, lifecycleSent } from "./notifications/Lifecycle.ts"
export type { AppSpec, Credentials, MailboxSpec } from "./world/Accounts.ts"

// The rules, for those who need no socket: (world, request, now) to an answer.
export { callerOf, step } from "./rules/Rules.ts"
export { type Editing, applyEdit } from "./edits/Editing.ts"
export { type Parcel, type Receipt, dispatched, received } from "./notifications/Delivery.ts"
export { appAdded, credentialsFor, mailboxAdded } from "./world/Accounts.ts"
export { type Subscription, type World, emptyWorld, findMailbox } from "./world/World.ts"
export type { Outcome, Reply, Request, ValidationResult } from "./wire/Exchange.ts"
export { defaultApp, withApp } from "./world/Grant.ts"
export { type Traffic, heldBy, isHeld, noTraffic, trafficKey, visited } from "./Traffic.ts"

// The oracle for recurrence, independent of the product's.
export { type Rhythm, type Slot, slotsBetween } from "./world/Recurrence.ts"
export { type Occurrence, occurrenceOn, occurrencesBetween } from "./world/Occurrences.ts"
