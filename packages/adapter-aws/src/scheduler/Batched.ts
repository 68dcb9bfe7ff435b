/**
 * Single wishes as few requests to SQS: ten entries in one, and what is wished while requests are under way goes into the
 * next.
 *
 * Decides what goes together, and that each wish has an outcome of its own: what one entry of a batch met is told to
 * whoever wished it, and only entries that may yet succeed are asked for again. Waits for no clock: the first wish goes
 * out at once.
 */
import { Effect, Exit, Latch, Request, RequestResolver, Result } from "effect"
import { type AwsFailure, awsFailure } from "../client/AwsFailure.ts"
import type { Ask } from "../client/AwsRetry.ts"

interface Failed {
  readonly Id: string | undefined
  readonly Code: string | undefined
  readonly Message?: string | undefined
}

/** What SQS says of the entries of a batch, by the ids they were given. */
export interface BatchAnswer {
  readonly Failed?: ReadonlyArray<Failed> | undefined
}

export type Outcome = Result.Result<void, AwsFailure>

/** Sends one batch; the `Id` of an entry is its place in it. */
export type SendBatch<A> = (items: ReadonlyArray<A>, abortSignal: AbortSignal) => Promise<BatchAnswer>

/** SQS takes ten at most. */
const entriesMax = 10
/** Requests for one list at once. */
const batchesAtOnce = 10

/** An outcome for each, in their order. */
export const sendEach = <A>(
  ask: Ask,
  send: SendBatch<A>,
  items: ReadonlyArray<A>
): Effect.Effect<ReadonlyArray<Outcome>> => {
  const batches = Array.from({ length: Math.ceil(items.length / entriesMax) }, (_, at) =>
    items.slice(at * entriesMax, (at + 1) * entriesMax)
  )
  return Effect.map(
    Effect.forEach(batches, (batch) => sendOne(ask, send, batch), { concurrency: batchesAtOnce }),
    (outcomes) => outcomes.flat()
  )
}

const sendOne = <A>(ask: Ask, send: SendBatch<A>, batch: ReadonlyArray<A>): Effect.Effect<ReadonlyArray<Outcome>> =>
  Effect.suspend(() => {
    const outcomes: Array<Outcome> = batch.map(() => Result.void)
    let left = batch.map((item, place) => ({ item, place }))
    const sent = ask(async (abortSignal) => {
      const items = left.map(({ item }) => item)
      const { Failed = [] } = await send(items, abortSignal)
      const failures = new Map(
        Failed.map(({ Code, Id, Message }) => [Id, awsFailure({ name: Code, message: Message })])
      )
      for (const [at, { place }] of left.entries()) {
        const failure = failures.get(String(at))
        outcomes[place] = failure === undefined ? Result.void : Result.fail(failure)
      }
      left = left.filter((_, at) => failures.get(String(at))?.isRetryable === true)
      const [first] = left
      const again = first === undefined ? undefined : outcomes[first.place]
      // For whoever decides on repetitions, which takes what the SDK throws.
      if (again !== undefined && Result.isFailure(again))
        throw Object.assign(new Error(again.failure.message), { name: again.failure.error })
    })
    return Effect.match(sent, {
      onSuccess: () => outcomes,
      onFailure: (failure) => {
        for (const { place } of left) outcomes[place] = Result.fail(failure)
        return outcomes
      }
    })
  })

/** Of one kind under way at once; more wait, and go together. */
const flightsMax = 2

class Wish<A> extends Request.TaggedClass("Wish")<{ readonly of: A }, void, AwsFailure> {}

/** One wish at a time, from many at once. */
export const makeCoalesced = <A>(ask: Ask, send: SendBatch<A>): ((item: A) => Effect.Effect<void, AwsFailure>) => {
  const isFree = Latch.makeUnsafe(true)
  let flights = 0
  const count = (change: number): void => {
    flights += change
    if (flights < flightsMax) isFree.openUnsafe()
    else isFree.closeUnsafe()
  }
  const resolver = RequestResolver.make<Wish<A>>((entries) =>
    Effect.sync(() => count(1)).pipe(
      Effect.andThen(
        sendOne(
          ask,
          send,
          entries.map(({ request }) => request.of)
        )
      ),
      Effect.map((outcomes) =>
        entries.forEach((entry, at) => entry.completeUnsafe(exitOf(outcomes[at] ?? Result.void)))
      ),
      Effect.ensuring(Effect.sync(() => count(-1)))
    )
  ).pipe(RequestResolver.setDelayEffect(isFree.await), RequestResolver.batchN(entriesMax))
  return (item) => Effect.request(new Wish<A>({ of: item } as Wish<A>), resolver)
}

const exitOf = (outcome: Outcome): Exit.Exit<void, AwsFailure> =>
  Result.isSuccess(outcome) ? Exit.void : Exit.fail(outcome.failure)
