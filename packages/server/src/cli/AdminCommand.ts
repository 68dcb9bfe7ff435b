/**
 * What admin commands share: whom they ask, and how they say that something could not be done.
 */
import { Effect, Schema } from "effect"
import { load } from "../config/Config.ts"
import { type Administrator, administer } from "./AdminTarget.ts"

export const asking = <A, E>(use: (administrator: Administrator) => Effect.Effect<A, E>) =>
  Effect.flatMap(load, (config) => administer(config, use))

/** What a command could not do, for a person. */
export class CommandFailed extends Schema.TaggedError<CommandFailed>()("CommandFailed", { message: Schema.String }) {}

export const failed = (message: string): Effect.Effect<never, CommandFailed> =>
  Effect.fail(new CommandFailed({ message }))
