/**
 * O: backup, restore, upgrade and the way back on PostgreSQL, by the commands that `docs/operations.md` tells and by the
 * tools of a PostgreSQL that is installed here.
 */
import { execFileSync } from "node:child_process"
import { randomBytes } from "node:crypto"
import { readFileSync } from "node:fs"
import { mkdtemp, rm, stat, truncate } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { type Client, clientOf } from "../e2e/Client.ts"
import type { PlaceKind } from "../e2e/Place.ts"
import { bare, startServer, stop, until } from "../e2e/Processes.ts"
import { type Stage, makeStage } from "../e2e/Stage.ts"
import { startInstalled, whyNone } from "./InstalledPostgres.ts"

const root = join(import.meta.dirname, "../../../..")
const cli = join(root, "packages/server/src/cli/main.ts")
const page = readFileSync(join(root, "docs/operations.md"), "utf8")

const calendar = "/api/v1/calendar"
const mailbox = "adele@contoso.example"
const hour = 3_600_000
/** A first sync, or a change that is told, on a busy machine. */
const waitMillisMax = 90_000

/** The lines of a block of the page, by its mark. */
const commands = (mark: string): string => {
  const found = new RegExp(`<!-- ${mark} -->\\s+\`\`\`sh\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1]
  return found ?? assert.fail(`no block ${mark}`)
}

/** Types what the page says, in a folder of one's own, with one of the databases in the environment. */
const shell = (folder: string, path: string, masterKey: string) => (databaseUrl: string, text: string) =>
  execFileSync("sh", ["-ec", text.replaceAll("npx --yes pnpm@12 punctual", `"${process.execPath}" "${cli}"`)], {
    cwd: folder,
    encoding: "utf8",
    env: bare({
      PATH: path,
      HOME: folder,
      DATABASE_URL: databaseUrl,
      PUNCTUAL_MASTER_KEY: masterKey,
      PUNCTUAL_PORT: "9"
    }),
    stdio: ["ignore", "pipe", "pipe"]
  })

const onServer = (databaseUrl: string, masterKey: string): PlaceKind => ({
  name: "one server on an installed PostgreSQL",
  store: "postgres",
  replicas: 1,
  make: async () => ({
    env: { DATABASE_URL: databaseUrl, PUNCTUAL_MASTER_KEY: masterKey },
    databaseUrl,
    close: async () => {}
  })
})

const waited = async <A>(what: string, look: () => Promise<A | null>): Promise<A> =>
  (await until(waitMillisMax, look)) ?? assert.fail(`never: ${what}`)

interface ShownBot {
  readonly bot_id: string
  readonly scheduled_join_time: string
}

const botsOf = async (client: Client): Promise<ReadonlyArray<ShownBot>> =>
  (await client.ok("GET", `${calendar}/scheduled_bots`)).scheduled_bots

/** Adele is connected, and has a bot for each of two meetings of today. */
const withBots = async (stage: Stage) => {
  const { api_key: key } = await stage.admin().ok("POST", "/api/v1/admin/users", { name: "Adele" })
  const adele = clientOf(stage.url(), key)
  await adele.ok("POST", `${calendar}/create_calendar`, stage.credentialsOf(mailbox))
  for (const [index, subject] of ["Review", "Planning"].entries()) {
    const start = new Date(Date.now() + (2 + index) * hour).toISOString()
    const end = new Date(Date.now() + (2.5 + index) * hour).toISOString()
    stage.simulator.edit({ type: "createEvent", mailbox, start, end, details: { subject, link: zoomOf(index) } })
  }
  const events = await waited("two events", async () => {
    const { results } = await adele.ok("GET", `${calendar}/events?sync=true`)
    return results.length === 2 ? results : null
  })
  for (const { id } of events) await adele.ok("POST", `${calendar}/schedule/${id}`)
  return { key, review: events.find((event: { subject: string }) => event.subject === "Review") }
}

const zoomOf = (index: number): string => `https://zoom.us/j/555111222${index}`

const skipped = whyNone === null ? "" : ` (skipped: ${whyNone})`

describe.skipIf(whyNone !== null)(`O: backup and restore of PostgreSQL${skipped}`, () => {
  it("bring back users with their bots, beside the server that goes on, and over what a newer version left", async () => {
    const postgres = await startInstalled()
    const folder = await mkdtemp(join(tmpdir(), "punctual-dump-"))
    const masterKey = randomBytes(32).toString("base64")
    const run = shell(folder, postgres.path, masterKey)
    const before = postgres.makeDatabase("before")
    try {
      assert.match(run(before, commands("migrate-postgres")), /Ran \d+ migration\(s\)/)
      const stage = await makeStage({}, onServer(before, masterKey))
      try {
        const { key, review } = await withBots(stage)
        const bots = await botsOf(clientOf(stage.url(), key))
        assert.lengthOf(bots, 2)

        run(before, commands("backup-postgres"))
        // What comes after the copy is not in it.
        await stage.makeUser("Miriam")
        await stop(stage.server())

        const after = postgres.makeDatabase("after")
        run(after, commands("restore-postgres"))
        assert.include(run(after, commands("migrate-postgres")), "The schema is up to date.")
        const restored = await startServer({ ...stage.env, DATABASE_URL: after })
        try {
          const adele = clientOf(restored.url, key)
          assert.deepStrictEqual(await botsOf(adele), bots)
          // Its credentials can be read, and it follows what happens from now on.
          const start = new Date(Date.now() + 5 * hour).toISOString()
          const end = new Date(Date.now() + 6 * hour).toISOString()
          stage.simulator.edit({ type: "moveEvent", mailbox, event: review.platform_id, start, end })
          const moved = await waited("the bot that moves with its meeting", async () => {
            await adele.any("GET", `${calendar}/events?sync=true`)
            const now = await botsOf(adele)
            return now.some((bot) => Date.parse(bot.scheduled_join_time) > Date.now() + 4 * hour) ? now : null
          })
          assert.sameMembers(
            moved.map((bot) => bot.bot_id),
            bots.map((bot) => bot.bot_id)
          )
        } finally {
          await stop(restored)
        }

        // The way back: over a schema that a newer version has added to.
        const users = "npx --yes pnpm@12 punctual users list"
        assert.include(run(before, users), "Miriam")
        const newer = "create table punctual.newer (user_id text references punctual.users)"
        run(before, `psql --quiet --command='${newer}' "$DATABASE_URL"`)
        run(before, commands("restore-postgres"))
        assert.include(run(before, users), "Adele")
        assert.notInclude(run(before, users), "Miriam")
        assert.throws(() => run(before, `psql --command='table punctual.newer' "$DATABASE_URL"`), /does not exist/)
        // Or nothing is changed.
        await truncate(join(folder, "punctual.dump"), Math.floor((await stat(join(folder, "punctual.dump"))).size / 2))
        assert.throws(() => run(before, commands("restore-postgres")), /pg_restore/)
        assert.include(run(before, users), "Adele")
      } finally {
        await stage.close()
      }
    } finally {
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    }
  })
})
