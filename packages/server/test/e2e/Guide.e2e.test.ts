/**
 * The guide on the databases: one server over the embedded one, and three replicas over PostgreSQL behind one address.
 */
import { describe } from "@effect/vitest"
import { guideStory } from "./GuideStory.ts"
import { onPGlite, onPostgres } from "./Place.ts"

describe.each([onPGlite, onPostgres(3)])("the guide, with $name", (kind) => {
  guideStory(kind)
})
