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
  /** A bot that is here already has the place that is given last. */
  readonly add: (items: ReadonlyArray<A>) => void
  /** The one of this bot, whether its instant has come or not. */
  readonly find: (botId: BotId) => A | undefined
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

interface State<A> {
  /** Who is here. The lists below also hold some who are not any more. */
  readonly here: Map<BotId, A>
  /** Whose instant is still to come, soonest first. */
  later: ReadonlyArray<A>
  /** Whose instant has come, by number; those who came first first. */
  readonly queues: Map<number, Array<A>>
  /** Of those with a number. */
  readonly numbered: Set<A>
  readonly countOf: Map<UserId, number>
  /** No queue has a lower number. */
  least: number
}

export const makeWaitingRoom = <A extends Waiting>(): Effect.Effect<WaitingRoom<A>> =>
  Effect.sync(() => {
    const state: State<A> = {
      here: new Map(),
      later: [],
      queues: new Map(),
      numbered: new Set(),
      countOf: new Map(),
      least: 0
    }
    return {
      add: (items) => {
        for (const item of items) {
          leave(state, item.botId)
          state.here.set(item.botId, item)
        }
        state.later = [...state.later, ...items].toSorted((one, other) => one.at - other.at)
      },
      find: (botId) => state.here.get(botId),
      take: (count, now) => {
        ripen(state, now)
        return takeSome(state, count)
      },
      ready: (now) => {
        ripen(state, now)
        return state.numbered.size
      },
      nextAt: () => state.later.find((item) => isHere(state, item))?.at ?? null,
      size: () => state.here.size,
      clear: () => {
        const everybody = [...state.here.values()]
        for (const { botId } of everybody) leave(state, botId)
        state.later = []
        state.queues.clear()
        return everybody
      }
    }
  })

const isHere = <A extends Waiting>({ here }: State<A>, item: A): boolean => here.get(item.botId) === item

/** Gives a number to everybody whose instant has come. */
const ripen = <A extends Waiting>(state: State<A>, now: Instant): void => {
  const unripe = state.later.findIndex(({ at }) => at > now)
  const ripe = unripe === -1 ? state.later : state.later.slice(0, unripe)
  if (ripe.length === 0) return
  state.later = state.later.slice(ripe.length)
  for (const item of ripe) if (isHere(state, item)) giveNumber(state, item)
}

const giveNumber = <A extends Waiting>(state: State<A>, item: A): void => {
  const number = state.countOf.get(item.userId) ?? 0
  state.countOf.set(item.userId, number + 1)
  state.numbered.add(item)
  const queue = state.queues.get(number)
  if (queue === undefined) state.queues.set(number, [item])
  else queue.push(item)
  state.least = Math.min(state.least, number)
}

const leave = <A extends Waiting>({ countOf, here, numbered }: State<A>, botId: BotId): void => {
  const item = here.get(botId)
  if (item === undefined) return
  here.delete(botId)
  if (!numbered.delete(item)) return
  const left = (countOf.get(item.userId) ?? 1) - 1
  if (left === 0) countOf.delete(item.userId)
  else countOf.set(item.userId, left)
}

const takeSome = <A extends Waiting>(state: State<A>, count: number): ReadonlyArray<A> => {
  const taken: Array<A> = []
  while (taken.length < count && state.queues.size > 0) {
    const item = firstOfLeast(state)
    if (item === undefined || !isHere(state, item)) continue
    leave(state, item.botId)
    taken.push(item)
  }
  return taken
}

/** Undefined: there is none with that number, and the next is looked at. */
const firstOfLeast = <A>(state: State<A>): A | undefined => {
  const queue = state.queues.get(state.least)
  const item = queue?.shift()
  if (queue?.length === 0) state.queues.delete(state.least)
  if (queue === undefined) state.least += 1
  return item
}
