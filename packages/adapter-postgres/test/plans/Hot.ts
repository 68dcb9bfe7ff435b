/**
 * What is asked often, with an index that the plan of it must name.
 */
import {
  type Bot,
  type BotChange,
  type Commit,
  type Kept,
  type MeetingKey,
  type SeriesId,
  type SeriesKey,
  type Store,
  type StoreError,
  type WorkspaceId,
  noPolicy
} from "@punctual/core"
import { Effect } from "effect"
import { botOf, calendarId, day, eventOf, hour, minute, now, userOf } from "../StoreRows.ts"

const user = userOf(7)
const meetings = ["uid:7", "uid:17"] as unknown as ReadonlyArray<MeetingKey>
const span = { from: now, to: now + 7 * day }
const page = { limit: 50, place: { at: now, id: "evt_1" }, backwards: false }
export const query = {
  userId: user,
  calendarIds: [calendarId],
  span,
  includeDeleted: false,
  uniqueMeetings: false,
  ...page
}
const workspace = "wsp_0" as WorkspaceId
const commit: Commit = { userId: user, version: 1, decided: 100, decideAt: null }

/** Of the sequences, which end at a million. */
const lately = 999_980
const everybodys = { after: "590.0.", workspaceId: null, types: null, limit: 50 }
const none = "uid:none" as MeetingKey
const story = { userId: user, before: null, limit: 10 }
const kept: Kept = { rowsFrom: now - 900 * day, itemsFrom: now - 900 * day, series: [] }

const launchedBy = (bot: Bot): BotChange => ({
  type: "bot.launched",
  occurredAt: now,
  cause: "launcher",
  data: { bot: { ...bot, subject: null }, previous: { status: "Launching" } }
})

type Operation = (store: Store["Service"]) => Effect.Effect<unknown, StoreError>

/** Operation, and an index that its plan must name. */
export const hot: ReadonlyArray<readonly [name: string, index: string, run: Operation]> = [
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
  ["what a meeting's bots are configured by", "shared_configs_pkey", (store) => store.botsOf(user, meetings)],
  ["what bots of many users are configured by", "shared_configs_pkey", (store) => store.unapplied(50)],
  ["bots of meetings", "bots_meeting", (store) => store.botsOf(user, meetings)],
  ["occurrences of series", "events_series_id", (store) => store.occurrencesOf(user, ["srs_3" as SeriesId])],
  [
    "rows by the provider's ids",
    "events_calendar",
    (store) =>
      store.mirrored(user, calendarId, { events: [eventOf("3").id], series: [], providerIds: ["AAMk-1", "AAMk-2"] })
  ],
  [
    "bots of any status",
    "bots_listed",
    (store) => store.bots({ userId: user, status: null, joinAfter: null, ...page, place: null })
  ],
  [
    "bots that failed",
    "bots_listed",
    (store) => store.bots({ userId: user, status: "Failed", joinAfter: null, ...page })
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
    "events as they changed",
    "events_mirror_number",
    (store) => store.updatedEvents({ ...query, from: { mirrorNumber: 95, id: "" } })
  ],
  ["events changed since a time", "mirror_days_pkey", (store) => store.updatedEvents({ ...query, from: { at: now } })],
  ["a user's log", "changes_pkey", (store) => store.changes({ userId: user, after: lately, types: null, limit: 50 })],
  [
    "a user's log of some types",
    "changes_pkey",
    (store) => store.changes({ userId: user, after: lately, types: ["bot.failed"], limit: 50 })
  ],
  ["where a user's log began", "changes_pkey", (store) => store.changePlace(user, now - 29 * minute)],
  ["everybody's log", "changes_place", (store) => store.allChanges(everybodys)],
  [
    "everybody's log of a workspace",
    "changes_place",
    (store) => store.allChanges({ ...everybodys, workspaceId: workspace, types: ["bot.failed"] })
  ],
  [
    "a meeting's story",
    "changes_meeting",
    (store) => store.timeline({ ...story, of: { meeting: meetings[0] ?? none } })
  ],
  ["a bot's story", "changes_bot", (store) => store.timeline({ ...story, of: { botId: botOf("7").id } })],
  ["what is to be pruned of the log", "changes_told_at", (store) => store.pruneChanges(now - 900 * day, 500)],
  ["what is to be pruned of a past", "events_items", (store) => store.pruneHistory(user, kept, 500)],
  ["configurations that nothing has", "changes_previous_config", (store) => store.pruneHistory(user, kept, 500)],
  ["what is to be pruned of jobs", "jobs_claimed", (store) => store.pruneJobs(40, 500)],
  [
    "a launch",
    "bots_pkey",
    (store) => Effect.ignore(store.writeBot(user, { ...botOf("7"), revision: 9 }, 8, launchedBy(botOf("7"))))
  ],
  [
    "a decision",
    "user_states_pkey",
    (store) => store.commit({ ...commit, bots: [{ bot: botOf("new"), expected: null }] })
  ]
]
