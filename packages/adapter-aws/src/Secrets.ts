/**
 * The Secrets port on SSM Parameter Store: credentials in SecureString parameters.
 *
 * Decides what replaces what: Parameter Store has no conditional write, so what lies there is read first, and the version
 * that a write is given tells whether somebody wrote in between; the newest token is what is left. A rotated token is
 * saved once a day, and writes are spread out to what the quota bears, sign-ins first. Never logs, and hands out credentials wrapped only.
 */
import { SSMClient } from "@aws-sdk/client-ssm"
import {
  type ConnectionGeneration,
  type ConnectionId,
  type ConnectionRef,
  DecryptFailed,
  Secrets,
  SecretsError,
  SecretsThrottled,
  SecretsUnavailable,
  TooLarge,
  type UserId
} from "@punctual/core"
import { Effect, Layer, Redacted } from "effect"
import { AwsFailure } from "./client/AwsFailure.ts"
import { makeAsk } from "./client/AwsRetry.ts"
import { type AwsConnection, clientConfig } from "./client/Connection.ts"
import { connectionPath, generationIn, namesOf, namesPerRef, textOf, valueBytesMax } from "./secrets/Entry.ts"
import { type Lane, type RateLimiter, makeRateLimiter } from "./secrets/RateLimiter.ts"
import { type Held, type Parameters, makeParameters, obtainedAt } from "./secrets/Parameters.ts"
import { type NameCooldown, makeNameCooldown } from "./secrets/NameCooldown.ts"
import { makeKeyedMutex } from "./secrets/KeyedMutex.ts"

export interface Options {
  /** What all names begin with: `/punctual`, `/punctual/production`. */
  readonly prefix: string
  /** The KMS key; the account's own for Parameter Store (`alias/aws/ssm`) if absent. */
  readonly keyId?: string
  /** 3 if absent: what AWS grants an account that has not asked for more. */
  readonly putsPerSecond?: number
  /** A rotated token is saved once the saved one is so old; a day if absent. Until then the saved one works on. */
  readonly savedAgainAfterMillis?: number
  readonly connection?: AwsConnection
}

const putsPerSecondUsual = 3
/**
 * Whoever would wait longer is told so: a token that can't be saved now is not used, and the one before still works. Who
 * signs in has no other.
 */
const waitMillisMax = { first: 12_000, later: 8_000 }
/** Of a token's three months, or of the one day that the shortest-lived have. */
const savedAgainAfterMillisUsual = 86_400_000
/** Another process may write the same parameter in between, but hardly so often. */
const turnsMax = 4

export const layer = (options: Options): Layer.Layer<Secrets> =>
  Layer.effect(
    Secrets,
    Effect.map(
      Effect.acquireRelease(
        Effect.sync(() => new SSMClient(clientConfig(options.connection ?? {}))),
        (client) => Effect.sync(() => client.destroy())
      ),
      (client) =>
        make({
          parameters: makeParameters(client, makeAsk(options.connection?.callMillisMax), options.keyId ?? null),
          prefix: options.prefix,
          limiter: makeRateLimiter(options.putsPerSecond ?? putsPerSecondUsual, waitMillisMax),
          cooldown: makeNameCooldown(),
          savedAgainAfterMillis: options.savedAgainAfterMillis ?? savedAgainAfterMillisUsual
        })
    )
  )

interface Around {
  readonly parameters: Parameters
  readonly prefix: string
  readonly limiter: RateLimiter
  readonly cooldown: NameCooldown
  readonly savedAgainAfterMillis: number
}

const make = (around: Around): Secrets["Service"] => {
  const { parameters, prefix } = around
  // Two writers of one connection in one process take turns; those of several processes find each other by version.
  const mutex = makeKeyedMutex()
  const withLock = <A, E>(userId: UserId, id: ConnectionId, effect: Effect.Effect<A, E>) =>
    mutex.withLock(JSON.stringify([userId, id]), effect)
  return Secrets.of({
    put: (ref, credentials) => {
      const text = textOf(ref, credentials)
      const bytes = Buffer.byteLength(text)
      if (bytes > valueBytesMax) {
        const reason = new TooLarge({ bytes, bytesMax: valueBytesMax })
        return Effect.fail(new SecretsError({ operation: "put", reason }))
      }
      return asPortError(
        "put",
        withLock(ref.userId, ref.connectionId, put(around, ref, { name: "", version: 0, text, credentials }))
      )
    },
    get: (ref) =>
      Effect.flatMap(asPortError("get", parameters.read(ref, namesOf(prefix, ref))), ([newest]) => {
        if (newest === undefined) return Effect.succeedNone
        return newest.credentials === null
          ? Effect.fail(new SecretsError({ operation: "get", reason: new DecryptFailed() }))
          : Effect.succeedSome(newest.credentials)
      }),
    erase: (ref) => asPortError("erase", withLock(ref.userId, ref.connectionId, remove(around, namesOf(prefix, ref)))),
    eraseAll: (upTo) => asPortError("erase", withLock(upTo.userId, upTo.id, eraseAll(around, upTo)))
  })
}

const put = Effect.fnUntraced(function* (
  { cooldown, limiter, parameters, prefix, savedAgainAfterMillis }: Around,
  ref: ConnectionRef,
  ours: Held
): Effect.fn.Return<void, AwsFailure> {
  const names = namesOf(prefix, ref)
  let newest = ours
  let before: Held | undefined = (yield* parameters.read(ref, names))[0]
  if (before !== undefined && isGoodEnough(before, ours, savedAgainAfterMillis)) return
  const ourTurn = takeTurn(limiter, before === undefined ? "first" : "later")
  for (let turn = 0; turn < turnsMax; turn++) {
    if (before !== undefined && obtainedAt(before) > obtainedAt(newest)) return
    const name: string = before?.name ?? (yield* cooldown.pick(names))
    const version: number | null = yield* parameters.write(name, newest.text, before === undefined, ourTurn)
    if (version === null) {
      before = (yield* parameters.read(ref, names))[0]
      continue
    }
    if (version === (before?.version ?? 0) + 1) return
    const between: Held | null = yield* parameters.readVersion(ref, name, version - 1)
    if (between === null || obtainedAt(between) <= obtainedAt(newest)) return
    // What was overwritten was newer than ours: it is put back.
    before = { ...newest, name, version }
    newest = between
  }
  return yield* new AwsFailure({
    kind: "unavailable",
    error: "TurnTaking",
    message: "others write the same parameter"
  })
})

/** Rotated from what is saved, which is young and works on: of the same app, under the same secret. */
const isGoodEnough = (saved: Held, ours: Held, savedAgainAfterMillis: number): boolean => {
  if (saved.credentials === null || ours.credentials === null) return false
  const [old, young] = [Redacted.value(saved.credentials), Redacted.value(ours.credentials)]
  const isSameApp = old.clientId === young.clientId && old.clientSecret === young.clientSecret
  return isSameApp && young.obtainedAt > old.obtainedAt && young.obtainedAt - old.obtainedAt < savedAgainAfterMillis
}

/** Before each request to write, repetitions too. */
const takeTurn = (limiter: RateLimiter, lane: Lane): Effect.Effect<void, AwsFailure> =>
  Effect.flatMap(limiter.acquire(lane), (isOurs) =>
    isOurs
      ? Effect.void
      : Effect.fail(new AwsFailure({ kind: "crowded", error: "RateLimiter", message: "too many writes wait" }))
  )

const remove = ({ cooldown, parameters }: Around, names: ReadonlyArray<string>): Effect.Effect<void, AwsFailure> =>
  Effect.flatMap(parameters.remove(names), cooldown.start)

const eraseAll = Effect.fnUntraced(function* (
  around: Around,
  upTo: ConnectionGeneration
): Effect.fn.Return<void, AwsFailure> {
  const path = connectionPath(around.prefix, upTo)
  const names = yield* around.parameters.namesBelow(path)
  const gone = names.filter((name) => generationIn(path, name) <= upTo.generation)
  for (let from = 0; from < gone.length; from += namesPerRef)
    yield* remove(around, gone.slice(from, from + namesPerRef))
})

const asPortError = <A>(
  operation: SecretsError["operation"],
  effect: Effect.Effect<A, AwsFailure>
): Effect.Effect<A, SecretsError> =>
  Effect.mapError(effect, (cause) => {
    const { kind, message } = cause
    const reason =
      kind === "throttled" || kind === "crowded" ? new SecretsThrottled() : new SecretsUnavailable({ message, cause })
    return new SecretsError({ operation, reason })
  })
