/**
 * Migration 1: the tables of what is asked for, and of the bots that come of it.
 */
export const requests: ReadonlyArray<string> = [
  // Configurations that are large enough to be kept once: intents, overrides, bots and entries of the log refer to them. The
  // database itself sees to it that none goes while it is referred to, and none is referred to that has gone.
  `create table punctual.shared_configs (
    user_id text collate "C" not null,
    digest text collate "C" not null,
    data json not null,
    primary key (user_id, digest)
  )`,

  // Of an intent, override or bot about one occurrence, `series` is the occurrence's.
  `create table punctual.intents (
    user_id text collate "C" not null,
    id text collate "C" not null,
    kind text not null,
    meeting text collate "C",
    series text collate "C",
    data json not null,
    config text collate "C",
    primary key (user_id, id),
    constraint intents_shared_config foreign key (user_id, config) references punctual.shared_configs (user_id, digest)
  )`,
  `create index intents_config on punctual.intents (user_id, config) where config is not null`,
  `create index intents_meeting on punctual.intents (user_id, meeting) where meeting is not null`,
  `create index intents_series on punctual.intents (user_id, series) where series is not null`,

  `create table punctual.overrides (
    user_id text collate "C" not null,
    meeting text collate "C" not null,
    series text collate "C",
    data json not null,
    config text collate "C",
    primary key (user_id, meeting),
    constraint overrides_shared_config foreign key (user_id, config) references punctual.shared_configs (user_id, digest)
  )`,
  `create index overrides_config on punctual.overrides (user_id, config) where config is not null`,
  `create index overrides_series on punctual.overrides (user_id, series) where series is not null`,

  // The constraint is a net under the core's own rule: one live bot a meeting. It looks at the end of a transaction,
  // because a decision may hand a meeting from one bot to another. `in_meeting_until` is when its meeting ends, of a bot
  // that was handed over and not withdrawn.
  `create table punctual.bots (
    user_id text collate "C" not null,
    id text collate "C" not null,
    meeting text collate "C" not null,
    series text collate "C",
    status text not null,
    join_at bigint not null,
    end_at bigint not null,
    retry_at bigint,
    in_meeting_until bigint,
    wanted bigint not null,
    applied bigint not null,
    revision bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    data json not null,
    config text collate "C",
    primary key (user_id, id),
    constraint bots_shared_config foreign key (user_id, config) references punctual.shared_configs (user_id, digest),
    constraint bots_one_live exclude using btree (user_id with =, meeting with =)
      where (status in ('Scheduled', 'Launching')) deferrable initially deferred
  ) with (fillfactor = 70)`,
  `create index bots_meeting on punctual.bots (user_id, meeting, created_at)`,
  `create index bots_config on punctual.bots (user_id, config) where config is not null`,
  `create index bots_series on punctual.bots (user_id, series)
    where series is not null and status in ('Scheduled', 'Launching')`,
  `create index bots_listed on punctual.bots (user_id, status, join_at, id)`,
  `create index bots_due on punctual.bots (join_at, id) where status = 'Scheduled'`,
  `create index bots_launching on punctual.bots (join_at, id) where status = 'Launching'`,
  `create index bots_handed_over on punctual.bots (in_meeting_until, id) where in_meeting_until is not null`,
  `create index bots_unapplied on punctual.bots (updated_at, id) where applied < wanted`
]
