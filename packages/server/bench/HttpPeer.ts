/**
 * What one would write in an afternoon: fastify, pg, two statements a request, no framework of effects, no schema. Looks
 * up the caller by the digest of the key, reads a page and answers the same members as the server does. A process of its
 * own, started by `http.ts`. Knows the server's tables, and no code of it.
 */
import { createHash } from "node:crypto"
import Fastify, { type FastifyRequest } from "fastify"
import { Pool, types } from "pg"

const pool = new Pool({ connectionString: process.env["DATABASE_URL"], max: 10 })
const int8Oid = 20
types.setTypeParser(int8Oid, Number)

const day = 86_400_000
const limitUsual = 50

const callerOf = async (request: FastifyRequest): Promise<string | null> => {
  const key = /^Token (.+)$/.exec(request.headers.authorization ?? "")?.[1]
  if (key === undefined) return null
  const digest = createHash("sha256").update(key).digest("hex")
  const { rows } = await pool.query<{ user_id: string }>(
    `select k.user_id from punctual.api_keys k join punctual.users u on u.id = k.user_id
     where k.digest = $1 and k.revoked_at is null`,
    [digest]
  )
  return rows[0]?.user_id ?? null
}

const limitOf = (request: FastifyRequest): number =>
  Number((request.query as { readonly limit?: string }).limit ?? limitUsual)

const at = (millis: number | null): string | null =>
  millis === null ? null : new Date(millis).toISOString().replace(".000Z", "Z")

const platforms: Readonly<Record<string, string>> = { zoom: "Zoom", teams: "Teams", meet: "Google Meet" }

const server = Fastify()

server.get("/", async () => ({ up: true }))

server.get("/api/v1/calendar/get_events", async (request, reply) => {
  const userId = await callerOf(request)
  if (userId === null) return reply.code(401).send({ code: "unauthorized" })
  const [limit, now] = [limitOf(request), Date.now()]
  const { rows } = await pool.query(eventsSql, [userId, now - day, now + 28 * day, limit + 1])
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    next: rows.length > limit ? Buffer.from(`${last?.start_at} ${last?.id}`).toString("base64url") : null,
    previous: null,
    results: page.map(eventOf),
    has_more: rows.length > limit
  }
})

const eventsSql = `
  select e.*, coalesce(b.bots, '[]') as bots from (
    select e.* from punctual.events e join punctual.calendars c
      on c.user_id = e.user_id and c.calendar_id = e.calendar_id and c.is_primary and c.selected
    where e.user_id = $1 and e.start_at >= $2::bigint - 86400000 and e.start_at < $3 and e.end_at > $2 and not e.is_deleted
    order by e.start_at, e.id limit $4
  ) e left join lateral (
    select json_agg(b.data order by b.created_at) as bots from punctual.bots b
    where b.user_id = e.user_id and b.meeting = e.meeting
  ) b on true order by e.start_at, e.id`

// oxlint-disable-next-line typescript/no-explicit-any -- rows as the driver gives them: that is the point of this file
type Row = any

const eventOf = (row: Row) => ({
  id: row.id,
  start_time: at(row.start_at),
  end_time: at(row.end_at),
  calendar_id: row.calendar_id,
  platform: "outlook_calendar",
  platform_id: row.provider_id,
  ical_uid: row.data.iCalUid,
  meeting_platform: row.data.link === null ? null : platforms[row.data.link.platform],
  meeting_url: row.data.link?.url ?? null,
  is_deleted: row.is_deleted,
  created_at: at(row.created_at),
  updated_at: at(row.updated_at),
  subject: row.data.subject,
  time_zone: row.data.zone,
  is_all_day: row.data.isAllDay,
  is_cancelled: row.data.isCancelled,
  is_recurring: row.series_id !== null,
  series_id: row.series_id,
  recurrence_rule: null,
  recurring_enabled: false,
  original_start_time: at(row.data.originalStart),
  raw: row.raw,
  bots: row.bots.map((bot: Row) => ({ id: bot.id, ...standing(bot), ...face(bot) }))
})

const standing = (bot: Row) => ({
  status: bot.status,
  status_reason: bot.statusReason,
  scheduled_join_time: at(Math.max(bot.joinAt, bot.createdAt)),
  origin: bot.origin,
  external_id: bot.externalId
})

const face = (bot: Row) => ({
  platform: platforms[bot.link.platform],
  bot_username: bot.botName,
  is_scheduled: bot.status === "Scheduled"
})

server.get("/api/v1/calendar/scheduled_bots", async (request, reply) => {
  const userId = await callerOf(request)
  if (userId === null) return reply.code(401).send({ code: "unauthorized" })
  const limit = limitOf(request)
  const { rows } = await pool.query(
    `select join_at, id, data from punctual.bots
     where user_id = $1 and status = 'Scheduled' and join_at > $2 order by join_at, id limit $3`,
    [userId, Date.now(), limit + 1]
  )
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    scheduled_bots: page.map(({ data: bot }: Row) => ({
      bot_id: bot.id,
      ...standing(bot),
      ...face(bot),
      event_id: bot.eventId,
      meeting_link: bot.link.url,
      custom_attributes: bot.customAttributes,
      bot_config: bot.config,
      created_at: at(bot.createdAt)
    })),
    next: rows.length > limit ? Buffer.from(`${last?.join_at} ${last?.id}`).toString("base64url") : null,
    previous: null,
    has_more: rows.length > limit
  }
})

await server.listen({ host: "127.0.0.1", port: Number(process.env["PORT"]) })
