/**
 * The calendars of the connected account, live, and which of them are selected.
 * Decides shapes and addresses alone.
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { CalendarIdField } from "./Fields.ts"
import { Authorization, RateLimit, WellFormed } from "./Middleware.ts"
import {
  CalendarNotConnected,
  CalendarNotFound,
  MailboxUnavailable,
  MicrosoftUnavailable,
  ReauthorizationRequired,
  Unavailable
} from "./Problems.ts"

const CalendarItem = Schema.Struct({
  id: Schema.String,
  summary: Schema.String,
  isPrimary: Schema.Boolean,
  accessRole: Schema.Literals(["owner", "writer", "reader"]),
  /** An IANA name. */
  timeZone: Schema.String,
  backgroundColor: Schema.String,
  selected: Schema.Boolean,
  /** The connection that it is of. */
  connection_id: Schema.String,
  platform: Schema.String,
  /** True: its provider does not list it now, so that it is shown as it was last listed. */
  stale: Schema.optionalKey(Schema.Literal(true))
}).annotate({ identifier: "CalendarItem" })

const CalendarsAnswer = Schema.Struct({
  calendars: Schema.Array(CalendarItem),
  total: Schema.Int,
  user_id: Schema.String
}).annotate({ identifier: "CalendarsAnswer" })

export class CalendarsApi extends HttpApiGroup.make("calendars")
  .add(
    HttpApiEndpoint.get("list", "/calendars", {
      success: CalendarsAnswer,
      error: [
        CalendarNotConnected,
        CalendarNotFound,
        MailboxUnavailable,
        ReauthorizationRequired,
        MicrosoftUnavailable,
        Unavailable
      ]
    }).annotateMerge(OpenApi.annotations({ summary: "Calendars, live from Microsoft" })),
    HttpApiEndpoint.patch("select", "/calendars/:calendar_id", {
      params: { calendar_id: CalendarIdField },
      payload: Schema.Struct({ selected: Schema.Boolean }),
      success: CalendarItem,
      error: [
        CalendarNotConnected,
        CalendarNotFound,
        MailboxUnavailable,
        ReauthorizationRequired,
        MicrosoftUnavailable,
        Unavailable
      ]
    }).annotateMerge(OpenApi.annotations({ summary: "Select a calendar, or leave it out" }))
  )
  .middleware(WellFormed)
  .middleware(RateLimit)
  .middleware(Authorization)
  .prefix("/api/v1/calendar")
  .annotateMerge(OpenApi.annotations({ title: "Calendars" })) {}
