/** What the simulated Google answers, what was recorded, and what the adapter asks, held to Google's own description. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { type Edit, type Request, applyEdit, emptyWorld, step } from "@punctual/adapter-google/simulator"
import { askedScopes } from "../../src/index.ts"
import { calendar, window } from "../fakes/Recorded.ts"
import { payload, payloadNames } from "../fakes/Payloads.ts"
import { calendarId, outcome, withSession } from "../Session.ts"
import { faultsOf, parametersOf } from "./Discovery.ts"

const now = Date.parse("2026-04-06T08:00:00Z")
const ada = "ada@example.com"

const times = (hour: number) => ({
  start: { dateTime: new Date(now + hour * 3_600_000).toISOString(), timeZone: "UTC" },
  end: { dateTime: new Date(now + (hour + 1) * 3_600_000).toISOString(), timeZone: "UTC" }
})

const edits: ReadonlyArray<Edit> = [
  { type: "addClient", clientId: "client", clientSecret: "secret" },
  { type: "addPerson", email: ada, timeZone: "Europe/Berlin" },
  { type: "grant", email: ada, clientId: "client", scopes: askedScopes },
  { type: "createEvent", calendar: ada, id: "one", members: { summary: "One", ...times(1) } },
  { type: "createEvent", calendar: ada, id: "gone", members: { summary: "Gone", ...times(1) } },
  {
    type: "createEvent",
    calendar: ada,
    id: "all",
    members: { start: { date: "2026-04-06" }, end: { date: "2026-04-07" } }
  },
  {
    type: "createEvent",
    calendar: ada,
    id: "daily",
    members: { recurrence: ["RRULE:FREQ=DAILY;COUNT=9"], ...times(2) }
  },
  { type: "patchEvent", calendar: ada, id: "daily_20260407T100000Z", members: times(30) },
  { type: "deleteEvent", calendar: ada, id: "daily_20260408T100000Z" },
  { type: "deleteEvent", calendar: ada, id: "gone" }
]

const made = edits.reduce((world, edit) => applyEdit(world, edit, now).world, emptyWorld())
const refreshToken = [...made.grants.keys()][0] ?? ""
const world = {
  ...made,
  accessTokens: new Map([["token", { token: "token", refreshToken, expiresAt: Infinity }]])
}

const ask = (method: string, path: string, body: object = {}) => {
  const url = new URL(path, "https://www.googleapis.com/calendar/v3/")
  const request: Request = {
    method,
    path: url.pathname.split("/").slice(1).map(decodeURIComponent),
    query: url.searchParams,
    headers: { authorization: "Bearer token" },
    body: JSON.stringify(body)
  }
  return step(world, request, now).reply
}

const events = `calendars/${encodeURIComponent(ada)}/events`

describe("the simulated Google", () => {
  it.each([
    ["GET", "users/me/calendarList", "CalendarList"],
    ["GET", `users/me/calendarList/${encodeURIComponent(ada)}`, "CalendarListEntry"],
    ["GET", events, "Events"],
    ["GET", `${events}?singleEvents=true`, "Events"],
    ["GET", `${events}/daily/instances?showDeleted=true`, "Events"],
    ["GET", `${events}/one`, "Event"],
    ["GET", `${events}/gone`, "Event"],
    ["GET", `${events}/daily_20260408T100000Z`, "Event"],
    ["POST", `${events}/watch`, "Channel"]
  ])("%s %s answers a %s", (method, path, schema) => {
    const { body, status } = ask(method, path, { id: "c", type: "web_hook", address: "https://punctual.example/" })
    assert.strictEqual(status, 200)
    assert.deepStrictEqual(faultsOf(body, schema), [])
  })

  it("lists what there is in both forms", () => {
    const idsOf = (path: string) =>
      ((ask("GET", path).body as { readonly items: ReadonlyArray<{ readonly id: string }> }).items ?? []).map(
        ({ id }) => id
      )
    assert.deepStrictEqual(idsOf(events), ["all", "daily", "daily_20260407T100000Z", "daily_20260408T100000Z", "one"])
    assert.lengthOf(idsOf(`${events}?singleEvents=true`), 2 + 8)
  })

  it.each([
    ["orderBy=startTime", 400],
    ["syncToken=nonsense", 400],
    ["syncToken=nonsense&timeMin=2026-04-06T00:00:00Z", 400],
    ["timeMin=2026-04-06T00:00:00Z&timeMax=2026-04-06T00:00:00Z", 400],
    ["orderBy=startTime&singleEvents=true", 200]
  ])("a list with %s is answered %i", (query, status) => {
    const reply = ask("GET", `${events}?${query}`)
    assert.strictEqual(reply.status, status)
    if (status === 200) assert.notProperty(reply.body, "nextSyncToken")
  })
})

describe("the description", () => {
  it("knows what does not keep to it", () => {
    assert.deepStrictEqual(faultsOf({ id: 1, nope: true, start: { date: "x", zone: "y" } }, "Event"), [
      "Event.id",
      "Event.nope",
      "Event.start.zone"
    ])
  })
})

describe("what was recorded", () => {
  it("keeps to the description", () => {
    const schemas: ReadonlyArray<readonly [RegExp, string]> = [
      [/^event\./, "Event"],
      [/^events\./, "Events"],
      [/^calendarlist\.list/, "CalendarList"],
      [/^watch\.events\.response/, "Channel"]
    ]
    const faults = payloadNames.flatMap((name) => {
      const schema = schemas.find(([pattern]) => pattern.test(name))?.[1]
      return schema === undefined ? [] : faultsOf(payload(name), schema).map((fault) => `${name}: ${fault}`)
    })
    assert.deepStrictEqual(faults, [])
  })
})

describe("the adapter", () => {
  it.effect("asks with parameters that there are", () =>
    withSession(calendar(), ({ asked, session }) =>
      Effect.gen(function* () {
        yield* outcome(Stream.runDrain(session.changes(calendarId, { window })))
        yield* outcome(session.series(calendarId, "15chil19v5nskedvmo93ei4nl8"))
        yield* outcome(session.event(calendarId, "x"))
        yield* outcome(session.calendars)
        const methodOf = (path: string): string => {
          if (path.startsWith("users/")) return path.endsWith("calendarList") ? "calendarList.list" : "calendarList.get"
          if (path.endsWith("/instances")) return "events.instances"
          return path.endsWith("/events") ? "events.list" : "events.get"
        }
        const strange = asked.flatMap(({ path, query }) =>
          [...query.keys()].filter((name) => !parametersOf(methodOf(path)).has(name)).map((name) => `${path} ${name}`)
        )
        assert.deepStrictEqual(strange, [])
        assert.deepStrictEqual([...new Set(asked.map(({ path }) => methodOf(path)))].toSorted(), [
          "calendarList.list",
          "events.get",
          "events.instances",
          "events.list"
        ])
      })
    )
  )
})
