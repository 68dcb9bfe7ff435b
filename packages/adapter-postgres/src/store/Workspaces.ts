/**
 * Workspaces: who is of which, the policy that holds there, and whom it has not reached yet.
 *
 * Decides when a policy has reached everybody. Never judges by one. Whoever touches both locks the user's row first and then
 * the workspace's: there a user who joins, a policy that is written and a spreading that ends wait for each other.
 */
import { Effect } from "effect"
import { type RawBuilder, sql } from "kysely"
import { Conflict, type UserId, type Workspace, type WorkspaceId, type WorkspacePolicy, noPolicy } from "@punctual/core"
import type { Database, Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"
import { fromText, toJson, toText } from "../rows/Column.ts"
import { type WorkspaceRow, toWorkspace, workspaceColumns } from "../rows/WorkspaceRow.ts"

export const joinWorkspace = (
  db: Database["Service"],
  userId: UserId,
  workspaceId: WorkspaceId | null
): Effect.Effect<void, DatabaseError> =>
  db.transaction(
    Effect.fnUntraced(function* (tx) {
      const id = sql`${toText(workspaceId)}::text`
      const moved = yield* tx.rows(sql`
        insert into punctual.user_states as s (user_id, version, workspace_id)
        select ${toText(userId)}::text, 1, ${id}
        where ${id} is not null or exists (select 1 from punctual.user_states where user_id = ${toText(userId)})
        on conflict (user_id) do update
          set version = s.version + 1, workspace_id = excluded.workspace_id, policy_number = 0
          where s.workspace_id is distinct from excluded.workspace_id
        returning user_id`)
      if (moved.length === 0 || workspaceId === null) return
      yield* tx.rows(sql`
        insert into punctual.workspace_policies as w (workspace_id) values (${id})
        on conflict (workspace_id) do update set is_spreading = w.number > 0`)
    })
  )

export const workspace = (db: Queries, id: WorkspaceId): Effect.Effect<Workspace, DatabaseError> =>
  Effect.map(
    db.rows<WorkspaceRow>(sql`
      select ${workspaceColumns} from punctual.workspace_policies w where w.workspace_id = ${toText(id)}`),
    ([row]) => (row === undefined ? { id, policy: noPolicy, policyNumber: 0 } : toWorkspace(row))
  )

export const savePolicy = Effect.fnUntraced(function* (
  db: Queries,
  id: WorkspaceId,
  policy: WorkspacePolicy,
  expected: number
): Effect.fn.Return<Workspace, DatabaseError | Conflict> {
  const [row] = yield* db.rows<WorkspaceRow>(sql`
    insert into punctual.workspace_policies as w (workspace_id, number, is_spreading, data)
    select ${toText(id)}::text, 1, true, ${toJson(policy)}::json
    where ${expected}::bigint = 0 or exists (
      select 1 from punctual.workspace_policies where workspace_id = ${toText(id)})
    on conflict (workspace_id) do update set number = w.number + 1, is_spreading = true, data = excluded.data
      where w.number = ${expected}::bigint
    returning ${workspaceColumns}`)
  return row === undefined ? yield* new Conflict() : toWorkspace(row)
})

export const workspaceUsers = (
  db: Queries,
  id: WorkspaceId,
  after: UserId | null,
  limit: number
): Effect.Effect<ReadonlyArray<UserId>, DatabaseError> => users(db, id, after, limit, sql``)

export const pendingUsers = (
  db: Queries,
  id: WorkspaceId,
  after: UserId | null,
  limit: number
): Effect.Effect<ReadonlyArray<UserId>, DatabaseError> =>
  users(
    db,
    id,
    after,
    limit,
    sql`and policy_number < (select number from punctual.workspace_policies where workspace_id = ${toText(id)})`
  )

const users = (
  db: Queries,
  id: WorkspaceId,
  after: UserId | null,
  limit: number,
  isMeant: RawBuilder<unknown>
): Effect.Effect<ReadonlyArray<UserId>, DatabaseError> =>
  Effect.map(
    db.rows<{ readonly user_id: string }>(sql`
      select user_id from punctual.user_states
      where workspace_id = ${toText(id)} and user_id > ${toText(after ?? "")} ${isMeant}
      order by user_id limit ${limit}::int`),
    (rows) => rows.map((row) => fromText(row.user_id) as UserId)
  )

export const notePolicy = (
  db: Queries,
  userId: UserId,
  { id, policyNumber }: Pick<Workspace, "id" | "policyNumber">
): Effect.Effect<void, DatabaseError> =>
  Effect.asVoid(
    db.rows(sql`
      update punctual.user_states set policy_number = ${policyNumber}::bigint
      where user_id = ${toText(userId)} and workspace_id = ${toText(id)} and policy_number < ${policyNumber}::bigint`)
  )

export const spreading = (db: Queries, limit: number): Effect.Effect<ReadonlyArray<Workspace>, DatabaseError> =>
  Effect.map(
    db.rows<WorkspaceRow>(sql`
      select ${workspaceColumns} from punctual.workspace_policies w
      where w.is_spreading order by w.workspace_id limit ${limit}::int`),
    (rows) => rows.map(toWorkspace)
  )

/**
 * The workspace's row is locked by a statement of its own: who joined while it was waited for is seen by the next one only.
 */
export const finishSpreading = (
  db: Database["Service"],
  { id, policyNumber }: Pick<Workspace, "id" | "policyNumber">
): Effect.Effect<void, DatabaseError> =>
  db.transaction(
    Effect.fnUntraced(function* (tx) {
      const held = yield* tx.rows(sql`
        select workspace_id from punctual.workspace_policies
        where workspace_id = ${toText(id)} and number = ${policyNumber}::bigint and is_spreading for update`)
      if (held.length === 0 || (yield* pendingUsers(tx, id, null, 1)).length > 0) return
      yield* tx.rows(sql`
        update punctual.workspace_policies set is_spreading = false where workspace_id = ${toText(id)}`)
    })
  )
