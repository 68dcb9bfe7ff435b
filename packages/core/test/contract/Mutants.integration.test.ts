/**
 * Whether the contract of the store would notice a mistake that simulated worlds hardly meet: each rule of a claim holds
 * twice there, by its lease and by its number.
 */
import { assert, describe, it } from "@effect/vitest"
import { type Mistake, colourOf, drawn } from "../MutantProcess.ts"

const memory = "../testing/memory/store/"

/** Beside `src`, from where mistakes are named. */
const mistakes: ReadonlyArray<Mistake> = [
  {
    name: "a claim that was taken over still writes",
    file: `${memory}Claims.ts`,
    search: "calendar.syncGeneration === claim.calendar.syncGeneration,",
    replace: "calendar.syncGeneration >= claim.calendar.syncGeneration,"
  },
  {
    name: "a launch leaves no entry (S23)",
    file: `${memory}Bots.ts`,
    search: "  append(tenants, tenant, change)\n",
    replace: ""
  },
  {
    name: "an entry is written though the decision is refused (S23)",
    file: `${memory}Commits.ts`,
    search: "  if (!holds) return Result.fail(new Conflict())\n",
    replace:
      "  if (!holds) {\n" +
      "    for (const { change } of decision.bots ?? []) append(tenants, tenantFor(tenants, decision.userId), change)\n" +
      "    return Result.fail(new Conflict())\n  }\n"
  },
  {
    name: "what a lost claim has changed is forgotten (S23)",
    file: `${memory}Claims.ts`,
    search: "  const calendar = { ...held, syncGeneration: held.syncGeneration + 1, leaseUntil }\n",
    replace:
      "  const calendar = { ...held, syncGeneration: held.syncGeneration + 1, leaseUntil }\n" +
      "  tenant.counts.delete(calendar.id)\n"
  },
  {
    name: "a change is told twice, by two passes (S23)",
    file: `${memory}Append.ts`,
    search: "  tenant.counts.delete(calendarId)\n",
    replace: ""
  },
  {
    name: "sequences begin anew when a user has left (S24)",
    file: `${memory}Connections.ts`,
    search: "  tenant.counts.clear()\n",
    replace: "  tenant.counts.clear()\n  tenant.sequence = 0\n"
  },
  {
    name: "pruned numbers are given again (S24)",
    file: `${memory}Append.ts`,
    search: "  tenant.sequence += 1\n",
    replace: "  tenant.sequence = (tenant.log.at(-1)?.change.sequence ?? 0) + 1\n"
  },
  {
    name: "time falls within a user's log (S24)",
    file: `${memory}Append.ts`,
    search: "Math.max(tenant.toldAt, change.occurredAt)",
    replace: "change.occurredAt"
  },
  {
    name: "a place lies beyond what was read (S24)",
    file: `${memory}Changes.ts`,
    search: "last !== undefined ? placeOf(last) : end",
    replace: "last !== undefined ? placeOf(last) + 1 : end"
  },
  {
    name: "what is foreseen is told although the log goes on by now",
    file: `${memory}Changes.ts`,
    search: "if (tenant.sequence !== after) return",
    replace: "if (tenant.sequence < after) return"
  },
  {
    name: "a disconnect leaves what is personal",
    file: `${memory}Connections.ts`,
    search: `change.type !== "connection.disconnected"`,
    replace: `!change.type.startsWith("connection.")`
  },
  {
    name: "a tombstone goes and nobody is told that it did",
    file: `${memory}History.ts`,
    search: "    if (!row.isDeleted) continue\n",
    replace: "    continue\n"
  },
  {
    name: "what is asked for of a meeting goes while a bot is on its way",
    file: `${memory}History.ts`,
    search: "if (isLive(bot)) meetings.delete(bot.meeting)",
    replace: ""
  },
  {
    name: "a bot that is on its way is forgotten",
    file: `${memory}History.ts`,
    search: "bot.end < rowsFrom && !isLive(bot)",
    replace: "bot.end < rowsFrom"
  },
  {
    name: "an occurrence that only a decision knows of counts as changed",
    file: `${memory}Pages.ts`,
    search: " && !row.isVirtual)\n    .filter(({ changedAt, row }) =>",
    replace: ")\n    .filter(({ changedAt, row }) =>"
  }
]

const contract = ["contract/StoreMemory.test.ts"]

describe("the contract of the store notices", () => {
  it("nothing in the code as it stands", () => {
    const [first] = mistakes
    assert(first !== undefined)
    assert.strictEqual(colourOf({ ...first, replace: first.search }, contract), "green")
  })

  for (const mistake of drawn(mistakes, 3)) {
    it(`that ${mistake.name}`, () => {
      assert.strictEqual(colourOf(mistake, contract), "red")
    })
  }
})
