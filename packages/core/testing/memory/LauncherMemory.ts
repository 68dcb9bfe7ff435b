/**
 * The in-memory bot service: it writes down whom it was told to send where, and answers as a test has scripted.
 *
 * Decides nothing about bots. The bot's id is its key: where the service replays the same key twice makes one bot, where it
 * can be looked up the key finds it; a service made to do neither makes a bot at every call.
 */
import { Clock, Context, Effect, Layer } from "effect"
import type { BotId } from "../../src/domain/Ids.ts"
import type { Instant } from "../../src/domain/Time.ts"
import {
  type LaunchOutcome,
  type LaunchRequest,
  Launcher,
  type LauncherCapabilities,
  type LookupOutcome,
  type WithdrawOutcome
} from "../../src/ports/Launcher.ts"

/**
 * How one call goes: an answer without a bot, or `lost`: the bot is made and the answer never arrives.
 */
export type Scripted = Exclude<LaunchOutcome, { readonly kind: "accepted" }> | { readonly kind: "lost" }

/** One bot that the service has made. */
export interface Launched {
  readonly request: LaunchRequest
  readonly at: Instant
  readonly externalId: string
  readonly isWithdrawn: boolean
}

/** One call, whatever came of it. */
export interface Call {
  readonly request: LaunchRequest
  readonly at: Instant
  readonly outcome: LaunchOutcome
}

/** What a test may see and turn that no use case may. */
export class LauncherProbe extends Context.Service<
  LauncherProbe,
  {
    /** Every bot made, in order: never two of one id where the service replays. */
    readonly launched: Effect.Effect<ReadonlyArray<Launched>>
    readonly calls: Effect.Effect<ReadonlyArray<Call>>
    /** The next calls go like this, one after the other; those after them are accepted. */
    readonly script: (next: ReadonlyArray<Scripted>) => Effect.Effect<void>
    /** The next bots asked back are answered like this, and stay where they are. */
    readonly refuseBack: (next: ReadonlyArray<Exclude<WithdrawOutcome, "withdrawn">>) => Effect.Effect<void>
  }
>()("@punctual/core/testing/memory/LauncherMemory/LauncherProbe") {}

/** A bot service that can do what is asked of it, and its probe, sharing one state. */
export const layerWith = (capabilities: LauncherCapabilities): Layer.Layer<Launcher | LauncherProbe> =>
  Layer.effectContext(Effect.sync(() => make(capabilities)))

/** One that replays and takes bots back. */
export const layer: Layer.Layer<Launcher | LauncherProbe> = layerWith({ replays: true, lookup: false, withdraw: true })

interface State {
  readonly capabilities: LauncherCapabilities
  /** By the service's own name for each. */
  readonly launched: Map<string, Launched>
  readonly calls: Array<Call>
  readonly script: Array<Scripted>
  readonly refusals: Array<WithdrawOutcome>
}

const make = (capabilities: LauncherCapabilities): Context.Context<Launcher | LauncherProbe> => {
  const state: State = { capabilities, launched: new Map(), calls: [], script: [], refusals: [] }
  const launcher = Launcher.of({
    name: "memory",
    capabilities,
    launch: (request) =>
      Effect.map(Clock.currentTimeMillis, (at) => {
        const outcome = answer(state, request, at)
        state.calls.push({ request, at, outcome })
        return outcome
      }),
    lookUp: (botId) => Effect.sync(() => lookUp(state, botId)),
    withdraw: (_botId, externalId, before) =>
      Effect.map(Clock.currentTimeMillis, (now) => state.refusals.shift() ?? withdraw(state, externalId, before, now))
  })
  const probe = LauncherProbe.of({
    launched: Effect.sync(() => [...state.launched.values()]),
    calls: Effect.sync(() => [...state.calls]),
    script: (next) => Effect.sync(() => void state.script.push(...next)),
    refuseBack: (next) => Effect.sync(() => void state.refusals.push(...next))
  })
  return Context.make(Launcher, launcher).pipe(Context.add(LauncherProbe, probe))
}

const answer = (state: State, request: LaunchRequest, at: Instant): LaunchOutcome => {
  const scripted = state.script.shift()
  if (scripted !== undefined && scripted.kind !== "lost") return scripted
  const known = state.capabilities.replays ? ofKey(state, request.botId) : undefined
  const externalId = known?.externalId ?? nameFor(state, request.botId)
  if (known === undefined) state.launched.set(externalId, { request, at, externalId, isWithdrawn: false })
  return scripted === undefined
    ? { kind: "accepted", externalId, isReplay: known !== undefined }
    : { kind: "retry", afterMillis: null, definite: false, message: "the answer was lost" }
}

const ofKey = ({ launched }: State, botId: BotId): Launched | undefined =>
  [...launched.values()].find(({ request }) => request.botId === botId)

const nameFor = ({ launched }: State, botId: BotId): string => {
  const before = [...launched.values()].filter(({ request }) => request.botId === botId).length
  return before === 0 ? `external ${botId}` : `external ${botId} ${before}`
}

const lookUp = (state: State, botId: BotId): LookupOutcome => {
  const known = ofKey(state, botId)
  return known === undefined ? { kind: "absent" } : { kind: "found", externalId: known.externalId }
}

const withdraw = (state: State, externalId: string | null, before: Instant, now: Instant): WithdrawOutcome => {
  // Without its name there a bot can't be spoken of.
  if (!state.capabilities.withdraw || externalId === null) return "unsupported"
  const known = state.launched.get(externalId)
  if (known === undefined || known.isWithdrawn) return "gone"
  if (now >= before) return "too_late"
  state.launched.set(externalId, { ...known, isWithdrawn: true })
  return "withdrawn"
}
