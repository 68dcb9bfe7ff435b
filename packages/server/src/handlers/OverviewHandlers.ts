/**
 * The operator's page: translates between HTTP, accounts and the core, and decides nothing.
 */
import { Effect, Option, Stream } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { type Account, type Calendar, type Connection, Punctual, type UserId, shownPollingReason } from "@punctual/core"
import { Accounts } from "@punctual/core/accounts"
import { Api } from "../api/Api.ts"
import { NotFound } from "../api/Problems.ts"
import { orStorageAway } from "../http/StorageAway.ts"
import { makeLauncherHealth } from "../launchers/LauncherHealth.ts"
import { LaunchHours } from "../metrics/LaunchHours.ts"
import { shownStatus } from "./ConnectionView.ts"
import { forecastOfUsers } from "./ForecastOfUsers.ts"

/** Users read at a time. */
const usersPageSize = 500

export const layer = HttpApiBuilder.group(
  Api,
  "overview",
  Effect.fnUntraced(function* (handlers) {
    const accounts = yield* Accounts
    const punctual = yield* Punctual
    const health = yield* makeLauncherHealth
    // A process without launches has none to tell of.
    const launches = Option.getOrNull(yield* Effect.serviceOption(LaunchHours))
    // Every row of every user, a page at a time: storage has no operation that counts them by workspace. 200 reads for
    // 100,000 users, which somebody who looks at the page waits for.
    const everybody = Stream.paginate(null as UserId | null, (after) =>
      Effect.map(
        accounts.users(after, usersPageSize),
        (users) =>
          [users, users.length < usersPageSize ? Option.none() : Option.fromUndefinedOr(users.at(-1)?.id)] as const
      )
    )
    return handlers.handleAll({
      user: Effect.fnUntraced(function* ({ params }) {
        const user = Option.getOrNull(yield* storing(accounts.user(params.user_id as UserId)))
        if (user === null) return yield* new NotFound({ detail: "No such user." })
        const connections = yield* punctual.connections(user.id).pipe(
          Effect.map(connectionsShown),
          Effect.catchTag("Refusal", () => Effect.succeed([])),
          storing
        )
        return {
          user_id: user.id,
          workspace_id: user.workspaceId,
          name: user.name,
          external_id: user.externalId,
          created_at: user.createdAt,
          connections
        }
      }),
      workspaces: () =>
        everybody.pipe(
          Stream.runFold(
            () => new Map<string, number>(),
            (counts, { workspaceId }) => counts.set(workspaceId, (counts.get(workspaceId) ?? 0) + 1)
          ),
          storing,
          Effect.map((counts) => ({
            workspaces: [...counts].map(([id, users]) => ({ workspace_id: id, users }))
          }))
        ),
      jobs: () =>
        Effect.map(storing(punctual.jobReports), (reports) => ({
          jobs: reports.map(({ date, dueAt, name, notedAt, sharesLeft, status }) => ({
            job: name,
            date,
            due_at: dueAt,
            status,
            noted_at: notedAt,
            shares_left: sharesLeft
          }))
        })),
      forecast: ({ query }) => forecastOfUsers({ accounts, punctual, health }, query),
      launches: Effect.fnUntraced(function* () {
        const hours = launches === null ? [] : yield* launches.hours
        return {
          since: launches?.since ?? 0,
          hours: hours.map(({ hour, lateMillisMax, lateMillisSum, outcomes }) => ({
            hour,
            accepted: outcomes.accepted,
            rejected: outcomes.rejected,
            retried: outcomes.retry,
            unconfigured: outcomes.unconfigured,
            late_seconds_max: lateMillisMax / 1_000,
            late_seconds_mean: outcomes.accepted === 0 ? 0 : lateMillisSum / outcomes.accepted / 1_000
          }))
        }
      })
    })
  })
)

const connectionsShown = ({ calendars, connections }: Account) =>
  connections.map((each) =>
    connectionShown(
      each,
      calendars.filter(({ connectionId, selected }) => selected && connectionId === each.id)
    )
  )

const connectionShown = (connection: Connection, selected: ReadonlyArray<Calendar>) => ({
  calendar_id: connection.id,
  platform: connection.platform,
  status: shownStatus(connection),
  status_reason: connection.statusReason,
  status_message: connection.statusMessage,
  user_email: connection.email,
  calendars_selected: selected.length,
  calendars_polled: selected.filter((calendar) => shownPollingReason(calendar) !== null).length,
  calendars_failing: selected.filter(({ syncStatus }) => syncStatus === "stale" || syncStatus === "failed").length
})

const storing = orStorageAway("storage failed")
