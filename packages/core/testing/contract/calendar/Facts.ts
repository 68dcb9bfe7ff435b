/**
 * What a calendar provider promises about what rules look at. Uses the port, and the stage to have something to look at.
 */
import { assert } from "@effect/vitest"
import { DateTime, Effect, Option } from "effect"
import { type EventFacts, keptFacts } from "../../../src/domain/Facts.ts"
import type { ChangeItem } from "../../../src/domain/Provider.ts"
import type { Needing } from "./Needs.ts"
import { read } from "./Reader.ts"
import { CalendarStage, type StagedFacts, day, hour, opened } from "./Stage.ts"

/** Not every provider has categories. */
export const cases = (needing: Needing, hasCategories: boolean): void => {
  const staged = (facts: StagedFacts): StagedFacts => (hasCategories ? facts : { ...facts, categories: [] })

  needing("facts")("MUST tell the owner's answer, people and categories of a meeting, whole and by its changes", () =>
    Effect.gen(function* () {
      const stage = yield* CalendarStage
      const { addresses, calendarId, now, session } = yield* opened
      const owner = [...(addresses ?? []), (yield* session.profile).email?.toLowerCase() ?? null]
      const id = yield* stage.create(calendarId, now + day, "Planning")
      const window = { from: now, to: now + 9 * day }
      let { cursor } = yield* read(session, calendarId, { window })
      for (const facts of [invited, joined, declined].map(staged)) {
        yield* stage.setFacts(calendarId, id, facts)
        const found = Option.getOrThrow(yield* session.event(calendarId, id))
        holds(found.facts, facts, { organizer: found.organizer, owner })
        const round = yield* read(session, calendarId, { cursor })
        holds(toldOf(round.items, id), facts, { organizer: found.organizer, owner })
        cursor = round.cursor
      }
    })
  )

  needing("facts")("MUST tell them of a series, in its changes too", () =>
    Effect.gen(function* () {
      const stage = yield* CalendarStage
      const { addresses, calendarId, now, session } = yield* opened
      const owner = [...(addresses ?? []), (yield* session.profile).email?.toLowerCase() ?? null]
      const id = yield* stage.createDaily(
        calendarId,
        DateTime.formatIsoDateUtc(DateTime.makeUnsafe(now)),
        9 * hour,
        "Daily"
      )
      const { cursor } = yield* read(session, calendarId, { window: { from: now, to: now + 9 * day } })
      yield* stage.setFacts(calendarId, id, staged(declined))
      const found = Option.getOrThrow(yield* session.series(calendarId, id))
      holds(found.facts, staged(declined), { organizer: found.organizer, owner })
      holds(toldOf((yield* read(session, calendarId, { cursor })).items, id), staged(declined), {
        organizer: found.organizer,
        owner
      })
    })
  )
}

const invited: StagedFacts = {
  response: "tentative",
  people: ["Zoe@Fabrikam.example", "al@fabrikam.example"],
  categories: []
}
const joined: StagedFacts = { ...invited, response: "accepted", people: [...invited.people, "bo@contoso.example"] }
const declined: StagedFacts = { response: "declined", people: ["bo@contoso.example"], categories: ["Red", "Blue"] }

const toldOf = (items: ReadonlyArray<ChangeItem>, id: string): EventFacts | null =>
  items.flatMap((item) => {
    if (item.kind === "event") return item.event.providerId === id ? [item.event.facts] : []
    return item.kind === "series" && item.series.providerId === id ? [item.series.facts] : []
  })[0] ?? null

/** Whoever else the provider counts in must be the organizer or the owner; rooms are nobody. */
const holds = (
  told: EventFacts | null,
  facts: StagedFacts,
  { organizer, owner }: { readonly organizer: string | null; readonly owner: ReadonlyArray<string | null> }
): void => {
  const found = told ?? assert.fail("no facts")
  assert.strictEqual(found.response, facts.response)
  assert.deepStrictEqual(found, keptFacts({ ...found, organizer }))
  const people = facts.people.map((address) => address.toLowerCase())
  assert.includeMembers([...found.people], people)
  assert.includeMembers([...people, organizer, ...owner], [...found.people])
  assert.deepStrictEqual(found.categories, facts.categories.toSorted())
}
