/**
 * The forecast, cause by cause: which of them puts a bot at risk, which prevents it, and which no longer matter once the bot
 * has been handed over.
 */
import { assert, describe, it } from "@effect/vitest"
import { type LauncherState, forecast } from "../../src/decide/Forecast.ts"
import type { ForecastCause, ForecastStatus } from "../../src/domain/ForecastStatus.ts"
import type { WorkspaceId } from "../../src/domain/Ids.ts"
import type { Slice } from "../../src/domain/Slice.ts"
import { noPolicy } from "../../src/domain/Workspace.ts"
import { notificationsNotArriving } from "../../src/mirror/Silence.ts"
import {
  bot,
  calendar,
  connection,
  day,
  event,
  eventIntent,
  hour,
  monday,
  policy,
  primary,
  slice,
  teams,
  zoom
} from "./Rows.ts"

const standup = event("standup")
const intents = [eventIntent(standup.meeting, { seq: 1 })]
const fine: LauncherState = { isConfigured: true, isFailing: false, supports: () => true }

const seen = (members: Partial<Slice> = {}, launcher: Partial<LauncherState> = {}) =>
  forecast(slice({ events: [standup], intents, ...members }), {
    now: monday,
    policy,
    span: { from: monday, to: monday + day },
    launcher: { ...fine, ...launcher }
  })

const lost = { ...connection, status: "reauthorization_required" as const, statusReason: null }
const expired = { ...lost, statusReason: "client_secret_expired" as const }
const there = { bots: [bot(standup)] }
const handedOver = { bots: [bot(standup, { status: "Launched" })] }
const reading = (members: Parameters<typeof calendar>[1]) => ({ calendars: [calendar(primary, members)] })

interface Told {
  readonly status: ForecastStatus
  readonly cause: ForecastCause | null
  readonly members: Partial<Slice>
  readonly launcher: Partial<LauncherState>
}

const cases = (
  [
    ["covered", null, {}],
    ["covered", null, there],
    ["uncovered", "reauthorization_required", { connections: [lost] }],
    ["at_risk", "reauthorization_required", { connections: [lost], ...there }],
    ["uncovered", "client_secret_expired", { connections: [expired] }],
    ["at_risk", "client_secret_expired", { connections: [expired], ...there }],
    ["at_risk", "notifications_lost", reading({ pollingReason: notificationsNotArriving })],
    ["covered", null, reading({ pollingReason: "the server has no public address" })],
    ["at_risk", "sync_failing", reading({ syncStatus: "failed" })],
    ["uncovered", "launcher_not_configured", there, { isConfigured: false }],
    ["at_risk", "launcher_failing", there, { isFailing: true }],
    ["uncovered", "platform_not_supported", there, { supports: (platform) => platform !== teams.platform }],
    ["uncovered", "paused", { ...there, pausedUntil: standup.end }],
    ["at_risk", "paused", { ...there, pausedUntil: standup.end - 1 }],
    ["covered", null, { ...there, pausedUntil: standup.start }],
    ["uncovered", "bot_failed", { bots: [bot(standup, { status: "Failed", seq: 1 })] }],
    ["covered", null, handedOver, { isConfigured: false }],
    ["covered", null, { ...handedOver, pausedUntil: standup.end }],
    ["at_risk", "reauthorization_required", { connections: [lost], ...handedOver }]
  ] as ReadonlyArray<
    readonly [status: ForecastStatus, cause: ForecastCause | null, members: Partial<Slice>, launcher?: Told["launcher"]]
  >
).map(([status, cause, members, launcher = {}]): Told => ({ status, cause, members, launcher }))

describe("a forecast", () => {
  it.each(cases)("says $status by $cause", ({ cause, launcher, members, status }) => {
    const { meetings, notWanted } = seen(members, launcher)
    assert.deepStrictEqual(
      meetings.map((each) => [each.event.id, each.status, each.causes]),
      [[standup.id, status, cause === null ? [] : [cause]]]
    )
    assert.strictEqual(notWanted, 0)
  })

  it("looks at the link that a caller gave where the event has none", () => {
    const unlinked = { ...standup, link: null }
    const given = [eventIntent(standup.meeting, { seq: 1, hints: { link: zoom, span: null } })]
    const supports = (platform: string): boolean => platform !== "zoom"
    const { meetings } = seen({ events: [unlinked], intents: given }, { supports })
    assert.deepStrictEqual(
      meetings.map(({ causes }) => causes),
      [["platform_not_supported"]]
    )
  })

  it("takes the longer of a user's pause and their workspace's", () => {
    const workspace = {
      id: "wsp_1" as WorkspaceId,
      policy: { ...noPolicy, pausedUntil: standup.end },
      policyNumber: 1
    }
    assert.strictEqual(seen({ workspace, pausedUntil: monday + hour / 2 }).meetings[0]?.status, "uncovered")
  })

  it("counts what nobody wants, and leaves out what begins later or has no link", () => {
    const others = [event("unasked"), event("later", { start: monday + day }), event("unlinked", { link: null })]
    const { meetings, notWanted } = seen({ events: [standup, ...others] })
    assert.deepStrictEqual([meetings.length, notWanted], [1, 1])
  })
})
