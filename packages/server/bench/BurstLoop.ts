/**
 * The least that could launch bots from a table, for comparison: four workers claim a hundred due rows each with
 * `SKIP LOCKED`, POST each over connections that stay open, and mark the hundred. It reads no calendar again, knows no user,
 * no policy, no lease and no retry. Prints one line of JSON: when it was done.
 */
import { Agent, request } from "node:http"
import { Pool } from "pg"

const rows = Number(process.env["ROWS"])
const sink = new URL(process.env["SINK"] ?? "")
const workers = 4
const claimed = 100
const pool = new Pool({ connectionString: process.env["DATABASE_URL"], max: workers })
const agent = new Agent({ keepAlive: true, maxSockets: 256 })

const post = (id: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const body = JSON.stringify({ bot_id: id, meeting_url: "https://zoom.us/j/5551234567" })
    const headers = { "content-type": "application/json", "content-length": body.length, "webhook-id": id }
    const call = request(
      { host: sink.hostname, port: sink.port, path: sink.pathname, method: "POST", agent, headers },
      (answer) => {
        answer.resume()
        answer.once("end", resolve)
      }
    )
    call.once("error", reject)
    call.end(body)
  })

const work = async (): Promise<void> => {
  for (;;) {
    const { rows: due } = await pool.query<{ readonly id: string }>({
      name: "claim",
      text: `update burst_loop t set status = 'Launching', lease_until = $1
        from (select id from burst_loop where status = 'Scheduled' and join_at <= $2
          order by join_at limit ${claimed} for update skip locked) due
        where t.id = due.id returning t.id`,
      values: [Date.now() + 60_000, Date.now()]
    })
    if (due.length === 0) return
    await Promise.all(due.map(({ id }) => post(id)))
    await pool.query({
      name: "mark",
      text: `update burst_loop set status = 'Launched' where id = any($1::text[])`,
      values: [due.map(({ id }) => id)]
    })
  }
}

await pool.query(`drop table if exists burst_loop`)
await pool.query(
  `create table burst_loop (id text primary key, status text not null, join_at bigint not null, lease_until bigint,
    data json not null) with (fillfactor = 70)`
)
await pool.query(`create index on burst_loop (join_at) where status = 'Scheduled'`)
await pool.query(
  `insert into burst_loop select 'loop' || n, 'Scheduled', 0, null, '{"link":"https://zoom.us/j/5551234567"}'
    from generate_series(1, $1::int) n`,
  [rows]
)
await pool.query(`analyze burst_loop`)
process.send?.({ kind: "ready" })
process.once("message", () => void launchAll())

const launchAll = async (): Promise<void> => {
  const began = Date.now()
  const before = process.cpuUsage()
  await Promise.all(Array.from({ length: workers }, work))
  const { system, user } = process.cpuUsage(before)
  process.send?.({ kind: "done", tookMillis: Date.now() - began, cpuMillis: (system + user) / 1_000 })
  await pool.end()
  agent.destroy()
  process.disconnect()
}
