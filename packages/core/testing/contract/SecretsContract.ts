/**
 * The contract of the Secrets port: what every adapter passes, wherever it lets credentials rest.
 *
 * States the laws of the port's docstring as cases. How an entry is tampered with is for the adapter's test to say,
 * since only it can reach behind the port.
 */
import { assert, it, type Vitest } from "@effect/vitest"
import { type Duration, Effect, type Layer, Option, Redacted } from "effect"
import { connectionId } from "../../src/domain/DeterministicIds.ts"
import type { ConnectionGeneration, ConnectionRef, Credentials } from "../../src/domain/Connection.ts"
import { Secrets } from "../../src/ports/Secrets.ts"
import { freshUserId } from "../rows/Fresh.ts"

/** What whoever can write to the disk might do. */
export interface Tamper<R> {
  /** Changes what rests under a ref. */
  readonly corrupt: (ref: ConnectionRef) => Effect.Effect<unknown, unknown, R>
  /** Puts what rests under one ref in the place of another. */
  readonly transplant: (from: ConnectionRef, to: ConnectionRef) => Effect.Effect<unknown, unknown, R>
}

export interface Options<R> {
  /** `live` for an adapter that needs a clock that runs; the contract itself never waits. */
  readonly time?: "test" | "live"
  /** Left out: the cases about tampering are skipped. */
  readonly tamper?: Tamper<R>
  readonly setupTimeout?: Duration.Input
}

export const suite = <R, E>(
  name: string,
  layer: Layer.Layer<Secrets | R, E>,
  options: Options<Secrets | R> = {}
): void => {
  const { setupTimeout = "1 minute", tamper, time = "test" } = options
  it.layer(layer, { timeout: setupTimeout, excludeTestServices: time === "live" })(
    `Secrets contract (${name})`,
    (it) => {
      keeping(it)
      replacing(it)
      erasing(it)
      tampering(it, tamper)
    }
  )
}

type It<R> = Vitest.MethodsNonLive<Secrets | R>

const keeping = <R>(it: It<R>): void => {
  it.effect("MUST get what was put, equal, whatever it holds", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      const ref = yield* freshRef
      const odd: Credentials = {
        clientId: "3f2a…-é-🚀",
        clientSecret: `"quotes" \\ and\nlines\u0000`,
        // As long as refresh tokens come, and then some.
        refreshToken: "0.AXoA".padEnd(2500, "x1_-"),
        obtainedAt: 1_795_000_000_123
      }
      yield* secrets.put(ref, Redacted.make(odd))
      assert.deepStrictEqual(yield* held(ref), odd)
    })
  )

  it.effect("MUST hand out nothing that shows itself in a text", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      const ref = yield* freshRef
      yield* secrets.put(ref, Redacted.make(credentials(1)))
      const got = Option.getOrThrow(yield* secrets.get(ref))
      const shown = `${String(got)} ${JSON.stringify(got)} ${JSON.stringify({ got })}`
      for (const secret of ["secret 1", "token 1"]) assert.notInclude(shown, secret)
    })
  )

  it.effect("MUST get none where nothing was put", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      const ref = yield* freshRef
      assert.isTrue(Option.isNone(yield* secrets.get(ref)))
      yield* secrets.put(ref, Redacted.make(credentials(1)))
      for (const other of [{ ...ref, version: 2 }, { ...ref, generation: 2 }, yield* freshRef]) {
        assert.isTrue(Option.isNone(yield* secrets.get(other)))
      }
    })
  )

  it.effect("MUST keep versions, generations and users apart", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      const ref = yield* freshRef
      const refs = [ref, { ...ref, version: 11 }, { ...ref, generation: 11 }, yield* freshRef]
      for (const [n, each] of refs.entries()) yield* secrets.put(each, Redacted.make(credentials(n)))
      for (const [n, each] of refs.entries()) assert.deepStrictEqual(yield* held(each), credentials(n))
    })
  )
}

const replacing = <R>(it: It<R>): void => {
  it.effect("MUST replace credentials by newer ones under the same ref", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      const ref = yield* freshRef
      yield* secrets.put(ref, Redacted.make(credentials(1)))
      yield* secrets.put(ref, Redacted.make(credentials(2)))
      assert.deepStrictEqual(yield* held(ref), credentials(2))
    })
  )

  it.effect("MUST never replace a newer refresh token by an older one, and succeed all the same", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      const ref = yield* freshRef
      yield* secrets.put(ref, Redacted.make(credentials(5)))
      yield* secrets.put(ref, Redacted.make(credentials(4)))
      assert.deepStrictEqual(yield* held(ref), credentials(5))
      // The order counts under one ref only.
      yield* secrets.put({ ...ref, version: 2 }, Redacted.make(credentials(3)))
      assert.deepStrictEqual(yield* held({ ...ref, version: 2 }), credentials(3))
    })
  )

  it.effect("MUST end with the newest of several that are put at once", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      const ref = yield* freshRef
      const puts = [3, 7, 1, 8, 2, 6].map((n) => secrets.put(ref, Redacted.make(credentials(n))))
      yield* Effect.all(puts, { concurrency: "unbounded" })
      assert.deepStrictEqual(yield* held(ref), credentials(8))
    })
  )
}

const erasing = <R>(it: It<R>): void => {
  it.effect("MUST erase one version and tolerate its absence", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      const ref = yield* freshRef
      const next = { ...ref, version: 2 }
      yield* secrets.erase(ref)
      yield* secrets.put(ref, Redacted.make(credentials(1)))
      yield* secrets.put(next, Redacted.make(credentials(2)))
      yield* secrets.erase(ref)
      yield* secrets.erase(ref)
      assert.isTrue(Option.isNone(yield* secrets.get(ref)))
      assert.deepStrictEqual(yield* held(next), credentials(2))
    })
  )

  it.effect("MUST erase every version up to a generation and none beyond, of this connection alone", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      const first = yield* freshRef
      const other = yield* freshRef
      const gone = [
        first,
        { ...first, version: 12 },
        { ...first, generation: 2 },
        { ...first, generation: 3, version: 9 }
      ]
      const elsewhere = { ...first, connectionId: connectionId("other_calendar", first.userId) }
      const kept = [{ ...first, generation: 4 }, { ...first, generation: 10 }, elsewhere, other]
      for (const ref of [...gone, ...kept]) yield* secrets.put(ref, Redacted.make(credentials(1)))
      yield* secrets.eraseAll({ ...generationOf(first), generation: 3 })
      yield* secrets.eraseAll({ ...generationOf(first), generation: 3 })
      for (const ref of gone) assert.isTrue(Option.isNone(yield* secrets.get(ref)), JSON.stringify(ref))
      for (const ref of kept) assert.deepStrictEqual(yield* held(ref), credentials(1))
      yield* secrets.eraseAll(generationOf(yield* freshRef))
    })
  )

  it.effect("MUST take new credentials where old ones were erased", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      const ref = yield* freshRef
      yield* secrets.put(ref, Redacted.make(credentials(9)))
      yield* secrets.eraseAll(generationOf(ref))
      yield* secrets.put(ref, Redacted.make(credentials(8)))
      assert.deepStrictEqual(yield* held(ref), credentials(8))
    })
  )
}

const tampering = <R>(it: It<R>, tamper: Tamper<Secrets | R> | undefined): void => {
  const cases = it.effect.skipIf(tamper === undefined)
  const nothing = { corrupt: () => Effect.void, transplant: () => Effect.void }
  const { corrupt, transplant } = tamper ?? nothing

  cases("MUST yield nothing of an entry that was tampered with (option: tamper)", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      const ref = yield* freshRef
      yield* secrets.put(ref, Redacted.make(credentials(1)))
      yield* corrupt(ref)
      assert.strictEqual(yield* refusal(ref), "DecryptFailed")
    })
  )

  cases(
    "MUST yield nothing of an entry that belongs elsewhere: another version, generation, connection or user (option: tamper)",
    () =>
      Effect.gen(function* () {
        const secrets = yield* Secrets
        const from = yield* freshRef
        const elsewhere = { ...from, connectionId: connectionId("other_calendar", from.userId) }
        const places = [{ ...from, version: 2 }, { ...from, generation: 2 }, elsewhere, yield* freshRef]
        yield* secrets.put(from, Redacted.make(credentials(1)))
        for (const to of places) {
          yield* secrets.put(to, Redacted.make(credentials(2)))
          yield* transplant(from, to)
          assert.strictEqual(yield* refusal(to), "DecryptFailed", JSON.stringify(to))
        }
        assert.deepStrictEqual(yield* held(from), credentials(1))
      })
  )

  cases("SHOULD take new credentials in the place of an entry that was tampered with (option: tamper)", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      const ref = yield* freshRef
      yield* secrets.put(ref, Redacted.make(credentials(1)))
      yield* corrupt(ref)
      yield* secrets.put(ref, Redacted.make(credentials(2)))
      assert.deepStrictEqual(yield* held(ref), credentials(2))
    })
  )
}

const freshRef: Effect.Effect<ConnectionRef> = Effect.map(freshUserId, (userId) => ({
  userId,
  connectionId: connectionId("memory_calendar", userId),
  generation: 1,
  version: 1
}))

const generationOf = ({ connectionId: id, generation, userId }: ConnectionRef): ConnectionGeneration => ({
  id,
  userId,
  generation
})

const credentials = (n: number): Credentials => ({
  clientId: `client ${n}`,
  clientSecret: `secret ${n}`,
  refreshToken: `token ${n}`,
  obtainedAt: 1_795_000_000_000 + n
})

const held = (ref: ConnectionRef) =>
  Secrets.use((secrets) =>
    Effect.map(secrets.get(ref), (got) => Redacted.value(Option.getOrThrowWith(got, () => new Error("nothing there"))))
  )

const refusal = (ref: ConnectionRef) =>
  Secrets.use((secrets) => Effect.map(Effect.flip(secrets.get(ref)), (error) => error.reason._tag))
