/**
 * A connected user with a meeting, whose log is read by HTTP over the real core and in-memory adapters. Decides nothing.
 */
import { Effect } from "effect"
import { adminKey } from "../Kit.ts"
import { connected, hour, noon, zoom } from "../Whole.ts"

export const admin = "/api/v1/admin/changes"

/** A meeting with a bot, and the log of it. */
export const host = Effect.gen(function* () {
  const all = yield* connected
  const { call, calendarId, control, named, ok, syncChanges } = all
  const meeting = yield* control.create(calendarId, { subject: "Review", start: noon + 2 * hour, joinUrl: zoom })
  yield* syncChanges
  const [row] = yield* named("Review")
  const eventId: string = row.id
  const schedule = ok("POST", `/schedule/${eventId}`, { bot_config: { bot_name: "Notes" } })
  const log = (query = "") => ok("GET", `/changes${query}`)
  const allLog = (query = "") =>
    Effect.flatMap(call("GET", `${admin}${query}`, { key: adminKey }), (answer) =>
      answer.status === 200 ? Effect.succeed(answer.json) : Effect.die(new Error(answer.text))
    )
  return { ...all, allLog, eventId, log, meeting, schedule }
})

export const typesOf = (page: { readonly changes: ReadonlyArray<{ readonly type: string }> }) =>
  page.changes.map(({ type }) => type)
