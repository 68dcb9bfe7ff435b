/**
 * Users' states in numbers, many at once.
 * Decides nothing: what they prove is the launch protocol's to say.
 */
import { Effect } from "effect"
import { sql } from "kysely"
import type { UserId, UserNumbers, WorkspaceId } from "@punctual/core"
import type { Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"
import { fromText, toTexts } from "../rows/Column.ts"

export const userNumbers = (
  db: Queries,
  userIds: ReadonlyArray<UserId>
): Effect.Effect<ReadonlyArray<UserNumbers>, DatabaseError> =>
  Effect.map(
    db.rows<NumbersRow>(sql`
      select coalesce(s.version, 0) as version, coalesce(s.mirror_number, 0) as mirror_number, s.workspace_id,
        coalesce(w.number, 0) as policy_number
      from unnest(${toTexts(userIds)}::text[]) with ordinality a (user_id, n)
      left join punctual.user_states s on s.user_id = a.user_id
      left join punctual.workspace_policies w on w.workspace_id = s.workspace_id
      order by a.n`),
    (rows) =>
      rows.map((row) => ({
        version: row.version,
        mirrorNumber: row.mirror_number,
        workspaceId: row.workspace_id === null ? null : (fromText(row.workspace_id) as WorkspaceId),
        policyNumber: row.policy_number
      }))
  )

interface NumbersRow {
  readonly version: number
  readonly mirror_number: number
  readonly workspace_id: string | null
  readonly policy_number: number
}
