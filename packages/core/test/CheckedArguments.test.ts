/**
 * H5: hosts that no compiler checks. Each operation of the facade is called wrongly from plain JavaScript, and each time
 * the member is named, nothing is done and nothing is given away.
 */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Redacted } from "effect"
import { type PunctualPromises, InvalidArgument, Punctual, Refusal, defaultPolicy, embed } from "@punctual/core"
import { CalendarMemory, LauncherMemory, SchedulerMemory, SecretsMemory, StoreMemory } from "@punctual/core/testing"
import { argumentFault } from "../src/CheckedArguments.ts"

type Mistake = readonly [operation: string, member: string, args: ReadonlyArray<unknown>]

interface PlainHost {
  readonly mistakes: ReadonlyArray<Mistake>
  readonly failureOf: (punctual: PunctualPromises, operation: string, args: ReadonlyArray<unknown>) => Promise<unknown>
}

// By an address, not by a name: it is no TypeScript, and has no types.
const { failureOf, mistakes } = (await import(new URL("fixtures/PlainHost.mjs", import.meta.url).href)) as PlainHost

const adapters = Layer.mergeAll(
  CalendarMemory.layer,
  StoreMemory.layer,
  SchedulerMemory.layer,
  SecretsMemory.layer,
  LauncherMemory.layer
)

/** Operations that take nothing, and the log, of whose place a text is read as the earliest that nobody has made. */
const bare = new Set(["autoUsers", "changes", "changesEnd", "clock", "closed", "sweep"])

describe("H5: arguments from plain JavaScript", () => {
  it("are named by operation and member, and never told", async () => {
    await using punctual = embed(adapters)
    for (const [operation, member, args] of mistakes) {
      const error = await failureOf(punctual, operation, args)
      assert.instanceOf(error, InvalidArgument, `${operation} ${member}`)
      assert.deepInclude(error, { operation, member })
      const { message } = error as InvalidArgument
      assert.include(message, `${operation}: ${member} is `)
      assert.include(message, "; expected ")
      assert.notInclude(message, "SECRET")
    }
  })

  it("are tried for every operation that takes some", async () => {
    await using punctual = embed(adapters)
    const tried = new Set(mistakes.map(([operation]) => operation))
    const operations = Object.keys(punctual).filter((name) => !bare.has(name))
    assert.deepStrictEqual([...tried].toSorted(), operations.toSorted())
  })

  it("that are right get through to the use case, which may refuse", async () => {
    await using punctual = embed(adapters)
    const page = { limit: 10, place: null, backwards: false }
    const refused = await failureOf(punctual, "bots", ["usr_ada", page])
    assert.instanceOf(refused, Refusal)
    assert.strictEqual((refused as Refusal).code, "calendar_not_connected")
    assert.deepStrictEqual(await punctual.receive([]), { accepted: 0, ignored: 0 })
  })

  it("are looked at before anything is built", () => {
    const made =
      (...args: ReadonlyArray<unknown>) =>
      () =>
        (embed as (...all: ReadonlyArray<unknown>) => unknown)(...args)
    assert.throws(made(), InvalidArgument, /^embed: adapters is missing; expected a layer of the five ports/)
    assert.throws(made(adapters, { policy: null }), InvalidArgument, /^embed: options\.policy\.\w+ is missing/)
    assert.throws(
      made(adapters, { policy: { ...defaultPolicy, leadMillis: "1 minute" } }),
      InvalidArgument,
      /^embed: options\.policy\.leadMillis is a text; expected a number/
    )
  })
})

describe("H5: the facade in Effect", () => {
  it.effect("dies of a wrong argument: it is the host's mistake, and no failure to handle", () =>
    Effect.gen(function* () {
      const punctual = yield* Punctual
      const exit = yield* Effect.exit(punctual.disconnect("" as never))
      assert.isTrue(Exit.isFailure(exit) && Cause.squash(exit.cause) instanceof InvalidArgument)
    }).pipe(Effect.provide(Layer.provide(Punctual.layer, adapters)))
  )

  it("takes secrets as secrets", () => {
    const wrong = { clientId: "a", clientSecret: "b", refreshToken: "c", obtainedAt: 1 }
    assert.deepInclude(argumentFault("connect", ["usr_ada", wrong]), { member: "credentials" })
    assert.isNull(argumentFault("connect", ["usr_ada", Redacted.make(wrong)]))
    assert.deepInclude(argumentFault("withdrawBots", ["soon"]), { member: "after" })
    assert.isNull(argumentFault("withdrawBots", [null]))
  })
})
