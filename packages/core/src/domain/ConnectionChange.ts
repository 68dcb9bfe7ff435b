/**
 * What a write of a connection leaves in the log: one entry, or none where nothing changed that anybody is told.
 * Decides which members are told, and that of a connection which was taken down nothing personal is.
 */
import type { Connection } from "./Connection.ts"
import { isStanding } from "./ConnectionStatus.ts"
import type { ChangeCause, ConnectionChange, LoggedConnection } from "./LoggedChange.ts"

/** `before` null: there was none. Null: nothing that is told has changed. New credentials are told without them. */
export const connectionChange = (
  before: Connection | null,
  after: Connection,
  cause: ChangeCause
): ConnectionChange | null => {
  const made = (type: ConnectionChange["type"], previous: Partial<LoggedConnection>): ConnectionChange => ({
    type,
    occurredAt: after.updatedAt,
    cause,
    data: { connection: loggedConnection(after), previous }
  })
  if (before === null || !isStanding(before)) return isStanding(after) ? made("connection.created", {}) : null
  const previous = changedMembers(loggedConnection(before), loggedConnection(after))
  if (!isStanding(after)) {
    const { email: _email, name: _name, statusMessage: _message, ...told } = previous
    return made("connection.disconnected", told)
  }
  const isSame = Object.keys(previous).length === 0 && before.credentialsVersion === after.credentialsVersion
  return isSame ? null : made("connection.updated", previous)
}

/** Why a tombstone still stands is our own business. */
const loggedConnection = (row: Connection): LoggedConnection => ({
  id: row.id,
  platform: row.platform,
  status: row.status,
  statusReason: isStanding(row) ? row.statusReason : null,
  statusMessage: isStanding(row) ? row.statusMessage : null,
  email: isStanding(row) ? row.email : null,
  name: isStanding(row) ? row.name : null,
  createdAt: row.createdAt
})

const changedMembers = (before: LoggedConnection, after: LoggedConnection): Partial<LoggedConnection> =>
  Object.fromEntries(Object.entries(before).filter(([member, value]) => value !== after[member as keyof typeof after]))
