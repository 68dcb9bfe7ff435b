/**
 * Every error of every package says what went wrong: whoever prints one reads more than its name.
 *
 * Finds the classes by reading the sources, loads those that are exported and makes some of each out of its schema, so that
 * a new class is judged without being listed here. Never judges the words: those of the ports stand below as examples.
 */
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import { join } from "node:path"
import {
  CalendarError,
  Conflict,
  DecryptFailed,
  SchedulerError,
  SchedulerThrottled,
  SecretsError,
  StoreError,
  StoreUnavailable,
  Throttled
} from "../src/index.ts"
import { AccountsUnavailable } from "../accounts/Accounts.ts"
import { codeOf, none, root, sources } from "./SourceTree.ts"

/** What is published, and what stands in for services in tests. */
const parts = /^packages\/[\w-]+\/(src|accounts|http|testing|simulator|fake|deploy|demo)\//

/** An error's class, however it is made: by a schema, as a problem of the API's, or by hand. */
const declaration = /^(export )?class (\w+) extends (Schema\.\w*Error\b|Data\.\w*Error\b|problem<|Error\b)[^{]*/gm

interface ErrorClass {
  readonly path: string
  readonly name: string
  readonly isExported: boolean
}

const classes: ReadonlyArray<ErrorClass> = sources
  .filter((path) => parts.test(path))
  .flatMap((path) =>
    [...codeOf(path).matchAll(declaration)].map(([, exported, name = ""]) => ({
      path,
      name,
      isExported: exported !== undefined
    }))
  )

/** Those that no schema makes: one of each. */
const byHand: ReadonlyMap<string, ReadonlyArray<unknown>> = new Map([
  ["packages/core/src/domain/Refusal.ts", [{ code: "event_not_found", detail: "No such event." }]],
  ["packages/adapter-aws/fake/service/Exchange.ts", ["ValidationException", 400, "No such queue."]],
  ["packages/adapter-google/simulator/edits/Edit.ts", ["there is no event x"]]
])

const samples = 20

const samplesOf = async ({ name, path }: ErrorClass): Promise<ReadonlyArray<Error>> => {
  const module = (await import(join(root, path))) as Readonly<Record<string, unknown>>
  const found = module[name]
  // The casts: what a module found by reading exports has no type here; the declaration says that it is an error's class.
  if (!Schema.isSchema(found)) return [Reflect.construct(found as new () => Error, byHand.get(path) ?? [])]
  const arbitrary = Arbitrary.schema(found as unknown as Schema.Codec<Error>)
  return Effect.runSync(Arbitrary.sampleEffect(arbitrary, { count: samples, seed: name }))
}

/** Made with a cause, where its class takes one; null: it takes none. */
const withCause = async (each: ErrorClass, cause: Error): Promise<Error | null> => {
  const module = (await import(join(root, each.path))) as Readonly<Record<string, unknown>>
  const found = module[each.name]
  const [byHandArgument] = byHand.get(each.path) ?? []
  if (!Schema.isSchema(found)) {
    const isOptions = typeof byHandArgument === "object" && byHandArgument !== null
    return isOptions ? Reflect.construct(found as new () => Error, [{ ...byHandArgument, cause }]) : null
  }
  const { fields } = found as unknown as { readonly fields?: Readonly<Record<string, unknown>> }
  if (fields === undefined || !("cause" in fields)) return null
  const [sample] = await samplesOf(each)
  const members = Object.fromEntries(Object.keys(fields).map((name) => [name, Reflect.get(sample ?? {}, name)]))
  return Reflect.construct(found as unknown as new () => Error, [{ ...members, cause }])
}

/** What it was given to say, by whoever made it, is whoever's concern. */
const wasGivenWords = (error: object): boolean =>
  ["message", "detail"].every((field) => {
    const words: unknown = Object.getOwnPropertyDescriptor(error, field)?.value
    return typeof words !== "string" || words.trim() !== ""
  })

/** What an error that words its message itself has to name in it. */
const namesOf = (error: object): ReadonlyArray<string> =>
  Object.hasOwn(error, "message")
    ? []
    : ["operation", "code", "kind"].flatMap((field) => {
        const value: unknown = Object.getOwnPropertyDescriptor(error, field)?.value
        return typeof value === "string" ? [value] : []
      })

describe("H2: errors", () => {
  it("have a message that names operation and code, whatever class of whichever package", async () => {
    assert.isAbove(classes.length, 60)
    const offenders: Array<string> = []
    for (const each of classes.filter(({ isExported }) => isExported)) {
      for (const error of (await samplesOf(each)).filter(wasGivenWords)) {
        const printed = `${error.name}: ${error.message}`
        const isTold = error.message.trim() !== "" && namesOf(error).every((name) => printed.includes(name))
        if (!isTold) offenders.push(`${each.path}: ${each.name} says ${JSON.stringify(printed)}`)
      }
    }
    none([...new Set(offenders)], "Say in the message what the error knows:")
  })

  it("keep their cause: a reason inside them, or what a driver threw", async () => {
    const own = new Error("connection refused")
    const offenders: Array<string> = []
    let kept = 0
    for (const each of classes.filter(({ isExported }) => isExported)) {
      for (const error of await samplesOf(each)) {
        const reason: unknown = Object.getOwnPropertyDescriptor(error, "reason")?.value
        if (!(reason instanceof Error)) continue
        kept++
        if (error.cause !== reason) offenders.push(`${each.path}: ${each.name} loses its reason`)
      }
      const given = await withCause(each, own)
      if (given === null) continue
      kept++
      if (given.cause !== own) offenders.push(`${each.path}: ${each.name} loses what a driver threw`)
    }
    none([...new Set(offenders)], "Keep the cause:")
    assert.isAbove(kept, 4 * samples)
  })

  it("have one where they are nobody else's, too", () => {
    const offenders = classes
      .filter(({ isExported }) => !isExported)
      .filter(
        ({ name, path }) => !new RegExp(`class ${name} extends (Error\\b|[^;]*?\\bmessage\\b)`).test(codeOf(path))
      )
    none(
      offenders.map(({ name, path }) => `${path}: ${name}`),
      "Give these a message:"
    )
  })

  it("of ports say operation, reason and what can be done about it, and keep the cause", () => {
    const own = new Error("connection refused")
    const reason = new StoreUnavailable({ message: own.message, cause: own })
    const unavailable = new StoreError({ operation: "slice", reason })
    assert.deepStrictEqual([unavailable.cause, reason.cause], [reason, own])
    const told = [
      unavailable,
      new StoreError({ operation: "commit", reason: new Conflict() }),
      new SchedulerError({ operation: "put", reason: new SchedulerThrottled() }),
      new SecretsError({ operation: "get", reason: new DecryptFailed() }),
      new CalendarError({ operation: "changes", reason: new Throttled({ retryAfterMillis: 7_000 }) }),
      new AccountsUnavailable({ operation: "findKey", detail: "connection refused", cause: own })
    ]
    assert.deepStrictEqual(told.map(String), [
      "StoreError: Store.slice: StoreUnavailable: connection refused",
      "StoreError: Store.commit: Conflict: someone else wrote first; load again and decide again",
      "SchedulerError: Scheduler.put: SchedulerThrottled: asked to wait; try again later",
      "SecretsError: Secrets.get: DecryptFailed: tampered with, of another user, or encrypted under a key that is not " +
        "there; see that every key in use is configured",
      "CalendarError: CalendarProvider.changes: Throttled: asked to wait; try again after 7000 ms",
      "AccountsUnavailable: Accounts.findKey: connection refused"
    ])
  })
})
