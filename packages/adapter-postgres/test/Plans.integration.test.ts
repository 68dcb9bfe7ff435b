/**
 * The queries that are asked often find their rows through an index, at a size where that makes a difference.
 *
 * How: every statement of an operation is explained before it runs, and its plan may read no table from end to end.
 */
import {
  type Commit,
  type ConnectionId,
  type MeetingKey,
  type SeriesId,
  type SeriesKey,
  type Store,
  type StoreError,
  type UserId,
  type WorkspaceId,
  noPolicy
} from "@punctual/core"
import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Ref, Stream } from "effect"
import { sql } from "kysely"
import { Database } from "../src/database/Database.ts"
import * as SchedulerPort from "../src/Scheduler.ts"
import * as StorePort from "../src/Store.ts"
import { postgres } from "./Engines.ts"
import { explaining } from "./Explaining.ts"
import { botOf, calendarId, connectionOf, day, eventOf, hour, listing, minute, now, userOf } from "./StoreRows.ts"

const users = 400
const eventsEach = 150
const oldHand = userOf(users)
const pastEvents = 10_000
const manyEach = 500

/** Filled by SQL: what counts is how many rows there are and how they are spread. */
const fill = Effect.gen(function* () {
  const db = yield* Database
  const store = StorePort.make(db)
  const first = connectionOf(userOf(0))
  yield* store.saveConnection(first, null)
  yield* store.listCalendars(first, [listing], now)
  yield* db.rows(sql`
    insert into punctual.user_states (user_id, version, mirror_number, decided)
    select 'usr_' || lpad(n::text, 5, '0'), version, 100, 100
    from punctual.user_states, generate_series(1, ${users - 1}::int) n`)
  // Two each, and what is left of a third.
  yield* db.rows(sql`
    insert into punctual.connections (user_id, id, platform, generation, revision, status, created_at, data)
    select s.user_id, 'n' || n || s.user_id, k.platform, 1, 1, case when n = 2 then 'disconnected' else k.status end,
      k.created_at + n, k.data
    from punctual.user_states s, punctual.connections k, generate_series(0, 2) n`)
  yield* db.rows(sql`
    insert into punctual.calendars (user_id, calendar_id, connection_id, provider_id, namespace, generation, summary, is_primary, access_role, color, selected,
      position, sync_status, due_at, changed_mark, sync_generation, open_at, subscription_id, subscription_hash,
      subscription_ends_at)
    select s.user_id, c.calendar_id || n, 'n' || n % 2 || s.user_id, 'AAMk-' || n, '', 1, '', n = 0, 'owner', '', true, n, 'ok', ${now}::bigint + n * 60000, 0, 0,
      c.open_at, s.user_id || n, '', ${now + day}::bigint + n * 3600000
    from punctual.user_states s, punctual.calendars c, generate_series(0, 2) n`)
  yield* db.rows(sql`
    insert into punctual.events (user_id, id, calendar_id, provider_id, kind, series_id, series_key, meeting, family,
      start_at, end_at, is_deleted, is_virtual, created_at, updated_at, seen, mirror_number, digest, raw_digest, data, raw)
    select s.user_id, 'evt_' || n, ${calendarId}, 'AAMk-' || n, 'single', case when n % 3 = 0 then 'srs_' || n % 10 end,
      case when n % 3 = 0 then 'uid:s' || n % 10 end, 'uid:' || n, 'uid:' || n - case when n % 50 = 49 then 1 else 0 end,
      ${now}::bigint + (n - 75)::bigint * 43200000,
      ${now}::bigint + (n - 75)::bigint * 43200000 + case when n % 50 = 0 then 200000000 else 3600000 end, false, false, 0, 0, 1,
      n % 100, '', '', '{}', json_build_object('body', repeat('x', 600))
    from punctual.user_states s, generate_series(0, ${eventsEach - 1}::int) n`)
  yield* db.rows(sql`
    insert into punctual.bots (user_id, id, meeting, status, join_at, wanted, applied, revision, created_at, updated_at,
      data)
    select user_id, 'bot_' || id, meeting, case when start_at > ${now}::bigint then 'Scheduled' else 'Launched' end,
      start_at, 1, 1, 1, start_at, start_at, '{"schedule":{}}' from punctual.events where id like '%7'`)
  yield* db.rows(sql`
    insert into punctual.schedules (group_name, name, at, due_at, revision, user_id, bot_id)
    select 'zoom', user_id || id, join_at, join_at, 1, user_id, id from punctual.bots`)
  yield* db.rows(sql`
    insert into punctual.intents (user_id, id, kind, meeting, data)
    select user_id, id, 'event', meeting, '{}' from punctual.bots`)
  yield* db.rows(sql`
    insert into punctual.series (user_id, id, calendar_id, provider_id, key, is_deleted, created_at, updated_at, seen,
      mirror_number, digest, raw_digest, data)
    select user_id, 'srs_' || n, ${calendarId}, 'AAMk-s' || n, 'uid:s' || n, false, 0, 0, 1, n, '', '', '{}'
    from punctual.user_states, generate_series(0, 9) n`)
  yield* db.rows(sql`
    insert into punctual.overrides (user_id, meeting, series, data)
    select user_id, meeting, 'uid:s' || substr(id, 5), '{}' from punctual.events where id like '%9'`)
  // One who has met for years: half an hour a time, so that nothing of it is long.
  yield* db.rows(sql`
    insert into punctual.events (user_id, id, calendar_id, provider_id, kind, meeting, family, start_at, end_at,
      is_deleted, is_virtual, created_at, updated_at, seen, mirror_number, digest, raw_digest, data)
    select ${oldHand}, 'evt_' || n, ${calendarId}, 'AAMk-' || n, 'single', 'uid:' || n, 'uid:' || n,
      ${now}::bigint + (n - ${pastEvents}::int)::bigint * 3600000,
      ${now}::bigint + (n - ${pastEvents}::int)::bigint * 3600000 + 1800000, false, false, 0, 0, 1, 0, '', '', '{}'
    from generate_series(0, ${pastEvents}::int + 200) n`)
  // Workspaces, one of them large, of users of whom most have connected nothing; a policy is on its way in few.
  yield* db.rows(sql`
    insert into punctual.workspace_policies (workspace_id, number, is_spreading, data)
    select 'wsp_' || n, 2, n % 100 = 0, json_build_object('rules', repeat('x', 300)) from generate_series(0, 999) n`)
  yield* db.rows(sql`update punctual.user_states set policy_number = 2, workspace_id = 'wsp_0'`)
  yield* db.rows(sql`
    insert into punctual.user_states (user_id, policy_number, workspace_id)
    select 'usr_of_' || n, 2, 'wsp_' || n % 1000 from generate_series(0, 4999) n`)
  yield* db.rows(sql`analyze`)
})

/** So many of each kind that it matters how they are found; of few, all are read. */
const addMany = Effect.fnUntraced(function* (leaving: UserId) {
  const db = yield* Database
  yield* db.rows(sql`
    insert into punctual.series (user_id, id, calendar_id, provider_id, key, is_deleted, created_at, updated_at, seen,
      mirror_number, digest, raw_digest, data)
    select ${leaving}, 'many_' || n, ${calendarId}, 'AAMk-many' || n, 'uid:many' || n, false, 0, 0, 1, n, '', '', '{}'
    from generate_series(1, ${manyEach}::int) n`)
  yield* db.rows(sql`
    insert into punctual.intents (user_id, id, kind, meeting, data)
    select ${leaving}, 'many_' || n, 'event', 'uid:many' || n, '{}' from generate_series(1, ${manyEach}::int) n`)
  yield* db.rows(sql`
    insert into punctual.overrides (user_id, meeting, data)
    select ${leaving}, 'uid:many' || n, '{}' from generate_series(1, ${manyEach}::int) n`)
  yield* db.rows(sql`analyze`)
})

const user = userOf(7)
const meetings = ["uid:7", "uid:17"] as unknown as ReadonlyArray<MeetingKey>
const span = { from: now, to: now + 7 * day }
const page = { limit: 50, place: { at: now, id: "evt_1" }, backwards: false }
const query = { userId: user, calendarIds: [calendarId], span, includeDeleted: false, uniqueMeetings: false, ...page }
const workspace = "wsp_0" as WorkspaceId
const commit: Commit = { userId: user, version: 1, decided: 100, decideAt: null }

type Operation = (store: Store["Service"]) => Effect.Effect<unknown, StoreError>

/** Operation, and an index that its plan must name. */
const hot: ReadonlyArray<readonly [name: string, index: string, run: Operation]> = [
  ["the next claim", "calendars_due", (store) => store.claimNext(now, now + minute, [])],
  ["when the next claim is due", "calendars_ready", (store) => store.nextDue([])],
  ["a notification's subscription", "calendars_subscription", (store) => store.subscriptions([`${user}1`])],
  ["subscriptions that end", "calendars_subscription_ends", (store) => store.subscriptionsEnding(now + day + hour, 50)],
  ["marking", "calendars_pkey", (store) => store.markChanged([{ userId: user, calendarId }], now)],
  ["a page of events", "events_start", (store) => store.events(query)],
  ["a page of events backwards", "events_start", (store) => store.events({ ...query, backwards: true })],
  ["a page with long events", "events_long", (store) => store.events({ ...query, place: null })],
  ["a page of meetings", "events_meeting", (store) => store.events({ ...query, uniqueMeetings: true })],
  ["a page as people see it", "bots_meeting", (store) => store.listing(query)],
  ["connections", "connections_pkey", (store) => store.connections(user)],
  ["series that are asked for", "overrides_series", (store) => store.intendedSeries(user)],
  ["an account", "calendars_pkey", (store) => store.account(user)],
  [
    "bots with the connection",
    "bots_listed",
    (store) => store.botListing({ userId: user, status: "Scheduled", joinAfter: now, ...page })
  ],
  [
    "a page of bots",
    "bots_listed",
    (store) => store.bots({ userId: user, status: "Scheduled", joinAfter: now, ...page })
  ],
  ["an event", "events_pkey", (store) => store.event(user, eventOf("7").id)],
  ["a bot", "bots_pkey", (store) => store.bot(user, botOf("7").id)],
  ["bots of meetings", "bots_meeting", (store) => store.botsOf(user, meetings)],
  ["occurrences of series", "events_series_id", (store) => store.occurrencesOf(user, ["srs_3" as SeriesId])],
  [
    "rows by the provider's ids",
    "events_calendar",
    (store) =>
      store.mirrored(user, calendarId, { events: [eventOf("3").id], series: [], providerIds: ["AAMk-1", "AAMk-2"] })
  ],
  ["due bots", "bots_due", (store) => store.dueBots(now, 50)],
  ["bots in meetings", "bots_handed_over", (store) => store.handedOver(now, { at: now + minute, id: "bot_7" }, 50)],
  ["bots behind", "bots_unapplied", (store) => store.unapplied(50)],
  ["bots applied", "bots_pkey", (store) => store.markApplied([{ userId: user, botId: botOf("7").id, revision: 1 }])],
  ["who lags", "user_states_lagging", (store) => store.lagging(now, null, 50)],
  ["who has auto-scheduling", "user_states_auto", (store) => store.autoUsers(null, 50)],
  ["users of a workspace", "user_states_workspace", (store) => store.workspaceUsers(workspace, null, 50)],
  ["who a policy has not reached", "user_states_workspace", (store) => store.pendingUsers(workspace, user, 50)],
  ["workspaces with a policy on its way", "workspace_policies_spreading", (store) => store.spreading(50)],
  ["a workspace", "workspace_policies_pkey", (store) => store.workspace(workspace)],
  ["a slice with a workspace", "workspace_policies_pkey", (store) => store.slice(user, { kind: "changed" }, now)],
  ["a policy that is written", "workspace_policies_pkey", (store) => store.savePolicy(workspace, noPolicy, 2)],
  [
    "a policy that was followed",
    "user_states_workspace",
    (store) => store.notePolicy(user, { id: workspace, policyNumber: 2 })
  ],
  [
    "a policy that has reached everybody",
    "user_states_workspace",
    (store) => store.finishSpreading({ id: workspace, policyNumber: 3 })
  ],
  ["joining a workspace", "user_states_pkey", (store) => store.joinWorkspace(userOf(9), "wsp_700" as WorkspaceId)],
  ["who is connected", "connections_standing", (store) => store.connectedUsers(userOf(390), 50)],
  ["who is being erased", "connections_erasing", (store) => store.disconnecting(50)],
  ["a slice of what changed", "events_mirror_number", (store) => store.slice(user, { kind: "changed" }, now)],
  [
    "a slice of meetings",
    "events_meeting",
    (store) => store.slice(user, { kind: "meetings", meetings, series: ["uid:s3" as SeriesKey] }, now)
  ],
  ["a slice with its families", "events_family", (store) => store.slice(user, { kind: "changed" }, now)],
  ["a slice of a span", "events_start", (store) => store.slice(user, { kind: "span", span }, now)],
  [
    "a decision",
    "user_states_pkey",
    (store) => store.commit({ ...commit, bots: [{ bot: botOf("new"), expected: null }] })
  ]
]

const filled = Layer.effectDiscard(fill).pipe(Layer.provideMerge(postgres.database))

layer(filled, { excludeTestServices: true, timeout: "1 minute" })("plans", (it) => {
  it.effect("read no table from end to end", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const plans = yield* Ref.make("")
      const store = StorePort.make(explaining(db, plans))
      const offenders: Array<string> = []
      for (const [name, index, run] of hot) {
        yield* Ref.set(plans, "")
        yield* run(store)
        const plan = yield* Ref.get(plans)
        if (/Seq Scan on/.test(plan)) offenders.push(`${name} reads a whole table:${plan}`)
        if (!plan.includes(index)) offenders.push(`${name} does not use ${index}:${plan}`)
      }
      assert.deepStrictEqual(offenders, [])
    })
  )

  it.effect("of a page read no more of a calendar that has been kept for years", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const plans = yield* Ref.make("")
      const store = StorePort.make(explaining(db, plans, sql`explain (analyze, costs off, timing off)`))
      const ofOldHand = { ...query, userId: oldHand, place: null }
      const found = yield* store.listing(ofOldHand)
      const plan = yield* Ref.get(plans)
      assert.lengthOf(found.items, 50)
      const passedOver = [...plan.matchAll(/Rows Removed by Filter: (\d+)/g)].map(([, rows]) => Number(rows))
      // A page begins its search a day before its span: so many meetings of an hour each.
      assert.isAtMost(
        passedOver.reduce((sum, rows) => sum + rows, 0),
        24,
        plan
      )
    })
  )

  it.effect("of an erasure go straight to the rows that were chosen", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const plans = yield* Ref.make("")
      const store = StorePort.make(explaining(db, plans))
      const leaving = userOf(11)
      yield* addMany(leaving)
      const scanned = (plan: string) =>
        ["events", "series", "intents", "overrides"].filter((table) => plan.includes(`Tid Scan on ${table} t`))
      // What two others still read stays; one calendar's rows go.
      const one = yield* store.erase(leaving, `n2${leaving}` as ConnectionId, 50)
      assert.isTrue(one.isDone)
      const ofCalendars = yield* Ref.getAndSet(plans, "")
      assert.deepStrictEqual(scanned(ofCalendars), ["events", "series"], ofCalendars)
      yield* db.rows(sql`update punctual.connections set status = 'disconnected' where user_id = ${leaving}`)
      const all = yield* store.erase(leaving, `n2${leaving}` as ConnectionId, 50)
      assert.deepStrictEqual([all.events, all.isDone], [50, false])
      const ofAll = yield* Ref.get(plans)
      assert.deepStrictEqual(scanned(ofAll), ["events", "series", "intents", "overrides"], ofAll)
    })
  )

  it.effect("of the scheduler read no table from end to end", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const plans = yield* Ref.make("")
      const scheduler = SchedulerPort.make(explaining(db, plans), SchedulerPort.defaultOptions(db.engine))
      yield* db.rows(sql`update punctual.schedules set due_at = 0 where name like 'usr_00007%'`)
      yield* scheduler.fires.pipe(Stream.take(1), Stream.runDrain)
      const held = yield* Stream.runCollect(Stream.take(scheduler.list, 10))
      yield* scheduler.cancel(held)
      yield* scheduler.put(held)
      const plan = yield* Ref.get(plans)
      assert.include(plan, "schedules_due")
      assert.include(plan, "schedules_pkey")
      assert.notInclude(plan, "Seq Scan on schedules")
    })
  )
})
