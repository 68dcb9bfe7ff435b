/**
 * Workspaces with their policies, as columns.
 * Decides how one is read, also of a workspace that has none.
 */
import { type Workspace, type WorkspaceId, type WorkspacePolicy, noPolicy } from "@punctual/core"
import { type RawBuilder, sql } from "kysely"
import { fromText } from "./Column.ts"

export interface WorkspaceRow {
  readonly workspace_id: string
  readonly number: number
  /** Null while nobody has written a policy. */
  readonly data: WorkspacePolicy | null
}

export const workspaceColumns = sql.raw("w.workspace_id, w.number, w.data")

/** The workspace of a row `s` of users, as one value; null: the user is of none. */
export const workspaceOfUser: RawBuilder<unknown> = sql`(
  select row_to_json(o) from (
    select ${workspaceColumns} from punctual.workspace_policies w where w.workspace_id = s.workspace_id) o)`

export const toWorkspace = ({ data, number, workspace_id }: WorkspaceRow): Workspace => ({
  id: fromText(workspace_id) as WorkspaceId,
  policy: data ?? noPolicy,
  policyNumber: number
})

export const toWorkspaceOrNull = (row: WorkspaceRow | null | undefined): Workspace | null =>
  row === null || row === undefined ? null : toWorkspace(row)
