/**
 * The in-memory bot service: it writes down whom it was told to send where, and answers as a test has scripted.
 *
 * Decides nothing about bots. The bot's id is its idempotency key: the same key twice makes one bot.
 */
import { Clock, Context, Effect, Layer } from "effect"
import type { BotId } from "../../src/domain/Ids.ts"
import type { Instant } from "../../src/domain/Time.ts"
import { type LaunchOutcome, type LaunchRequest, Launcher, type WithdrawOutcome } from "../../src/ports/Launcher.ts"

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
    /** Every bot made, in order: never two of one id. */
    readonly launched: Effect.Effect<ReadonlyArray<Launched>>
    readonly calls: Effect.Effect<ReadonlyArray<Call>>
    /** The next calls go like this, one after the other; those after them are accepted. */
    readonly script: (next: ReadonlyArray<Scripted>) => Effect.Effect<void>
    /** The next bots asked back are answered like this, and stay where they are. */
    readonly refuseBack: (next: ReadonlyArray<Exclude<WithdrawOutcome, "withdrawn">>) => Effect.Effect<void>
  }
>()("@punctual/core/testing/memory/LauncherMemory/LauncherProbe") {}

/** The bot service and its probe, sharing one state. */
export const layer: Layer.Layer<Launcher | LauncherProbe> = Layer.effectContext(Effect.sync(() => make()))

interface State {
  readonly launched: Map<BotId, Launched>
  readonly calls: Array<Call>
  readonly script: Array<Scripted>
  readonly refusals: Array<WithdrawOutcome>
}

const make = (): Context.Context<Launcher | LauncherProbe> => {
  const state: State = { launched: new Map(), calls: [], script: [], refusals: [] }
  const launcher = Launcher.of({
    name: "memory",
    capabilities: { replays: true, withdraw: true },
    launch: (request) =>
      Effect.map(Clock.currentTimeMillis, (at) => {
        const outcome = answer(state, request, at)
        state.calls.push({ request, at, outcome })
        return outcome
      }),
    withdraw: (botId, _externalId, before) =>
      Effect.map(Clock.currentTimeMillis, (now) => state.refusals.shift() ?? withdraw(state, botId, before, now))
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
  const known = state.launched.get(request.botId)
  const externalId = known?.externalId ?? `external ${request.botId}`
  if (known === undefined) state.launched.set(request.botId, { request, at, externalId, isWithdrawn: false })
  return scripted === undefined
    ? { kind: "accepted", externalId, isReplay: known !== undefined }
    : { kind: "retry", afterMillis: null, definite: false, message: "the answer was lost" }
}

const withdraw = (state: State, botId: BotId, before: Instant, now: Instant): WithdrawOutcome => {
  const known = state.launched.get(botId)
  if (known === undefined || known.isWithdrawn) return "gone"
  if (now >= before) return "too_late"
  state.launched.set(botId, { ...known, isWithdrawn: true })
  return "withdrawn"
}
