/**
 * Mistakes about claims by numbers that the simulated world must notice. As `MutantList.ts`.
 * Of several numbers most are rare: what raises one mostly raises another or writes the bot, in the next moment. Each by itself
 * is missed by `test/usecases/launch/ReadAhead.test.ts` and by the contract of every store.
 */
import type { Mutant } from "./Mutant.ts"

const numbers = "src/domain/UserNumbers.ts"
const foresight = "src/decide/Foresight.ts"

export const foresightMutants: ReadonlyArray<Mutant> = [
  {
    name: "a claim goes by whatever was decided since",
    isRare: true,
    file: numbers,
    search: "  one.version === other.version &&\n",
    replace: ""
  },
  {
    name: "a claim goes by whatever the calendar says since",
    isRare: true,
    file: numbers,
    search: "  one.mirrorNumber === other.mirrorNumber &&\n",
    replace: ""
  },
  {
    name: "a claim goes by whatever policy holds since",
    isRare: true,
    file: numbers,
    search: " &&\n  one.policyNumber === other.policyNumber",
    replace: ""
  },
  {
    name: "a claim goes by whatever became of the bot since",
    file: "testing/memory/store/Bots.ts",
    search: "if (tenant === undefined || !isAsExpected(tenant, { bot: row, expected })) return",
    replace: "if (tenant === undefined || (!isAsExpected(tenant, { bot: row, expected }) && expected < 0)) return"
  },
  {
    name: "a claim goes by whatever became of the connection since",
    isRare: true,
    file: "testing/memory/store/Connections.ts",
    search: "  tenant.connections.set(row.id, row)\n  tenant.version += 1\n",
    replace: "  tenant.connections.set(row.id, row)\n"
  },
  {
    name: "a claim goes by whichever calendars are selected since",
    isRare: true,
    file: "testing/memory/store/Calendars.ts",
    search: "    if (patch.selected !== undefined) tenant.version += 1\n",
    replace: ""
  },
  {
    name: "a claim goes through a pause that was read",
    isRare: true,
    file: foresight,
    search: "{ capabilities, now, pausedUntil })\n  return step.kind",
    replace: "{ capabilities, now, pausedUntil: pausedUntil === now ? now : null })\n  return step.kind"
  },
  {
    name: "a claim goes by what was read however long ago",
    file: foresight,
    search: "now - readAt <= launchLimits.proofMillisMax",
    replace: "readAt <= now"
  },
  {
    name: "a claim goes by a decision that is not written yet",
    file: foresight,
    search: "if (decided instanceof Refusal || !decided.decision.isEmpty) return new Map()",
    replace: "if (decided instanceof Refusal) return new Map()"
  },
  {
    name: "what changed while a bot was on its way is not looked at",
    isRare: true,
    file: foresight,
    search: `  if (status !== "Launched" || found === null || !areSameNumbers(numbers, found)) return "look"\n`,
    replace: `  if (status !== "Launched" || (found === null && numbers.version < 0)) return "look"\n`
  }
]
