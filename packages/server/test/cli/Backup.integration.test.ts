/** O: backup and restore of the embedded database, by the commands that `docs/operations.md` tells. */
import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { mkdtemp, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { fillDataDir } from "../../../adapter-postgres/test/PGliteTemplate.ts"
import { bare } from "../e2e/Processes.ts"

const root = join(import.meta.dirname, "../../../..")
const cli = join(root, "packages/server/src/cli/main.ts")
const page = readFileSync(join(root, "docs/operations.md"), "utf8")

/** The lines of a block of the page, by its mark. */
const commands = (mark: string): string => {
  const found = new RegExp(`<!-- ${mark} -->\\s+\`\`\`sh\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1]
  return found ?? assert.fail(`no block ${mark}`)
}

/** As typed in a folder; what pnpm would run is run without it. */
const run = (folder: string, text: string): string =>
  execFileSync("sh", ["-ec", text.replaceAll("npx --yes pnpm@12 punctual", `"${process.execPath}" "${cli}"`)], {
    cwd: folder,
    encoding: "utf8",
    env: bare({ HOME: folder, PUNCTUAL_PORT: "9" }),
    stdio: ["ignore", "pipe", "pipe"]
  })

const listUsers = "npx --yes pnpm@12 punctual users list"

describe("O: backup and restore", () => {
  it("bring back the embedded database with its users, by the commands of the page", async () => {
    const folder = await mkdtemp(join(tmpdir(), "punctual-backup-"))
    try {
      await fillDataDir(join(folder, ".punctual"))
      run(folder, "npx --yes pnpm@12 punctual users create --name Ada")
      const before = run(folder, listUsers)
      assert.include(before, "Ada")
      const said = run(folder, commands("backup-pglite"))
      assert.match(said, /Copied the embedded database to punctual\.tar\.gz \(\d+ bytes\)/)
      assert.include(said, "master.key")
      assert.strictEqual((await stat(join(folder, "punctual.tar.gz"))).mode & 0o777, 0o600)
      await rm(join(folder, ".punctual"), { recursive: true })
      run(folder, commands("restore-pglite"))
      assert.strictEqual(run(folder, listUsers), before)
      // Not written over: the copy may be the only one.
      assert.throws(() => run(folder, "npx --yes pnpm@12 punctual backup punctual.tar.gz"), /EEXIST/)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }, 240_000)

  it("of PostgreSQL is its own tools' work, and said so", async () => {
    const folder = await mkdtemp(join(tmpdir(), "punctual-backup-"))
    try {
      const text = "DATABASE_URL=postgres://u:p@127.0.0.1:1/x npx --yes pnpm@12 punctual backup x.tar.gz"
      assert.throws(() => run(folder, `PUNCTUAL_MASTER_KEY=${Buffer.alloc(32).toString("base64")} ${text}`), /pg_dump/)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }, 60_000)
})
