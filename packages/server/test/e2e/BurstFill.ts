/**
 * Thousands of users with bots that are due at one instant, on servers that run: one user is connected and synced as anybody
 * is and asks for a bot; then that user is multiplied in the database. Decides nothing that is measured.
 *
 * Each copy has a calendar, events, requests, bots and schedules of its own, under ids that no other row has. Calendars are
 * not due for hours and have no subscription, so that nothing but launches goes on.
 */
import type { Simulator } from "@punctual/adapter-graph/simulator"
import { clientOf } from "./Client.ts"

export interface Crowd {
  readonly users: number
  readonly botsEach: number
  /** Of the first user, who has so many in the place of `botsEach`; left out: as many as the others. */
  readonly botsOfFirst?: number
  /** When the meetings begin; their bots join a lead before. */
  readonly start: number
  readonly leadMillis: number
}

export interface Filled {
  /** Of every bot that is due. */
  readonly botIds: ReadonlyArray<string>
  readonly botIdsOfFirst: ReadonlyArray<string>
}

/** The one who is multiplied, with one bot hours ahead. */
export interface Template {
  readonly rows: Readonly<Record<Table, ReadonlyArray<Row>>>
}

type Row = Readonly<Record<string, unknown>>

const ofUser = ["user_states", "connections", "calendars", "users"] as const
const ofMeeting = ["events", "intents", "bots", "schedules"] as const
const tables = [...ofUser, ...ofMeeting]
type Table = (typeof tables)[number]

const hour = 3_600_000
const meetingMillis = hour

/** A database, whichever engine runs it. */
export interface Querying {
  readonly query: (
    text: string,
    values?: Array<unknown>
  ) => Promise<{ readonly rows: ReadonlyArray<Record<string, unknown>> }>
}

interface Servers {
  readonly url: string
  readonly adminKey: string
  readonly simulator: Simulator
}

/** A user who is connected and synced, and has asked for a bot. Answers their id. */
export const connectOne = async ({ adminKey, simulator, url }: Servers): Promise<string> => {
  const mail = "crowd@contoso.example"
  simulator.addMailbox({ userPrincipalName: mail })
  const user = await clientOf(url, adminKey).ok("POST", "/api/v1/admin/users", { name: mail })
  const calendar = clientOf(url, String(user["api_key"]))
  const grant = simulator.grant(mail)
  await calendar.ok("POST", "/api/v1/calendar/create_calendar", {
    microsoft_client_id: grant.clientId,
    microsoft_client_secret: grant.clientSecret,
    microsoft_refresh_token: grant.refreshToken
  })
  const start = Math.ceil(Date.now() / hour) * hour + 12 * hour
  simulator.edit({
    type: "createEvent",
    mailbox: mail,
    start: new Date(start).toISOString(),
    end: new Date(start + meetingMillis).toISOString(),
    details: { subject: "The top of the hour", link: "https://zoom.us/j/5551234567" }
  })
  const page = await calendar.ok("GET", "/api/v1/calendar/events?sync=true")
  await calendar.ok("POST", `/api/v1/calendar/schedule/${page["results"][0].id}`, {
    bot_config: { bot_name: "Scribe" }
  })
  return String(user["user_id"])
}

export const templateOf = async (client: Querying, userId: string): Promise<Template> => {
  const rows: Partial<Record<Table, ReadonlyArray<Row>>> = {}
  for (const table of tables) {
    const found = await client.query(
      `select row_to_json(t) as row from punctual.${table} t where ${table === "users" ? "id" : "user_id"} = $1`,
      [userId]
    )
    rows[table] = found.rows.map(({ row }) => row as Row)
  }
  return { rows: rows as Template["rows"] }
}

/** Rows written by one statement. */
const batchRows = 1_000

export const fillCrowd = async (client: Querying, template: Template, crowd: Crowd): Promise<Filled> => {
  const botIds: Array<string> = []
  const botIdsOfFirst: Array<string> = []
  const made = new Map<Table, Array<Row>>(tables.map((table) => [table, []]))
  const write = async (rowsMin: number): Promise<void> => {
    for (const [table, rows] of made) {
      while (rows.length > 0 && rows.length >= rowsMin) await insert(client, table, rows.splice(0, batchRows))
    }
  }
  for (let user = 0; user < crowd.users; user++) {
    const ofThisUser = tokensOfUser(template, user)
    for (const table of ofUser) made.get(table)?.push(...copies(template, table, ofThisUser))
    const bots = user === 0 ? (crowd.botsOfFirst ?? crowd.botsEach) : crowd.botsEach
    for (let at = 0; at < bots; at++) {
      const tokens = [...ofThisUser, ...tokensOfMeeting(template, at)]
      for (const table of ofMeeting)
        made.get(table)?.push(...copies(template, table, tokens).map((row) => movedTo(table, row, crowd)))
      const id = String(made.get("bots")?.at(-1)?.["id"])
      botIds.push(id)
      if (user === 0) botIdsOfFirst.push(id)
    }
    await write(batchRows)
  }
  await write(0)
  await client.query("analyze")
  return { botIds, botIdsOfFirst }
}

/** A text of the template's rows, and what stands in its place in a copy. */
type Token = readonly [text: string, replacement: string]

const tokensOfUser = ({ rows }: Template, user: number): ReadonlyArray<Token> => {
  const own = rows.calendars[0]
  return [
    // It stands in the ids of the connection and of schedules, too.
    [text(rows.user_states[0]?.["user_id"]), `usr_crowd${user}`],
    [text(own?.["calendar_id"]), `cal_crowd${user}`],
    [text(own?.["provider_id"]), `crowd${user}`],
    // Bots, events and meetings are told apart by their number as well.
    ["#", `u${user}`]
  ]
}

const tokensOfMeeting = ({ rows }: Template, at: number): ReadonlyArray<Token> => {
  const [event, bot] = [rows.events[0], rows.bots[0]]
  const uid = text((event?.["data"] as Row | undefined)?.["iCalUid"])
  return [
    [text(event?.["id"]), `evt_#m${at}`],
    [text(event?.["provider_id"]), `item#m${at}`],
    [text(bot?.["id"]), `bot_#m${at}`],
    [uid, `CROWD#M${at}`],
    [uid.toLowerCase(), `crowd#m${at}`]
  ]
}

const copies = ({ rows }: Template, table: Table, tokens: ReadonlyArray<Token>): ReadonlyArray<Row> => {
  const user = tokens.find(([found]) => found === "#")?.[1] ?? ""
  let copied = JSON.stringify(rows[table])
  for (const [found, replacement] of tokens)
    if (found !== "#") copied = copied.replaceAll(found, replacement.replace("#", user))
  return JSON.parse(copied) as ReadonlyArray<Row>
}

/** The row of a meeting that begins when the crowd's do, or of a calendar that is left alone. */
const movedTo = (table: Table, row: Row, { leadMillis, start }: Crowd): Row => {
  const end = start + meetingMillis
  const joinAt = start - leadMillis
  switch (table) {
    case "events":
      return { ...row, start_at: start, end_at: end }
    case "schedules":
      return { ...row, at: joinAt, due_at: joinAt }
    case "bots":
      return { ...row, join_at: joinAt, data: { ...(row["data"] as Row), joinAt, start, end } }
    default:
      return row
  }
}

const insert = async (client: Querying, table: Table, rows: ReadonlyArray<Row>): Promise<void> => {
  const quiet = { subscription_id: null, subscription_hash: null, subscription_ends_at: null }
  const given = table === "calendars" ? rows.map((row) => ({ ...row, ...quiet, due_at: Date.now() + 10 * hour })) : rows
  const columns = Object.keys(given[0] ?? {}).filter((column) => column !== "ready_at")
  await client.query(
    `insert into punctual.${table} (${columns.join(", ")})
     select ${columns.join(", ")} from json_populate_recordset(null::punctual.${table}, $1::json)`,
    [JSON.stringify(given)]
  )
}

const text = (value: unknown): string => {
  if (typeof value !== "string" || value === "") throw new Error(`the template lacks a text: ${String(value)}`)
  return value
}
