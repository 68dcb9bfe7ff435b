/**
 * Where tests get their PostgreSQL from: what was given, else a container, else the embedded binaries; and what is said
 * where there is none.
 */
import { assert, describe, it } from "@effect/vitest"
import { type Engine, type Sources, start } from "./PostgresEngine.ts"

const of = (kind: Engine["kind"]): Engine => ({ kind, url: `postgres://${kind}`, stop: async () => {} })

const all: Sources = {
  given: "postgres://given",
  container: async () => of("container"),
  embedded: async () => of("embedded")
}

describe("a PostgreSQL server for tests", () => {
  it.each<readonly [Engine["kind"], Partial<Sources>]>([
    ["given", {}],
    ["container", { given: undefined }],
    ["container", { given: "" }],
    ["embedded", { given: undefined, container: async () => null }]
  ])("is the %s one where what comes before is missing", async (kind, missing) => {
    const { url } = await start({ ...all, ...missing })
    assert.strictEqual(url, `postgres://${kind}`)
  })

  it("is not looked for where one was given", async () => {
    const never = () => Promise.reject(new Error("looked for"))
    assert.strictEqual((await start({ ...all, container: never, embedded: never })).kind, "given")
  })

  it("that is nowhere to be had says what to do", async () => {
    const none: Sources = {
      given: undefined,
      container: async () => null,
      embedded: () => Promise.reject(new Error("no binaries for this machine"))
    }
    const failed = await start(none).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error : null)
    )
    assert.include(failed?.message ?? "", "TEST_DATABASE_URL")
    assert.include(String(failed?.cause), "no binaries")
  })
})
