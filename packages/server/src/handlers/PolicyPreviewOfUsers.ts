/**
 * What another policy would do to a workspace's users, for the operator.
 * Decides that a page of users is told at a time, each of whom is two slices to load, and how many meetings of them are named.
 */
import { Effect, Stream } from "effect"
import type { Preview, Punctual, UserId, WorkspaceId, WorkspacePolicy } from "@punctual/core"
import type { PolicyPreviewAnswer } from "../api/DecisionSchemas.ts"
import { decisionLimits } from "../http/Limits.ts"
import { previewRow } from "./DecisionView.ts"
import { type PageQuery, placeAfter, placeOfNext, toldOfEach, usersUsual } from "./PagesOfUsers.ts"

const lists = ["joins", "leaves", "changes"] as const

type Told = typeof PolicyPreviewAnswer.Type

interface Asked {
  readonly punctual: Punctual["Service"]
  readonly workspaceId: WorkspaceId
  readonly policy: Omit<WorkspacePolicy, "updatedAt">
}

export const policyPreviewOfUsers = Effect.fnUntraced(function* (
  { policy, punctual, workspaceId }: Asked,
  query: PageQuery
) {
  const limit = query.limit ?? usersUsual
  const page = yield* punctual.workspaceUsers(workspaceId, placeAfter(query), limit)
  const next = placeOfNext(page, limit)
  const previews = toldOfEach(page, (userId) =>
    Effect.map(punctual.previewPolicy(userId, workspaceId, policy), (preview) => ({ userId, preview }))
  )
  return yield* previews.pipe(
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
