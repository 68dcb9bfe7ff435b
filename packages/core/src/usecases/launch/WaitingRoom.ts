/**
 * Bots that wait to be launched: for their instant, or for a slot.
 *
 * Decides who is next. Whoever's instant has come takes a number: how many bots of the same user wait already. The lowest go
 * first, so that a user with one bot waits for one bot of each other user at most, however many those have.
 */
import { Effect } from "effect"
import type { BotId, UserId } from "../../domain/Ids.ts"
import type { Instant } from "../../domain/Time.ts"

/** One bot that waits. */
export interface Waiting {
  readonly userId: UserId
  readonly botId: BotId
  /** Not to be launched before. */
  readonly at: Instant
}

export interface WaitingRoom<A extends Waiting> {
  readonly add: (items: ReadonlyArray<A>) => void
  /** The one of this bot, whether its instant has come or not. */
  readonly find: (botId: BotId) => A | undefined
  readonly remove: (botId: BotId) => void
  /** Whose instant has come, the next ones first. */
  readonly take: (count: number, now: Instant) => ReadonlyArray<A>
  /** How many could be taken. */
  readonly ready: (now: Instant) => number
  /** When the next instant comes; null: nobody waits for one. */
  readonly nextAt: () => Instant | null
  readonly size: () => number
  /** Everybody, in no order. The room is then empty. */
  readonly clear: () => ReadonlyArray<A>
}

export const makeWaitingRoom = <A extends Waiting>(): Effect.Effect<WaitingRoom<A>> =>
  Effect.sync(() => {
    const all = new Map<BotId, A>()
    /** Whose instant is still to come, soonest first. */
    let later: Array<A> = []
    /** By number, those who came first first; those who were removed among them. */
    const queues = new Map<number, Array<A>>()
    const countOf = new Map<UserId, number>()
    let readyCount = 0
    let least = 0

    const isHere = (item: A): boolean => all.get(item.botId) === item
    const ripen = (now: Instant): void => {
      let ripe = 0
      for (; ripe < later.length && (later[ripe]?.at ?? Infinity) <= now; ripe++) {
        const item = later[ripe]
        if (item === undefined || !isHere(item)) continue
        const number = countOf.get(item.userId) ?? 0
        countOf.set(item.userId, number + 1)
        const queue = queues.get(number)
        if (queue === undefined) queues.set(number, [item])
        else queue.push(item)
        least = Math.min(least, number)
        readyCount += 1
      }
      if (ripe > 0) later = later.slice(ripe)
    }
    const leave = ({ userId }: A): void => {
      const left = (countOf.get(userId) ?? 1) - 1
      if (left === 0) countOf.delete(userId)
      else countOf.set(userId, left)
      readyCount -= 1
    }
    const takeOne = (): A | undefined => {
      for (;;) {
        const queue = queues.get(least)
        if (queue === undefined) {
          if (queues.size === 0) return undefined
          least = Math.min(...queues.keys())
          continue
        }
        const [item] = queue.splice(0, 1)
        if (queue.length === 0) queues.delete(least)
        if (item === undefined || !isHere(item)) continue
        all.delete(item.botId)
        leave(item)
        return item
      }
    }
    return {
      add: (items) => {
        for (const item of items) all.set(item.botId, item)
        later = [...later, ...items].toSorted((one, other) => one.at - other.at)
      },
      find: (botId) => all.get(botId),
      remove: (botId) => {
        const item = all.get(botId)
        if (item === undefined) return
        all.delete(botId)
        if (!later.includes(item)) leave(item)
      },
      take: (count, now) => {
        ripen(now)
        const taken: Array<A> = []
        while (taken.length < count) {
          const item = takeOne()
          if (item === undefined) break
          taken.push(item)
        }
        return taken
      },
      ready: (now) => {
        ripen(now)
        return readyCount
      },
      nextAt: () => later.find(isHere)?.at ?? null,
      size: () => all.size,
      clear: () => {
        const everybody = [...all.values()]
        all.clear()
        later = []
        queues.clear()
        countOf.clear()
        readyCount = 0
        return everybody
      }
    }
  })
