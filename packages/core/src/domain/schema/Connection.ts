/**
 * Schemas of a user's account and of the credentials that open it. Decide the shapes only. Credentials are written out
 * in the clear here: whoever encodes them encrypts the result.
 */
import { Schema } from "effect"
import type {
  Connection as ConnectionType,
  ConnectionStatus as ConnectionStatusType,
  Credentials as CredentialsType
} from "../Connection.ts"
import { describing } from "./Describing.ts"
import { ConnectionId, UserId } from "./Ids.ts"
import { Instant } from "./Time.ts"

export const ConnectionStatus = describing<ConnectionStatusType>()(
  Schema.Literals(["active", "reauthorization_required", "error", "disconnected"])
)

export const Connection = describing<ConnectionType>()(
  Schema.Struct({
    id: ConnectionId,
    userId: UserId,
    platform: Schema.String,
    generation: Schema.Int,
    revision: Schema.Int,
    status: ConnectionStatus,
    statusReason: Schema.NullOr(Schema.String),
    statusMessage: Schema.NullOr(Schema.String),
    accountId: Schema.String,
    email: Schema.NullOr(Schema.String),
    otherEmails: Schema.optionalKey(Schema.Array(Schema.String)),
    name: Schema.NullOr(Schema.String),
    credentialsVersion: Schema.Int,
    notBefore: Schema.NullOr(Instant),
    createdAt: Instant,
    updatedAt: Instant
  })
)

export const Credentials = describing<CredentialsType>()(
  Schema.Struct({
    clientId: Schema.String,
    clientSecret: Schema.String,
    refreshToken: Schema.String,
    obtainedAt: Instant
  })
)
