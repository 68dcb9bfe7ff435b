/**
 * Mistakes about the log of changes that the simulated world must notice. As `MutantList.ts`.
 */
import type { Mutant } from "./Mutant.ts"

const appending = "testing/memory/store/Append.ts"

export const logMutants: ReadonlyArray<Mutant> = [
  {
    name: "a launch is not told",
    file: "src/usecases/launch/LaunchWrites.ts",
    search: "launchChange(before, bot, { at: bot.updatedAt, subject })",
    replace: "bot.updatedAt < 0 ? launchChange(before, bot, { at: bot.updatedAt, subject }) : null"
  },
  {
    name: "a bot that changes in several ways is told of one of them",
    file: "src/domain/BotChange.ts",
    search:
      "    members.flatMap((member) => (sameJson(before[member], after[member]) ? [] : [[member, before[member]]]))\n",
    replace:
      "    members.flatMap((member) => (sameJson(before[member], after[member]) ? [] : [[member, before[member]]])).slice(0, 1)\n"
  },
  {
    name: "a bot that is moved is told as one that has other settings",
    file: "src/domain/BotChange.ts",
    search: `|| before.end !== after.end ? "bot.moved" : null`,
    replace: `|| before.end !== after.end ? "bot.updated" : null`
  },
  {
    name: "a link that is followed is not told",
    file: "src/domain/BotChange.ts",
    search: `  "end",\n  "link",\n`,
    replace: `  "end",\n`
  },
  {
    name: "what a decision changes is told as it was before series moved",
    file: "src/decide/reconcile/BotChanges.ts",
    search: "botChange(before, bot, {",
    replace: "botChange(before, before ?? bot, {"
  },
  {
    name: "an entry of a decision in parts goes with its first part alone",
    file: "src/decide/reconcile/CommitBatches.ts",
    search: "bots: bots.slice(from, from + operationsMax)",
    replace:
      "bots: bots.slice(from, from + operationsMax).map((write) => (from === 0 ? write : { ...write, change: null }))"
  },
  {
    name: "a disconnect is not told",
    file: "src/usecases/connection/Disconnect.ts",
    search: `connectionChange(connection, tombstone, "user")`,
    replace: "null"
  },
  {
    name: "a grant that is lost is not told",
    file: "src/usecases/account/OpenAccount.ts",
    search: `connectionChange(connection, written, "system")`,
    replace: "null"
  },
  {
    name: "events that were changed are not counted",
    file: "testing/memory/store/Mirror.ts",
    search: "    count(tenant, claim.calendar.id, countsOf(tenant.events, rows.events))\n",
    replace: ""
  },
  {
    name: "a pass that failed tells nothing",
    file: "testing/memory/store/Claims.ts",
    search: "  ended(tenants, claim, failure.endedAt, () => ({",
    replace: "  patch(tenants, claim, () => ({"
  },
  {
    name: "a user's numbers begin anew when they have left",
    file: "testing/memory/store/Connections.ts",
    search: "  tenant.counts.clear()\n",
    replace: "  tenant.counts.clear()\n  tenant.sequence = 0\n"
  },
  {
    name: "a place lies beyond what was told",
    file: "testing/memory/store/Changes.ts",
    search: "last !== undefined ? placeOf(last) : end",
    replace: "last !== undefined ? placeOf(last) + 1 : end"
  },
  {
    name: "entries of two users change places",
    file: appending,
    search: "    place: tenants.place,\n",
    replace: "    place: tenants.place + (tenant.sequence % 7 === 0 ? -1.5 : 0),\n"
  }
]
