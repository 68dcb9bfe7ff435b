/**
 * Wakes whoever waits for an entry of the log.
 *
 * What this process writes is told at once by the store through which it writes; what others write is found by one question a
 * second for all who wait here, and by none while nobody does. A wake-up is a hint: who is woken looks, and one that got lost
 * costs seconds, never an entry. Decides nothing of what is read.
 */
import { Context, Deferred, Effect, Layer, Queue, type Scope, Semaphore } from "effect"
import type { UserId } from "../../domain/Ids.ts"
import { changeWaitLimits } from "../../domain/Limits.ts"
import { Store, type StoreError } from "../../ports/Store.ts"

/** Whose entries are waited for; null: anybody's. */
export type Whose = UserId | null

export class ChangeSignal extends Context.Service<
  ChangeSignal,
  {
    /**
     * `use` may wait for what came since it began, or since it waited last. Whatever is written from now on is told to it, so
     * that it looks first and then waits.
     */
    readonly listening: <A, E, R>(
      whose: Whose,
      use: (arrival: Effect.Effect<void>) => Effect.Effect<A, E, R>
    ) => Effect.Effect<A, E | StoreError, R>
    /** What waits for the first write of this process from now on. Taken before a look, it misses none that the look did not see. */
    readonly next: Effect.Effect<Effect.Effect<void>>
    /** Something may have been written in this process. */
    readonly notify: (userId: UserId) => Effect.Effect<void>
  }
>()("@punctual/core/usecases/ChangeSignal") {
  static readonly layer: Layer.Layer<ChangeSignal, never, Store> = Layer.effect(
    ChangeSignal,
    Effect.suspend(() => Effect.flatMap(Store, makeSignal))
  )
}

/** The same store; whatever it writes to the log is told to those who wait for it here. */
export const tellingStore: Layer.Layer<Store, never, ChangeSignal | Store> = Layer.effect(
  Store,
  Effect.gen(function* () {
    return Store.of(telling(yield* Store, yield* ChangeSignal))
  })
)

/** The operations that leave entries, each of which tells of it when it is done. */
const telling = (store: Store["Service"], { notify }: ChangeSignal["Service"]): Store["Service"] => ({
  ...store,
  commit: (decision) => Effect.tap(store.commit(decision), () => notify(decision.userId)),
  writeBot: (userId, ...rest) => Effect.tap(store.writeBot(userId, ...rest), () => notify(userId)),
  saveConnection: (connection, ...rest) =>
    Effect.tap(store.saveConnection(connection, ...rest), () => notify(connection.userId)),
  finishPass: (claim, ...rest) => Effect.tap(store.finishPass(claim, ...rest), () => notify(claim.userId)),
  failPass: (claim, ...rest) => Effect.tap(store.failPass(claim, ...rest), () => notify(claim.userId)),
  dropMirror: (of, ...rest) => Effect.tap(store.dropMirror(of, ...rest), () => notify(of.userId)),
  tellCoverage: (userId, ...rest) => Effect.tap(store.tellCoverage(userId, ...rest), () => notify(userId)),
  erase: (userId, ...rest) => Effect.tap(store.erase(userId, ...rest), () => notify(userId))
})

const makeSignal = Effect.fnUntraced(function* (
  store: Store["Service"]
): Effect.fn.Return<ChangeSignal["Service"], never, Scope.Scope> {
  const scope = yield* Effect.scope
  const { isEmpty, listen, tell } = makeListeners()
  let written = Deferred.makeUnsafe<void>()
  const notify = (userId: UserId): Effect.Effect<void> =>
    Effect.sync(() => {
      tell(userId)
      tell(null)
      const before = written
      written = Deferred.makeUnsafe<void>()
      Deferred.doneUnsafe(before, Effect.void)
    })
  const starting = yield* Semaphore.make(1)
  let isLooking = false
  const look = Effect.fnUntraced(function* (from: string) {
    let after = from
    while (!isEmpty()) {
      yield* Effect.sleep(changeWaitLimits.lookMillis)
      // Storage that is out of reach is said elsewhere; the place stays, so that nothing is passed over.
      after = yield* Effect.orElseSucceed(lookOnce(store, tell, after), () => after)
    }
    isLooking = false
  })
  /** From before the first listener looks: what is written since is seen by one of the two. */
  const startLooking = starting.withPermit(
    Effect.suspend(() =>
      isLooking
        ? Effect.void
        : Effect.flatMap(store.changesEnd, (end) =>
            // Noted and begun as one: interrupted in between, it would be taken for looking, and never look.
            Effect.uninterruptible(
              Effect.suspend(() => {
                isLooking = true
                return Effect.asVoid(Effect.forkIn(look(end), scope))
              })
            )
          )
    )
  )
  return ChangeSignal.of({
    notify,
    next: Effect.sync(() => Deferred.await(written)),
    listening: (whose, use) =>
      Effect.scoped(
        Effect.gen(function* () {
          const listener = yield* listen(whose)
          yield* startLooking
          return yield* use(Effect.asVoid(Effect.timeoutOption(Queue.take(listener), changeWaitLimits.lookAgainMillis)))
        })
      )
  })
})

/** Tells of what others wrote since. */
const lookOnce = Effect.fnUntraced(function* (store: Store["Service"], tell: (whose: Whose) => void, from: string) {
  const { items, next } = yield* store.allChanges({
    after: from,
    workspaceId: null,
    types: null,
    limit: changeWaitLimits.lookRowsMax
  })
  for (const userId of new Set(items.map((change) => change.userId))) tell(userId)
  if (items.length > 0) tell(null)
  return next
})

const makeListeners = () => {
  const listeners = new Map<Whose, Set<Queue.Queue<void>>>()
  const add = (whose: Whose, listener: Queue.Queue<void>): void =>
    void listeners.set(whose, (listeners.get(whose) ?? new Set()).add(listener))
  const remove = (whose: Whose, listener: Queue.Queue<void>): void => {
    const its = listeners.get(whose)
    its?.delete(listener)
    if (its?.size === 0) listeners.delete(whose)
  }
  return {
    isEmpty: (): boolean => listeners.size === 0,
    tell: (whose: Whose): void => {
      for (const listener of listeners.get(whose) ?? []) Queue.offerUnsafe(listener, undefined)
    },
    /** One slot: any number of writes make one wake-up. */
    listen: (whose: Whose) =>
      Effect.acquireRelease(
        Effect.tap(Queue.sliding<void>(1), (listener) => Effect.sync(() => add(whose, listener))),
        (listener) => Effect.sync(() => remove(whose, listener))
      )
  }
}
