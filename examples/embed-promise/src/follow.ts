/**
 * A host that keeps a copy of everybody's bots by following the log: across its own outages, and whatever is told twice.
 * Decides what it keeps beside the bots: how far it has come, and which entries it has heard.
 */
import type { BotId, LoggedBot, PunctualPromises } from "@punctual/core"

/** What stands in the host's own database. */
export interface Copy {
  place: string | null
  readonly heard: Set<string>
  readonly bots: Map<BotId, LoggedBot & { readonly owner: string }>
  readonly connections: Map<string, { readonly owner: string; readonly stands: boolean }>
}

/** Ends when the object is disposed. Whatever ended it, call it again with the same copy. */
export const follow = async (punctual: PunctualPromises, copy: Copy): Promise<void> => {
  for await (const { data, id, place, userId: owner } of punctual.changes(copy.place)) {
    // One transaction of the host's: either all of this is kept, or the entry comes again.
    if (!copy.heard.has(id)) {
      if ("bot" in data) copy.bots.set(data.bot.id, { ...data.bot, owner })
      if ("connection" in data) disconnectOr(copy, owner, data.connection)
    }
    copy.heard.add(id)
    copy.place = place
  }
}

/** With a user's last connection all that was theirs is gone. */
const disconnectOr = (copy: Copy, owner: string, { id, status }: { readonly id: string; readonly status: string }) => {
  copy.connections.set(id, { owner, stands: status !== "disconnected" })
  if ([...copy.connections.values()].some((each) => each.owner === owner && each.stands)) return
  for (const [botId, bot] of copy.bots) if (bot.owner === owner) copy.bots.delete(botId)
}
