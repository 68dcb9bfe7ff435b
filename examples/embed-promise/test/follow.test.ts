/** The example does what it says, and is what the page on changes shows, to the letter. */
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { Effect, Layer, Redacted } from "effect"
import { type FollowedChange, type Ports, Punctual, type PunctualPromises, type UserId, embed } from "@punctual/core"
import { CalendarMemory, LauncherMemory, SchedulerMemory, SecretsMemory, StoreMemory } from "@punctual/core/memory"
import { type Copy, follow } from "../src/follow.ts"

const adapters = Layer.mergeAll(
  CalendarMemory.layer,
  StoreMemory.layer,
  SchedulerMemory.layer,
  SecretsMemory.layer,
  LauncherMemory.layer
)

const users = ["usr_ada", "usr_bea"].map((id) => id as UserId)

const emptyCopy = (): Copy => ({ place: null, heard: new Set(), bots: new Map(), connections: new Map() })

/** A user with a calendar and one meeting in it, connected. */
const joined = Effect.fnUntraced(function* (user: UserId) {
  const punctual = yield* Punctual
  const calendar = yield* CalendarMemory.CalendarControl
  const account = yield* calendar.addAccount({ email: `${user}@example.com` })
  const calendarId = yield* calendar.addCalendar(account.accountId)
  yield* calendar.create(calendarId, { subject: "Review", joinUrl: "https://zoom.us/j/5551234567" })
  yield* punctual.connect(user, Redacted.make(account))
  yield* punctual.syncUser(user)
  yield* punctual.enableAuto(user, {})
})

/** Until the copy holds so many bots. */
const holds = async (copy: Copy, count: number): Promise<void> => {
  while (copy.bots.size !== count) await new Promise((resolve) => setImmediate(resolve))
}

/** The same, which tells each entry twice, and dies at an entry before the host has kept it. */
const troubled = (punctual: PunctualPromises, diesAt: number): PunctualPromises => ({
  ...punctual,
  changes: async function* (after): AsyncGenerator<FollowedChange> {
    let told = 0
    for await (const change of punctual.changes(after)) {
      yield change
      yield change
      if (++told === diesAt) throw new Error("the host dies")
    }
  }
})

describe("a host that follows the log", () => {
  it("holds the bots that there are, whatever is told twice and wherever it died", async () => {
    await Effect.gen(function* () {
      const ports = yield* Effect.context<Ports>()
      const copy = emptyCopy()
      yield* joined(users[0] as UserId)
      const punctual = embed(Layer.succeedContext(ports))
      for (const diesAt of [1, 1, 2]) {
        const died = yield* Effect.promise(() => follow(troubled(punctual, diesAt), copy).then(() => "ended", String))
        assert.strictEqual(died, "Error: the host dies")
      }
      // What happens while nobody listens is told to who comes back.
      yield* joined(users[1] as UserId)
      const following = follow(punctual, copy)
      yield* Effect.promise(() => holds(copy, 2))
      for (const user of users) {
        const page = { limit: 9, place: null, backwards: false }
        const { items } = yield* Effect.promise(() => punctual.bots(user, page))
        const kept = [...copy.bots.values()].filter(({ owner }) => owner === user)
        assert.deepStrictEqual(
          kept.map(({ id, joinAt, subject }) => [id, joinAt, subject]),
          items.map((bot) => [bot.id, bot.joinAt, "Review"])
        )
      }
      yield* Effect.promise(() => punctual.disconnect(users[0] as UserId))
      yield* Effect.promise(() => holds(copy, 1))
      // It ends with the object, and nothing is left waiting.
      yield* Effect.promise(() => punctual[Symbol.asyncDispose]())
      yield* Effect.promise(() => following)
    }).pipe(Effect.provide(Punctual.layer.pipe(Layer.provideMerge(adapters))), Effect.runPromise)
  })

  it("is what the page shows", () => {
    const source = readFileSync(join(import.meta.dirname, "../src/follow.ts"), "utf8")
    const page = readFileSync(join(import.meta.dirname, "../../../docs/changes.md"), "utf8")
    assert.strictEqual(
      /```ts\n([\s\S]*?)\n```/.exec(page)?.[1],
      source.slice(source.indexOf("import type {")).trimEnd()
    )
  })
})
