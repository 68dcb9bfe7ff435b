/**
 * Where the attacks take place: one server on PostgreSQL, two people with calendars, and whoever attacks. Keeps every
 * secret that was given out, so that logs and tables can be searched for it. Decides nothing about outcomes.
 */
import { assert } from "@effect/vitest"
import { Client as Database } from "pg"
import { type Answer, type Client, clientOf } from "../Client.ts"
import { onPostgres } from "../Place.ts"
import { until } from "../Processes.ts"
import { type Stage, makeStage } from "../Stage.ts"

export const calendar = "/api/v1/calendar"
const hour = 3_600_000
const waitMillisMax = 60_000
export const mails = { adele: "adele@contoso.example", miriam: "miriam@contoso.example" }

export interface Scene {
  readonly stage: Stage
  readonly adele: Client
  readonly miriam: Client
  /** Every key that was made, and every secret of Microsoft's that was stored. */
  readonly keys: ReadonlyArray<string>
  readonly credentials: ReadonlyArray<string>
  readonly makeUser: (name: string) => Promise<Client>
  readonly connectTo: (client: Client, mail: string) => Promise<void>
  /** A meeting in three hours. */
  readonly create: (mail: string, subject: string, more?: object) => void
  /** The event of that subject, synced. */
  readonly listed: (client: Client, subject: string) => Promise<Answer["json"]>
  readonly tables: () => Promise<ReadonlyArray<string>>
  /** All rows as text. */
  readonly rowsOf: (table: string) => Promise<ReadonlyArray<string>>
  /** How often each calendar was marked as changed: `<user> <calendar> <count>`. */
  readonly marks: () => Promise<ReadonlyArray<string>>
  readonly close: () => Promise<void>
}

export const makeScene = async (): Promise<Scene> => {
  const stage = await makeStage({ PUNCTUAL_TRUSTED_PROXIES: "127.0.0.1" }, onPostgres(1))
  const database = new Database({ connectionString: stage.env["DATABASE_URL"] })
  await database.connect()
  const keys: Array<string> = []
  const credentials: Array<string> = []
  const makeUser = async (name: string): Promise<Client> => {
    const { api_key: key } = await stage.admin().ok("POST", "/api/v1/admin/users", { name })
    keys.push(key)
    return clientOf(stage.url(), key)
  }
  const connectTo = async (client: Client, mail: string): Promise<void> => {
    const given = stage.credentialsOf(mail)
    credentials.push(given["microsoft_client_secret"] ?? "?", given["microsoft_refresh_token"] ?? "?")
    await client.ok("POST", `${calendar}/create_calendar`, given)
  }
  const [adele, miriam] = [await makeUser("Adele"), await makeUser("Miriam")]
  await connectTo(adele, mails.adele)
  await connectTo(miriam, mails.miriam)
  const select = async (query: string) => (await database.query<{ one: string }>(query)).rows.map(({ one }) => one)
  return {
    stage,
    adele,
    miriam,
    keys,
    credentials,
    makeUser,
    connectTo,
    create: (mail, subject, more = {}) => {
      const start = Date.now() + 3 * hour
      stage.simulator.edit({
        type: "createEvent",
        mailbox: mail,
        start: new Date(start).toISOString(),
        end: new Date(start + hour).toISOString(),
        details: { subject, link: "https://zoom.us/j/5551112222", ...more }
      })
    },
    listed: async (client, subject) => {
      // A sync that is asked for joins one that runs, which may have read before the event was there.
      const found = await until(waitMillisMax, async () => {
        const { results } = await client.ok("GET", `${calendar}/events?sync=true&limit=100`)
        return results.find((row: { readonly subject: string }) => row.subject === subject) ?? null
      })
      return found ?? assert.fail(`no event "${subject}"`)
    },
    tables: () => select("select tablename as one from pg_tables where schemaname = 'punctual'"),
    rowsOf: (table) => select(`select t::text as one from punctual.${table} t`),
    marks: () =>
      select("select concat_ws(' ', user_id, calendar_id, changed_mark) as one from punctual.calendars order by 1"),
    close: async () => {
      await database.end()
      await stage.close()
    }
  }
}

/** A body as it stands, for what `JSON.stringify` would not write. */
export const sendText = async (scene: Scene, method: string, path: string, body: string): Promise<Answer> => {
  const response = await fetch(`${scene.stage.url()}${path}`, {
    method,
    headers: { authorization: `Token ${scene.keys[0]}`, "content-type": "application/json" },
    body
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: JSON.parse(text) as Answer["json"] }
}

/** Asks again where it was too often. */
export const patient = async (ask: () => Promise<Answer>): Promise<Answer> => {
  for (;;) {
    const answer = await ask()
    if (answer.status !== 429) return answer
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}
