/**
 * A store for one user in twenty lines: what a commit does to a slice, as any adapter must do it.
 * Decides nothing about bots. The slice it holds is everything there is of the user.
 */
import type { Bot } from "../../src/domain/Bot.ts"
import type { BotWrite, Commit, Slice } from "../../src/domain/Slice.ts"

/** Throws where a store would refuse: another version, a bot that was written meanwhile. */
export const committed = (before: Slice, commit: Commit): Slice => {
  if (commit.version !== before.version) throw new Error(`version is ${before.version}, not ${commit.version}`)
  if (commit.decideAt !== null && !Number.isFinite(commit.decideAt)) throw new Error("stores keep finite instants only")
  const meetings = new Map((commit.putMeetings ?? []).map(({ id, meeting }) => [id, meeting]))
  const decided = new Map((commit.decidedSeries ?? []).map((row) => [row.id, row]))
  return {
    ...before,
    version: before.version + 1,
    decided: Math.max(before.decided, commit.decided ?? 0),
    decideAt: commit.decideAt,
    auto: commit.auto ?? before.auto,
    intents: put(before.intents, commit.deleteIntents, commit.putIntents, ({ id }) => id),
    overrides: put(before.overrides, commit.deleteOverrides, commit.putOverrides, ({ meeting }) => meeting),
    events: put(
      before.events,
      commit.deleteVirtual,
      (commit.putVirtual ?? []).filter(
        (row) => !before.events.some(({ id, isVirtual }) => id === row.id && !isVirtual)
      ),
      ({ id }) => id
    ).map((row) => ({ ...row, meeting: meetings.get(row.id) ?? row.meeting })),
    series: before.series.map((row) => {
      const now = decided.get(row.id)
      return now === undefined ? row : { ...row, ...now, exceptions: now.exceptions ?? row.exceptions }
    }),
    bots: (commit.bots ?? []).reduce(written, before.bots)
  }
}

/** One bot's row. */
export const written = (bots: ReadonlyArray<Bot>, { bot, expected }: BotWrite): ReadonlyArray<Bot> => {
  const revision = bots.find(({ id }) => id === bot.id)?.revision ?? null
  if (revision !== expected) throw new Error(`${bot.id} is at revision ${revision}, not ${expected}`)
  return put(bots, [], [bot], ({ id }) => id)
}

const put = <A, Id>(
  items: ReadonlyArray<A>,
  gone: ReadonlyArray<Id> | undefined,
  given: ReadonlyArray<A> | undefined,
  idOf: (item: A) => Id
): ReadonlyArray<A> => {
  const held = new Map(items.map((item) => [idOf(item), item]))
  for (const id of gone ?? []) held.delete(id)
  for (const item of given ?? []) held.set(idOf(item), item)
  return [...held.values()]
}
