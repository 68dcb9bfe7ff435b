/**
 * A process that writes to a data directory without end and says what was acknowledged, until it is killed.
 *
 * Arguments: the directory, and the number to start from. Prints each number once its event, secret and schedule are
 * acknowledged.
 */
import { type BotId, type ScheduleName, Scheduler, Secrets, Store, allDone } from "@punctual/core"
import { Effect, Redacted } from "effect"
import { writeSync } from "node:fs"
import { layerPGlite } from "../../src/Layers.ts"
import { keysOf } from "../MasterKeys.ts"
import { botOf, now, refOf, userOf } from "../StoreRows.ts"

const [dataDir = "", from = "0"] = process.argv.slice(2)

const write = Effect.fnUntraced(function* (n: number) {
  const userId = userOf(n)
  const ref = refOf(userId)
  const credentials = { clientId: "c", clientSecret: "s", refreshToken: `token ${n}`, obtainedAt: n }
  yield* Store.use((store) =>
    store.commit({
      userId,
      version: 0,
      decided: null,
      decideAt: null,
      bots: [{ bot: botOf(`n${n}`), expected: null }]
    })
  )
  yield* Secrets.use((secrets) => secrets.put(ref, Redacted.make(credentials)))
  const schedule = { group: "zoom", at: now, revision: 1, userId, botId: `bot_n${n}` as BotId }
  yield* Scheduler.use((scheduler) => allDone(scheduler.put([{ ...schedule, name: `bot-${n}` as ScheduleName }])))
  // Not by a stream that buffers: what was said must have been said.
  yield* Effect.sync(() => writeSync(1, `${n}\n`))
})

const program = Effect.gen(function* () {
  for (let n = Number(from); ; n++) yield* write(n)
}).pipe(Effect.provide(layerPGlite({ dataDir, masterKeys: keysOf("a") })))

Effect.runPromise(program).catch((error: unknown) => {
  writeSync(2, `${String(error)}\n`)
  process.exit(1)
})
