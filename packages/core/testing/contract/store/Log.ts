/**
 * What the cases about the log of changes share: bots that are told of, and the log as it is read.
 *
 * Decides how a case writes a bot with its entry, through the port alone. Never asserts.
 */
import { Effect } from "effect"
import type { Bot } from "../../../src/domain/Bot.ts"
import { botChange } from "../../../src/domain/BotChange.ts"
import type { WorkspaceId } from "../../../src/domain/Ids.ts"
import type { BotChange, LoggedChange } from "../../../src/domain/LoggedChange.ts"
import { type BotWrite, type ChangesPage, Store, type StoreError } from "../../../src/ports/Store.ts"
import { bot, now } from "./Rows.ts"
import { type User, botIdOf, committed, everyone } from "./Users.ts"

export const botOf = ({ primary, userId }: User, label: string, meeting: string = label): Bot =>
  bot(botIdOf(userId, label), meeting, primary)

export const changeOf = (before: Bot | null, after: Bot, at: number): BotChange => {
  const change = botChange(before, after, { at, subject: "Stand-up", cause: "user" })
  if (change === null) throw new Error("nothing changed")
  return change
}

export const made = (row: Bot): BotWrite => ({ bot: row, expected: null, change: changeOf(null, row, now) })

/** So many bots, each by a commit of its own. */
export const many = Effect.fnUntraced(function* (user: User, count: number, from: number = now) {
  for (let n = 0; n < count; n++) {
    const row = botOf(user, `${n}`)
    yield* committed(user, { bots: [{ bot: row, expected: null, change: changeOf(null, row, from + n) }] })
  }
})

export const logOf = ({ userId }: User): Effect.Effect<ChangesPage<number>, StoreError, Store> =>
  Store.use((store) => store.changes({ userId, after: 0, types: null, limit: everyone }))

/**
 * So many entries of these users, each once, page by page from a place: a store may hold them back while another writes,
 * whatever that is about.
 */
export const everybodys = Effect.fnUntraced(function* (
  from: string,
  users: ReadonlyArray<User>,
  count: number,
  which: { readonly workspaceId?: WorkspaceId; readonly types?: ReadonlyArray<LoggedChange["type"]> } = {}
) {
  const store: Store["Service"] = yield* Store
  const ids = new Set(users.map(({ userId }) => userId))
  const found = new Map<string, LoggedChange>()
  let after = from
  for (let hasMore = true; hasMore || found.size < count;) {
    const page: ChangesPage<string> = yield* store.allChanges({
      after,
      workspaceId: which.workspaceId ?? null,
      types: which.types ?? null,
      limit: 2
    })
    for (const change of page.items) if (ids.has(change.userId)) found.set(change.id, change)
    after = page.next
    hasMore = page.hasMore
  }
  return [...found.values()]
})

export const typesOf = (items: ReadonlyArray<LoggedChange>) => items.map(({ type }) => type)
export const sequencesOf = (items: ReadonlyArray<LoggedChange>) => items.map(({ sequence }) => sequence)
