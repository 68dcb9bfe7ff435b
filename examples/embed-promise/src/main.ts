/**
 * A host that knows nothing of Effect: the core as an object with promises.
 * Decides nothing but the order of the story. The one line of Effect puts adapters together; yours may do it for you.
 */
import { Layer } from "effect"
import { embed, type PunctualPromises, Refusal, type UserId } from "@punctual/core"
import { CalendarMemory, LauncherMemory, SchedulerMemory, SecretsMemory, StoreMemory } from "@punctual/core/memory"

const adapters = Layer.mergeAll(
  CalendarMemory.layer,
  StoreMemory.layer,
  SchedulerMemory.layer,
  SecretsMemory.layer,
  LauncherMemory.layer
)

/** Opens the core, works in the background until it is disposed, and closes it again. */
export const withPunctual = async <A>(use: (punctual: PunctualPromises) => Promise<A>): Promise<A> => {
  await using punctual = embed(adapters)
  await punctual.start()
  return await use(punctual)
}

/** What a user without a calendar is told: refusals are values with a stable code. */
export const upcoming = async (punctual: PunctualPromises, user: UserId): Promise<string> => {
  try {
    const { items } = await punctual.bots(user, { limit: 10, place: null, backwards: false })
    return `${items.length} bots ahead`
  } catch (error) {
    if (error instanceof Refusal) return `refused: ${error.code}`
    throw error
  }
}

if (import.meta.main) console.log(await withPunctual((punctual) => upcoming(punctual, "usr_ada" as UserId)))
