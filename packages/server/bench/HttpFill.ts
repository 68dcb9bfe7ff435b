/**
 * A user with as many stored events as the bench wants, on a server that runs: connected and synced as anybody is, then
 * multiplied by SQL. Every event ahead has a bot. Decides nothing that is measured.
 */
import { Client } from "pg"
import type { Stage } from "../test/e2e/Stage.ts"

export interface Filled {
  readonly count: number
  readonly key: string
}

const minute = 60_000
const mailOf = (count: number) => `bench${count}@contoso.example`

export const fill = async (stage: Stage, databaseUrl: string, count: number): Promise<Filled> => {
  const mail = mailOf(count)
  stage.simulator.addMailbox({ userPrincipalName: mail })
  const { api_key: key } = await stage.admin().ok("POST", "/api/v1/admin/users", { name: mail })
  const headers = { authorization: `Token ${key}`, "content-type": "application/json" }
  const call = async (method: string, path: string, body?: unknown) => {
    const url = `${stage.url()}/api/v1/calendar/${path}`
    const answer = await fetch(url, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`)
    return (await answer.json()) as { readonly results: ReadonlyArray<{ readonly id: string }> }
  }
  await call("POST", "create_calendar", stage.credentialsOf(mail))
  const start = Math.ceil(Date.now() / (30 * minute)) * 30 * minute + 120 * minute
  stage.simulator.edit({
    type: "createEvent",
    mailbox: mail,
    start: new Date(start).toISOString(),
    end: new Date(start + 30 * minute).toISOString(),
    details: { subject: "Weekly review", link: "https://zoom.us/j/5551234567", bodyHtml: "<p>As discussed.</p>" }
  })
  const [event] = (await call("GET", "events?sync=true")).results
  await call("POST", `schedule/${event?.id}`, { bot_config: { bot_name: "Scribe" } })
  await multiply(databaseUrl, event?.id ?? "", start, count)
  return { count, key }
}

/** Copies of the one event and its bot, each with a time, ids and a meeting of its own, half of them ahead. */
const multiply = async (databaseUrl: string, id: string, start: number, count: number): Promise<void> => {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(
    `insert into punctual.events (user_id, id, calendar_id, provider_id, kind, series_id, series_key, meeting, family,
       start_at, end_at, organizer, is_deleted, is_virtual, created_at, updated_at, seen, mirror_number, digest, raw_digest, data, facts,
       raw)
     select user_id, id || 'x' || n, calendar_id, provider_id || n, kind, null, null, meeting || n, family || n,
       $2::bigint + (n - $3::int / 2) * 1800000::bigint, $2::bigint + (n - $3::int / 2 + 1) * 1800000::bigint, organizer,
       false, false, created_at, updated_at, seen, mirror_number, digest, raw_digest, data, facts, raw
     from punctual.events, generate_series(1, $3::int - 1) n where id = $1`,
    [id, start, count]
  )
  await client.query(
    `insert into punctual.bots (user_id, id, meeting, series, status, join_at, end_at, retry_at, wanted, applied, revision,
       created_at, updated_at, data)
     select b.user_id, b.id || e.id, e.meeting, null, 'Scheduled', e.start_at - 60000, e.end_at, null, b.wanted, b.applied,
       b.revision, b.created_at, b.updated_at, b.data
     from punctual.bots b join punctual.events e on e.user_id = b.user_id and e.start_at > $2::bigint
     where b.meeting = (select meeting from punctual.events where id = $1)`,
    [id, start]
  )
  await client.query("analyze")
  await client.end()
}
