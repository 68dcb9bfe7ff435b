/**
 * The HTTP application over the real core and in-memory adapters: what a client of the contract meets, on a virtual
 * clock. Decides nothing; what people do to their calendars is asked for through the control.
 */
import { Context, Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { CurrentPolicy, defaultPolicy, Launcher, type ProviderCalendarId, Punctual, WorkspaceId } from "@punctual/core"
import { CalendarMemory, LauncherMemory, SchedulerMemory, SecretsMemory, StoreMemory } from "@punctual/core/testing"
import { type Call, adele, serve } from "./Kit.ts"

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour
/** A Tuesday. */
export const noon = Date.UTC(2026, 2, 10, 12)

/** The workspace of Adele and Miriam. */
export const workspace = WorkspaceId.make("wsp_1")

export const zoom = "https://zoom.us/j/1234567890?pwd=abc"
export const base = "/api/v1/calendar"

export const ports = Layer.mergeAll(
  StoreMemory.layer,
  SchedulerMemory.layer,
  SecretsMemory.layer,
  LauncherMemory.layer,
  CalendarMemory.layerWith({ platforms: ["outlook_calendar"] })
)

export const system = Punctual.layer.pipe(
  Layer.provideMerge(ports),
  // A test says itself when what was told is read.
  Layer.provide(Layer.succeed(CurrentPolicy, { ...defaultPolicy, settleMillis: 0 }))
)

export const iso = (instant: number): string => new Date(instant).toISOString().replace(".000Z", "Z")

/** Adele is connected to an account with one calendar; it is noon. */
export const connectedOn = Effect.fnUntraced(function* (on: typeof system) {
  const { accounts, call, context, control, punctual } = yield* started(on)
  const credentials = yield* control.addAccount({ email: "adele@example.com", name: "Adele" })
  const calendarId: ProviderCalendarId = yield* control.addCalendar(credentials.accountId, { summary: "Calendar" })
  const body = {
    microsoft_client_id: credentials.clientId,
    microsoft_client_secret: credentials.clientSecret,
    microsoft_refresh_token: credentials.refreshToken
  }
  const answer = yield* call("POST", `${base}/create_calendar`, { body })
  if (answer.status !== 200) return yield* Effect.die(new Error(answer.text))

  /** The answer's JSON, of a call that must succeed. */
  const ok = (method: string, path: string, request?: unknown, more: Call = {}) =>
    Effect.flatMap(
      call(method, `${base}${path}`, { ...(request !== undefined && { body: request }), ...more }),
      (got) => (got.status === 200 ? Effect.succeed(got.json) : Effect.die(new Error(`${method} ${path}: ${got.text}`)))
    )
  /** Status and code of a call that must be refused. */
  const no = (method: string, path: string, request?: unknown, more: Call = {}) =>
    Effect.map(
      call(method, `${base}${path}`, { ...(request !== undefined && { body: request }), ...more }),
      ({ json, status }): string => `${status} ${json?.code}`
    )
  /** Reads what changed at the provider, as its notifications would have it read. */
  const syncChanges = Effect.gen(function* () {
    const notifications = yield* control.takeNotifications
    yield* punctual
      .receive(
        notifications.map(({ clientState, subscriptionId }) => ({
          subscriptionId,
          clientState: Redacted.make(clientState),
          kind: "change" as const
        }))
      )
      .pipe(Effect.orDie)
    while ((yield* Effect.orDie(punctual.syncNext))._tag === "Some");
    yield* Effect.orDie(punctual.sweep)
  })
  const rows = Effect.map(
    ok("GET", `/get_events?calendar_id=all&include_deleted=true&limit=100&time_max=${iso(noon + 200 * day)}`),
    ({ results }) => results
  )
  /** The rows of a subject, in order of their starts. */
  const named = (subject: string) =>
    Effect.map(
      rows,
      (all: ReadonlyArray<{ readonly subject: string }>) =>
        // oxlint-disable-next-line typescript/no-explicit-any -- answers of the contract, looked at member by member
        all.filter((row) => row.subject === subject) as ReadonlyArray<any>
    )
  return {
    accounts,
    accountId: credentials.accountId,
    answer: answer.json,
    calendarId,
    call,
    context,
    control,
    credentials,
    named,
    no,
    ok,
    punctual,
    syncChanges
  }
})

/** Nobody is connected. */
const started = Effect.fnUntraced(function* (on: typeof system) {
  yield* TestClock.setTime(noon)
  const context = yield* Layer.build(on)
  const punctual = yield* Effect.provideContext(Punctual, context)
  const control = yield* Effect.provideContext(CalendarMemory.CalendarControl, context)
  const { accounts, call } = yield* serve({
    punctual: Layer.succeed(Punctual, punctual),
    launcher: Layer.succeed(Launcher, Context.get(context, Launcher))
  })
  // As whoever makes a user does.
  yield* Effect.orDie(punctual.joinWorkspace(adele, workspace))
  return { accounts, call, context, control, punctual }
})

export const connected = connectedOn(system)
