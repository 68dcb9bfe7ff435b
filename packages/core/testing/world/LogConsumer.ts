/**
 * A host that knows Punctual by its log alone: it reads everybody's by cursor, now and then dies between an entry and its own
 * note of how far it has come, and rebuilds bots and connections from what it was told.
 *
 * Decides what such a host may rely on (S24): each entry at least once, a user's in their order, `previous` as it was told
 * before. Where all has healed what it holds must be what the store holds. Of a user who has left it forgets
 * everything.
 */
import { Context } from "effect"
import type { BotId, ConnectionId, UserId } from "../../src/domain/Ids.ts"
import { sameJson } from "../../src/domain/JsonEquality.ts"
import type { LoggedBot, LoggedChange, LoggedConnection } from "../../src/domain/LoggedChange.ts"
import type { Bot } from "../../src/domain/Bot.ts"
import { Store } from "../../src/ports/Store.ts"
import { StoreProbe } from "../memory/StoreMemory.ts"
import { isStanding } from "../memory/store/Tenant.ts"
import { toldOf } from "./LogOracle.ts"
import type { Ports } from "./Site.ts"
import type { Stage } from "./Stage.ts"

export interface LogConsumer {
  /** Compares what was rebuilt with what there is. */
  readonly judge: () => void
}

/** What a host holds of one user. */
interface Rebuilt {
  readonly bots: Map<BotId, LoggedBot>
  readonly connections: Map<ConnectionId, LoggedConnection>
  readonly seen: Set<string>
  sequence: number
  /** When it last forgot everything of the user. */
  leftAt: number
  hasGaps: boolean
}

const minute = 60_000

export const makeLogConsumer = (stage: Stage, ports: Ports): LogConsumer => {
  const { chance, loop, marks } = stage
  const store = Context.get(ports, Store)
  const users = new Map<UserId, Rebuilt>()
  let cursor: string | null = null

  const rebuiltOf = (userId: UserId): Rebuilt => {
    const held = users.get(userId) ?? {
      bots: new Map<BotId, LoggedBot>(),
      connections: new Map<ConnectionId, LoggedConnection>(),
      seen: new Set<string>(),
      sequence: 0,
      leftAt: -Infinity,
      hasGaps: false
    }
    users.set(userId, held)
    return held
  }

  const take = (change: LoggedChange): void => {
    const held = rebuiltOf(change.userId)
    if (held.seen.has(change.id)) {
      marks.logRepeated += 1
      return
    }
    held.seen.add(change.id)
    const what = `${change.userId} ${change.sequence} ${change.type}`
    if (change.sequence <= held.sequence) stage.fail("S24 (log)", `${what} is told after ${held.sequence}`)
    if (change.sequence !== held.sequence + 1) held.hasGaps = true
    held.sequence = change.sequence
    if ("bot" in change.data) takeBot(held, change.data, what)
    if ("connection" in change.data) takeConnection(held, change.data.connection, change.occurredAt)
  }

  const takeBot = (held: Rebuilt, { bot, previous }: BotData, what: string): void => {
    const before = held.bots.get(bot.id)
    if (before !== undefined && !held.hasGaps) {
      const kept = Object.entries(previous).filter(([name, value]) => !sameJson(before[name as keyof LoggedBot], value))
      if (kept.length > 0) stage.fail("S23 (log)", `${what}: ${kept.map(([name]) => name).join(", ")} was never so`)
    }
    held.bots.set(bot.id, bot)
  }

  const takeConnection = (held: Rebuilt, connection: LoggedConnection, at: number): void => {
    held.connections.set(connection.id, connection)
    if ([...held.connections.values()].some(({ status }) => status !== "disconnected")) return
    held.bots.clear()
    held.leftAt = at
  }

  const read = (mayDie: boolean): void => {
    marks.logRead += 1
    for (let hasMore = true; hasMore;) {
      const page = loop.sync(
        store.allChanges({ after: cursor, workspaceId: null, types: null, limit: chance.int(1, 40) })
      )
      for (const change of page.items) take(change)
      // Whoever dies here begins where they were.
      if (mayDie && chance.hits(0.2)) return
      cursor = page.next
      hasMore = page.hasMore
    }
  }

  const again = (): void =>
    loop.at(loop.now() + chance.int(1, 90) * minute, () => {
      read(true)
      again()
    })
  again()

  const judge = (): void => {
    read(false)
    for (const [userId, tenant] of loop.sync(Context.get(ports, StoreProbe).tenants)) {
      const held = rebuiltOf(userId)
      const unread = tenant.log.filter(({ change }) => !held.seen.has(change.id))
      if (unread.length > 0) stage.fail("S24 (log)", `${userId}: ${unread.length} entries were never told`)
      const standing = [...tenant.connections.values()].filter(isStanding)
      // None was ever taken down, so that nothing was ever forgotten.
      const isWhole = [...tenant.connections.values()].every(({ generation }) => generation === 1)
      if (isWhole && held.hasGaps) stage.fail("S24 (log)", `${userId}: numbers are missing`)
      for (const { id, status } of standing) {
        const told = held.connections.get(id)?.status
        if (told !== status) stage.fail("S23 (log)", `${userId}: ${id} is ${status} and told as ${told ?? "nothing"}`)
      }
      if (standing.length > 0) judgeBots(stage, userId, held, [...tenant.bots.values()])
    }
  }
  return { judge }
}

type BotData = Extract<LoggedChange["data"], { readonly bot: LoggedBot }>

const judgeBots = (stage: Stage, userId: UserId, held: Rebuilt, bots: ReadonlyArray<Bot>): void => {
  stage.marks.logRebuilt += 1
  // What the last disconnect has left on its way, and what was told of it before it went.
  const isExcused = ({ createdAt }: { readonly createdAt: number }): boolean => createdAt <= held.leftAt
  for (const bot of bots) {
    const told = held.bots.get(bot.id)
    if (told === undefined) {
      if (!isExcused(bot)) stage.fail("S23 (log)", `${userId}: nothing is told of ${bot.id}`)
    } else if (!sameJson(toldOf(told), toldOf(bot))) {
      stage.fail("S23 (log)", `${userId}: ${bot.id} is ${bot.status} and told as ${told.status}`)
    }
  }
  const there = new Set(bots.map(({ id }) => id))
  for (const told of held.bots.values()) {
    if (!there.has(told.id) && !isExcused(told)) stage.fail("S23 (log)", `${userId}: ${told.id} is told and gone`)
  }
}
