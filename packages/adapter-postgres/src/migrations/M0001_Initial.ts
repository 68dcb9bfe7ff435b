/**
 * Migration 1: all tables.
 *
 * Keys. Every row belongs to a user and its key begins with the user's id, so two users of one mailbox share no row. Ids
 * compare by code point (`collate "C"`), as the core compares them, whatever language the database was made in. Rows of a
 * connection are found by its calendars.
 * Instants are milliseconds since 1970 in `bigint`. Documents are `json`: see `rows/Column.ts`.
 * What queries ask for stands in columns; what they only carry stands in `data`, and the provider's item in `raw`, which
 * is large and is moved out of the row as soon as the row exceeds 1 KiB.
 */
import { accounts } from "./M0001_Accounts.ts"
import { log } from "./M0001_Log.ts"

export const initial: ReadonlyArray<string> = [
  // One row a user, with everything that fences the others: it is locked before any of them is written.
  `create table punctual.user_states (
    user_id text collate "C" primary key,
    version bigint not null default 0,
    mirror_number bigint not null default 0,
    decided bigint not null default 0,
    decide_at bigint,
    judge_mark bigint,
    auto_enabled boolean not null default false,
    auto json,
    paused_until bigint,
    workspace_id text collate "C",
    policy_number bigint not null default 0,
    pruned_number bigint,
    pruned_at bigint
  ) with (fillfactor = 70)`,
  `create index user_states_lagging on punctual.user_states (user_id) where mirror_number > decided`,
  `create index user_states_decide_at on punctual.user_states (decide_at) where decide_at is not null`,
  `create index user_states_judge_mark on punctual.user_states (user_id) where judge_mark is not null`,
  `create index user_states_auto on punctual.user_states (user_id) where auto_enabled`,
  // Also for who of a workspace is still to be decided: its users are walked through, and most are found at once.
  `create index user_states_workspace on punctual.user_states (workspace_id, user_id) where workspace_id is not null`,

  // There from the first user on, so that whoever joins and whoever writes a policy meet at one row, after the user's. Until
  // a policy is written its number is 0.
  `create table punctual.workspace_policies (
    workspace_id text collate "C" primary key,
    number bigint not null default 0,
    is_spreading boolean not null default false,
    data json
  ) with (fillfactor = 70)`,
  `create index workspace_policies_spreading on punctual.workspace_policies (workspace_id) where is_spreading`,

  // A write of one raises the user's version first, and so waits for whoever has locked the user's row.
  `create table punctual.connections (
    user_id text collate "C" not null,
    id text collate "C" not null,
    platform text collate "C" not null,
    generation bigint not null,
    revision bigint not null,
    status text not null,
    status_reason text,
    not_before bigint,
    created_at bigint not null,
    data json not null,
    primary key (user_id, id)
  ) with (fillfactor = 70)`,
  `create index connections_standing on punctual.connections (user_id) where status <> 'disconnected'`,
  `create index connections_erasing on punctual.connections (user_id, created_at, id)
    where status = 'disconnected' and status_reason = 'erasing'`,

  // `generation` and `open_at` repeat the connection's state, so that a fence is one row and the next claim is found in one
  // index: `open_at` is null while the connection is not active. The counts are of events that were changed and not told yet.
  `create table punctual.calendars (
    user_id text collate "C" not null,
    calendar_id text collate "C" not null,
    connection_id text collate "C" not null,
    provider_id text collate "C" not null,
    namespace text collate "C" not null,
    generation bigint not null,
    summary text not null,
    is_primary boolean not null,
    access_role text not null,
    color text not null,
    time_zone text,
    selected boolean not null,
    is_removed boolean not null default false,
    position integer not null,
    subscription_id text collate "C",
    subscription_hash text,
    subscription_ends_at bigint,
    polling_reason text,
    events_zone text,
    cursor text,
    window_from bigint,
    window_to bigint,
    based_at bigint,
    last_synced_at bigint,
    sync_status text not null,
    sync_error text,
    due_at bigint not null,
    changed_mark bigint not null,
    sync_generation bigint not null,
    lease_until bigint,
    open_at bigint,
    created_count integer not null default 0,
    updated_count integer not null default 0,
    deleted_count integer not null default 0,
    ready_at bigint generated always as (
      case when selected and open_at is not null then greatest(due_at, lease_until, open_at) end
    ) stored,
    primary key (user_id, calendar_id)
  ) with (fillfactor = 70)`,
  `create index calendars_due on punctual.calendars (due_at, user_id, calendar_id)
    where selected and open_at is not null`,
  `create index calendars_ready on punctual.calendars (ready_at) where ready_at is not null`,
  `create index calendars_subscription on punctual.calendars (subscription_id) where subscription_id is not null`,
  `create index calendars_subscription_ends on punctual.calendars (subscription_ends_at, subscription_id)
    where subscription_ends_at is not null`,

  // `seen` is the sync generation that last listed a row, `mirror_number` the user's when it last changed. `family` is what
  // the row says that it is a copy of; `meeting` is the same until a decision takes a family apart. `counted` is as what the
  // last change counts: created, updated, deleted.
  `create table punctual.events (
    user_id text collate "C" not null,
    id text collate "C" not null,
    calendar_id text collate "C" not null,
    provider_id text collate "C" not null,
    kind text not null,
    series_id text collate "C",
    series_key text collate "C",
    meeting text collate "C" not null,
    family text collate "C" not null,
    start_at bigint not null,
    end_at bigint not null,
    organizer text,
    is_deleted boolean not null,
    is_virtual boolean not null,
    created_at bigint not null,
    updated_at bigint not null,
    seen bigint,
    mirror_number bigint not null,
    counted "char" not null default 'c',
    digest text not null,
    raw_digest text not null,
    data json not null,
    facts json,
    raw json,
    primary key (user_id, id)
  ) with (fillfactor = 85, toast_tuple_target = 1024)`,
  `create index events_start on punctual.events (user_id, start_at, id)`,
  // An overlap query starts a day before its span; what lasts longer than that is found here, in the order of a page.
  // Statistics know nothing of such a difference: an index in another order would lose to a walk through all of a past.
  `create index events_long on punctual.events (user_id, start_at, id, end_at) where end_at - start_at > 86400000`,
  `create index events_meeting on punctual.events (user_id, meeting)`,
  // The rest of a family bears its name as a meeting, and is found by that.
  `create index events_family on punctual.events (user_id, family) where meeting <> family`,
  `create index events_series_key on punctual.events (user_id, series_key) where series_key is not null`,
  `create index events_series_id on punctual.events (user_id, series_id) where series_id is not null`,
  `create index events_calendar on punctual.events (user_id, calendar_id, provider_id)`,
  // Whose own item is still kept: those that have ended a while ago lose it.
  `create index events_items on punctual.events (user_id, start_at) where raw is not null`,
  `create index events_mirror_number on punctual.events (user_id, mirror_number, id)`,
  // How far the mirror had come on a day, so that a time is found among its numbers.
  `create table punctual.mirror_days (
    user_id text collate "C" not null,
    day integer not null,
    mirror_number bigint not null,
    primary key (user_id, day)
  )`,

  `create table punctual.series (
    user_id text collate "C" not null,
    id text collate "C" not null,
    calendar_id text collate "C" not null,
    provider_id text collate "C" not null,
    key text collate "C" not null,
    organizer text,
    is_deleted boolean not null,
    created_at bigint not null,
    updated_at bigint not null,
    seen bigint,
    mirror_number bigint not null,
    digest text not null,
    raw_digest text not null,
    data json not null,
    facts json,
    decided_timing json,
    exceptions json,
    raw json,
    primary key (user_id, id)
  ) with (fillfactor = 85, toast_tuple_target = 1024)`,
  `create index series_key on punctual.series (user_id, key)`,

  // Of an intent, override or bot about one occurrence, `series` is the occurrence's.
  `create table punctual.intents (
    user_id text collate "C" not null,
    id text collate "C" not null,
    kind text not null,
    meeting text collate "C",
    series text collate "C",
    data json not null,
    primary key (user_id, id)
  )`,
  `create index intents_meeting on punctual.intents (user_id, meeting) where meeting is not null`,
  `create index intents_series on punctual.intents (user_id, series) where series is not null`,

  `create table punctual.overrides (
    user_id text collate "C" not null,
    meeting text collate "C" not null,
    series text collate "C",
    data json not null,
    primary key (user_id, meeting)
  )`,
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
    primary key (user_id, id),
    constraint bots_one_live exclude using btree (user_id with =, meeting with =)
      where (status in ('Scheduled', 'Launching')) deferrable initially deferred
  ) with (fillfactor = 70)`,
  `create index bots_meeting on punctual.bots (user_id, meeting, created_at)`,
  `create index bots_series on punctual.bots (user_id, series)
    where series is not null and status in ('Scheduled', 'Launching')`,
  `create index bots_listed on punctual.bots (user_id, status, join_at, id)`,
  `create index bots_due on punctual.bots (join_at, id) where status = 'Scheduled'`,
  `create index bots_launching on punctual.bots (join_at, id) where status = 'Launching'`,
  `create index bots_handed_over on punctual.bots (in_meeting_until, id) where in_meeting_until is not null`,
  `create index bots_unapplied on punctual.bots (updated_at, id) where applied < wanted`,

  ...log,

  // `due_at` is the instant wanted, or, once a fire was handed out, when it comes again unless it was done.
  `create table punctual.schedules (
    group_name text collate "C" not null,
    name text collate "C" not null,
    at bigint not null,
    due_at bigint not null,
    revision bigint not null,
    user_id text collate "C" not null,
    bot_id text collate "C" not null,
    primary key (group_name, name)
  ) with (fillfactor = 70)`,
  `create index schedules_due on punctual.schedules (due_at)`,

  `create table punctual.secrets (
    user_id text collate "C" not null,
    connection_id text collate "C" not null,
    generation bigint not null,
    version bigint not null,
    obtained_at bigint not null,
    key_id text not null,
    sealed bytea not null,
    primary key (user_id, connection_id, generation, version)
  )`,
  `create index secrets_key on punctual.secrets (key_id)`,

  ...accounts,
  `create table punctual.jobs (
    job text collate "C" not null,
    date text collate "C" not null,
    claimed_at bigint not null,
    finished_at bigint,
    last_user_id text collate "C",
    primary key (job, date)
  )`,
  `create index jobs_claimed on punctual.jobs (claimed_at)`,
  `create table punctual.job_shares (
    job text collate "C" not null,
    user_id text collate "C" not null,
    due_at bigint not null,
    primary key (job, user_id)
  )`,
  `create index job_shares_due on punctual.job_shares (due_at)`
]
