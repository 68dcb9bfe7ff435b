/**
 * A connection that works, of an account without a name or an address.
 * Decides default members only.
 */
import type { Connection } from "../../src/domain/Connection.ts"
import { connectionId } from "../../src/domain/DeterministicIds.ts"
import { now, platform, userId } from "./Present.ts"

export const connection = (members: Partial<Connection> = {}): Connection => ({
  id: connectionId(members.platform ?? platform, members.userId ?? userId),
  userId,
  platform,
  generation: 1,
  revision: 1,
  status: "active",
  statusReason: null,
  statusMessage: null,
  accountId: "account",
  email: null,
  name: null,
  credentialsVersion: 1,
  notBefore: null,
  createdAt: now,
  updatedAt: now,
  ...members
})
