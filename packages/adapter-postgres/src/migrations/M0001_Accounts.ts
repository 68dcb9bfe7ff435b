/**
 * Migration 1: the tables of a server's accounts.
 */
export const accounts: ReadonlyArray<string> = [
  `create table punctual.users (
    id text collate "C" primary key,
    workspace_id text not null,
    name text,
    external_id text collate "C",
    created_at bigint not null
  )`,
  `create unique index users_external_id on punctual.users (workspace_id, external_id) where external_id is not null`,
  `create table punctual.api_keys (
    id text collate "C" primary key,
    user_id text collate "C" not null references punctual.users (id),
    digest text collate "C" not null unique,
    prefix text not null,
    created_at bigint not null,
    revoked_at bigint
  )`,
  `create index api_keys_user on punctual.api_keys (user_id)`,
  `create index api_keys_revoked on punctual.api_keys (revoked_at) where revoked_at is not null`,
  // Answers may hold secrets, so they are sealed as credentials are.
  `create table punctual.idempotency_keys (
    user_id text collate "C" not null,
    route text collate "C" not null,
    key text collate "C" not null,
    digest text not null,
    lease_until bigint not null,
    keep_until bigint not null,
    is_rerun boolean not null default false,
    status integer,
    key_id text,
    sealed bytea,
    primary key (user_id, route, key)
  )`,
  `create index idempotency_keys_keep on punctual.idempotency_keys (keep_until)`,
  `create table punctual.consents (
    digest text collate "C" primary key,
    user_id text collate "C" not null,
    expires_at bigint not null,
    key_id text not null,
    sealed bytea not null
  )`,
  `create index consents_expiry on punctual.consents (expires_at)`
]
