/**
 * What another policy would do to a workspace's users, for the operator.
 * Decides that a page of users is told at a time, each of whom is two slices to load, and how many meetings of them are named.
 */
import { Effect, Stream } from "effect"
import type { Preview, Punctual, UserId, WorkspaceId, WorkspacePolicy } from "@punctual/core"
import type { PolicyPreviewAnswer } from "../api/DecisionSchemas.ts"
import { decisionLimits } from "../http/Limits.ts"
import { previewRow } from "./DecisionView.ts"

/** Users of whom one answer tells, unless the request says otherwise. */
const usersUsual = 100

/** Users whose slices are loaded at once: most connections are left to launches. */
const usersAtOnce = 4

const lists = ["joins", "leaves", "changes"] as const

type Told = typeof PolicyPreviewAnswer.Type

interface Asked {
  readonly punctual: Punctual["Service"]
  readonly workspaceId: WorkspaceId
  readonly policy: Omit<WorkspacePolicy, "updatedAt">
}

interface Query {
  readonly after?: string
  readonly limit?: number
}

export const policyPreviewOfUsers = Effect.fnUntraced(function* (
  { policy, punctual, workspaceId }: Asked,
  query: Query
) {
  const limit = query.limit ?? usersUsual
  const page = yield* punctual.workspaceUsers(workspaceId, (query.after ?? null) as UserId | null, limit)
  const next = page.length < limit ? null : (page.at(-1) ?? null)
  return yield* Stream.fromIterable(page).pipe(
    Stream.mapEffect(
      (userId) =>
        punctual.previewPolicy(userId, workspaceId, policy).pipe(
          Effect.map((preview) => [{ userId, preview }]),
          // Who has connected nothing has no meetings.
          Effect.catchTag("Refusal", () => Effect.succeed([]))
        ),
      { concurrency: usersAtOnce }
    ),
    Stream.flatMap(Stream.fromIterable),
    Stream.runFold(
      (): Told => ({ summary: nothing, users: [], joins: [], leaves: [], changes: [], next }),
      (told, { preview, userId }) => withUser(told, userId, preview)
    )
  )
})

const nothing = { joins: 0, leaves: 0, changes: 0, stays: 0 }

/** The rows of users later on the page are left out first. */
const withUser = (told: Told, userId: UserId, preview: Preview): Told => {
  const { summary, users } = told
  const counts = {
    joins: preview.joins.length,
    leaves: preview.leaves.length,
    changes: preview.changes.length,
    stays: preview.stays
  }
  const { rowsMax } = decisionLimits
  const rowsOf = (list: (typeof lists)[number]): Told["joins"] => [
    ...told[list],
    ...preview[list]
      .slice(0, rowsMax - told[list].length)
      .map((meeting) => ({ user_id: userId, ...previewRow(meeting) }))
  ]
  const isCut = lists.some((list) => told[list].length + preview[list].length > rowsMax)
  return {
    ...told,
    summary: {
      joins: summary.joins + counts.joins,
      leaves: summary.leaves + counts.leaves,
      changes: summary.changes + counts.changes,
      stays: summary.stays + counts.stays
    },
    users: [...users, { user_id: userId, ...counts }],
    joins: rowsOf("joins"),
    leaves: rowsOf("leaves"),
    changes: rowsOf("changes"),
    ...(isCut && { truncated: true as const })
  }
}
