/**
 * Migration 1: the tables of the log of changes.
 */
export const log: ReadonlyArray<string> = [
  // The log. One row a user with the number given last, locked last of all that a write locks, so that entries come to be seen
  // in the order of their numbers. It outlives the entries.
  `create table punctual.change_heads (
    user_id text collate "C" primary key,
    sequence bigint not null,
    told_at bigint not null,
    place bigint not null
  ) with (fillfactor = 70)`,
  // `place` is the transaction that wrote the entry, or a later one that wrote the one before: what everybody's are read by.
  // `config` is of the bot as it is, `previous_config` as it was.
  `create table punctual.changes (
    user_id text collate "C" not null,
    sequence bigint not null,
    place bigint not null,
    told_at bigint not null,
    type text not null,
    cause text not null,
    workspace_id text collate "C",
    connection_id text collate "C",
    calendar_id text collate "C",
    meeting text collate "C",
    bot_id text collate "C",
    data json not null,
    config text collate "C",
    previous_config text collate "C",
    primary key (user_id, sequence),
    constraint changes_shared_config foreign key (user_id, config) references punctual.shared_configs (user_id, digest),
    constraint changes_previous_shared_config foreign key (user_id, previous_config)
      references punctual.shared_configs (user_id, digest)
  )`,
  `create index changes_place on punctual.changes (place, user_id, sequence)`,
  `create index changes_told_at on punctual.changes (told_at)`,
  `create index changes_meeting on punctual.changes (user_id, meeting, sequence) where meeting is not null`,
  `create index changes_bot on punctual.changes (user_id, bot_id, sequence) where bot_id is not null`,
  `create index changes_config on punctual.changes (user_id, config) where config is not null`,
  `create index changes_previous_config on punctual.changes (user_id, previous_config) where previous_config is not null`
]
