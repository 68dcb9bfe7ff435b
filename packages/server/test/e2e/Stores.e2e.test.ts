/**
 * What a store has to bear, on the databases: one server over the embedded one; several over PostgreSQL, where nothing but
 * the database can tell who was first.
 */
import { describe } from "@effect/vitest"
import { onPGlite, onPostgres } from "./Place.ts"
import { storesStory } from "./StoresStory.ts"

const proving = process.env["PROVE"] === "1"

describe.each([onPGlite, onPostgres(proving ? 3 : 2)])("$name", (kind) => {
  storesStory(kind)
})
