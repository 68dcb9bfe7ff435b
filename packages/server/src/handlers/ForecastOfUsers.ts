/**
 * The forecast of many users, of a workspace's or of all, for the operator.
 * Decides that a page of users is told at a time, each of whom is a slice to load, and how forecasts are added up.
 */
import { Effect, Stream } from "effect"
import {
  type Forecast,
  type Instant,
  type LauncherState,
  type Punctual,
  type StoreError,
  type UserId,
  WorkspaceId
} from "@punctual/core"
import type { Accounts, AccountsUnavailable, User } from "@punctual/core/accounts"
import type { ForecastSummary } from "../api/DecisionSchemas.ts"
import { orStorageAway } from "../http/StorageAway.ts"
import { summaryOf } from "./DecisionView.ts"
import { type PageQuery, placeAfter, placeOfNext, toldOfEach, usersUsual } from "./PagesOfUsers.ts"
import { forecastEnd } from "./TimesAhead.ts"

interface Asked {
  readonly accounts: Accounts["Service"]
  readonly punctual: Punctual["Service"]
  readonly health: Effect.Effect<LauncherState>
}

interface Query extends PageQuery {
  readonly workspace_id?: string
  readonly time_max?: Instant
}

export const forecastOfUsers = Effect.fnUntraced(function* ({ accounts, health, punctual }: Asked, query: Query) {
  const until = yield* forecastEnd(query.time_max)
  const limit = query.limit ?? usersUsual
  const page = yield* storing(usersAsked({ accounts, punctual }, query, limit))
  const state = yield* health
  const told = toldOfEach(page, ({ id, workspaceId }) =>
    Effect.map(punctual.forecast(id, until, state), (forecast) => forecastOfUser(id, workspaceId, forecast))
  )
  const users = yield* storing(Stream.runCollect(told))
  return {
    summary: sumOf(users.map(({ summary }) => summary)),
    users,
    until,
    next: placeOfNext(
      page.map(({ id }) => id),
      limit
    )
  }
})

/** Of one workspace, else of all. */
const usersAsked = (
  { accounts, punctual }: Pick<Asked, "accounts" | "punctual">,
  query: Query,
  limit: number
): Effect.Effect<ReadonlyArray<Pick<User, "id" | "workspaceId">>, AccountsUnavailable | StoreError> => {
  const { workspace_id } = query
  const from = placeAfter(query)
  if (workspace_id === undefined) return accounts.users(from, limit)
  // An id that is none of a workspace is no workspace's.
  if (!WorkspaceId.is(workspace_id)) return Effect.succeed([])
  return Effect.map(punctual.workspaceUsers(workspace_id, from, limit), (ids) =>
    ids.map((id) => ({ id, workspaceId: workspace_id }))
  )
}

const forecastOfUser = (userId: UserId, workspaceId: string, forecast: Forecast) => ({
  user_id: userId,
  workspace_id: workspaceId,
  summary: summaryOf(forecast),
  causes: [...new Set(forecast.meetings.flatMap(({ causes }) => causes))]
})

const sumOf = (summaries: ReadonlyArray<typeof ForecastSummary.Type>): typeof ForecastSummary.Type =>
  summaries.reduce(
    (sum, each) => ({
      covered: sum.covered + each.covered,
      at_risk: sum.at_risk + each.at_risk,
      uncovered: sum.uncovered + each.uncovered,
      not_wanted: sum.not_wanted + each.not_wanted
    }),
    { covered: 0, at_risk: 0, uncovered: 0, not_wanted: 0 }
  )

const storing = orStorageAway("storage failed")
