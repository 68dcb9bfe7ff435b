/**
 * A connection that works, of an account without a name or an address.
 * Decides default members only.
 */
import type { Connection } from "../../src/domain/Connection.ts"
import { now, userId } from "./Present.ts"

export const connection = (members: Partial<Connection> = {}): Connection => ({
  userId,
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
