/**
 * Whether the bots of the coming meetings will be there, as far as can be known ahead.
 * Decides which trouble endangers a bot, and which prevents it. Never decides whether a meeting should have one.
 */
import type { Bot } from "../domain/Bot.ts"
import { isWithdrawn } from "../domain/BotStatus.ts"
import type { Calendar } from "../domain/Calendar.ts"
import type { Connection } from "../domain/Connection.ts"
import type { CalendarEvent } from "../domain/Event.ts"
import type { ForecastCause, ForecastStatus } from "../domain/ForecastStatus.ts"
import type { Instant, Span } from "../domain/Time.ts"
import type { Platform } from "../links/Platform.ts"
import type { Slice } from "../domain/Slice.ts"
import { notificationsNotArriving } from "../mirror/Silence.ts"
import { canonicalCopy } from "./desired/CanonicalCopy.ts"
import { type DesiredOptions, contextOf } from "./desired/DecisionContext.ts"
import { type Explained, explainIn } from "./desired/Explain.ts"
import { pausedUntil } from "./requests/Pause.ts"
import { currentState } from "./reschedule/SeriesChange.ts"
import { indexState } from "./state/StateIndex.ts"

export interface ForecastMeeting {
  readonly event: CalendarEvent
  readonly status: ForecastStatus
  readonly causes: ReadonlyArray<ForecastCause>
}

export interface Forecast {
  /** Those that should have a bot, by start. */
  readonly meetings: ReadonlyArray<ForecastMeeting>
  /** Meetings with a link that should have none. */
  readonly notWanted: number
}

/** What is known of the bot service. */
export interface LauncherState {
  readonly isConfigured: boolean
  /** Its latest launches failed. */
  readonly isFailing: boolean
  readonly supports: (platform: Platform) => boolean
}

export interface ForecastOptions extends DesiredOptions {
  readonly span: Span
  readonly launcher: LauncherState
}

/** The coming meetings of a state, those that start within the span. */
export const forecast = (slice: Slice, { launcher, span, ...options }: ForecastOptions): Forecast => {
  const state = currentState(slice, options.now)
  const context = contextOf(indexState(state), options)
  const until = pausedUntil(slice.pausedUntil, slice.workspace?.policy.pausedUntil ?? null)
  const meetings: Array<ForecastMeeting> = []
  let notWanted = 0
  for (const meeting of context.meetings) {
    const event = canonicalCopy(context, meeting)
    if (event === null || event.end <= options.now || event.start < span.from || event.start >= span.to) continue
    const explained = explainIn(context, meeting)
    const bots = context.index.bots.get(meeting) ?? []
    const failed = bots.some(({ end, status }) => status === "Failed" && end > event.start)
    if (!isMeant(explained, bots, failed, event)) {
      if (event.link !== null && !event.isCancelled) notWanted++
      continue
    }
    const calendar = state.calendars.find(({ id }) => id === event.calendarId)
    const connection = state.connections.find(({ id }) => id === calendar?.connectionId)
    const platform = explained.verdict.kind === "wanted" ? explained.verdict.bot.link.platform : null
    const hasFailed = failed && !explained.willJoin
    const isThere = bots.some((bot) => bot.status === "Launched" && isAhead(bot, event))
    const found = causesOf({ event, calendar, connection, launcher, platform, until, hasFailed, isThere })
    meetings.push({ event, ...statusOf(found, hasBot(bots, event), event, until) })
  }
  return {
    meetings: meetings.toSorted((a, b) => a.event.start - b.event.start || (a.event.id < b.event.id ? -1 : 1)),
    notWanted
  }
}

/** It has a bot, gets one, or had one that failed. */
const isMeant = (explained: Explained, bots: ReadonlyArray<Bot>, failed: boolean, event: CalendarEvent): boolean =>
  explained.willJoin || (explained.verdict.kind === "wanted" && (failed || hasBot(bots, event)))

const hasBot = (bots: ReadonlyArray<Bot>, event: CalendarEvent): boolean =>
  bots.some((bot) => isAhead(bot, event) && bot.status !== "Failed" && bot.status !== "Cancelled")

/** It is for the meeting as it is now, and not known to be out of it. */
const isAhead = (bot: Bot, { start }: CalendarEvent): boolean => bot.end > start && !isWithdrawn(bot)

interface Case {
  readonly event: CalendarEvent
  readonly calendar: Calendar | undefined
  readonly connection: Connection | undefined
  readonly launcher: LauncherState
  /** Of the link that the bot joins by, which a caller may have given. */
  readonly platform: Platform | null
  readonly until: Instant | null
  readonly hasFailed: boolean
  /** The bot has been handed over: nothing about launching endangers it any more. */
  readonly isThere: boolean
}

const causesOf = (of: Case): ReadonlyArray<ForecastCause> => {
  const { calendar, connection, event, hasFailed, isThere, launcher, platform, until } = of
  const lost = connection?.status === "reauthorization_required"
  const isExpired = connection?.statusReason === "client_secret_expired"
  const causes: ReadonlyArray<readonly [boolean, ForecastCause]> = [
    [lost && !isExpired, "reauthorization_required"],
    [isExpired, "client_secret_expired"],
    [calendar?.pollingReason === notificationsNotArriving, "notifications_lost"],
    [calendar?.syncStatus === "stale" || calendar?.syncStatus === "failed", "sync_failing"],
    [!isThere && !launcher.isConfigured, "launcher_not_configured"],
    [!isThere && launcher.isConfigured && launcher.isFailing, "launcher_failing"],
    [!isThere && launcher.isConfigured && platform !== null && !launcher.supports(platform), "platform_not_supported"],
    [!isThere && until !== null && until > event.start, "paused"],
    [hasFailed, "bot_failed"]
  ]
  return causes.flatMap(([isSo, cause]) => (isSo ? [cause] : []))
}

const prevents: ReadonlySet<ForecastCause> = new Set<ForecastCause>([
  "reauthorization_required",
  "client_secret_expired",
  "launcher_not_configured",
  "platform_not_supported",
  "paused",
  "bot_failed"
])

/** A grant that is lost hides changes: a bot that stands is at risk by it. A pause that ends before the meeting does, delays. */
const statusOf = (
  causes: ReadonlyArray<ForecastCause>,
  isStanding: boolean,
  event: CalendarEvent,
  until: Instant | null
): Pick<ForecastMeeting, "status" | "causes"> => {
  if (causes.length === 0) return { status: "covered", causes }
  const isPrevented = causes.some((cause) => {
    if (!prevents.has(cause)) return false
    if (cause === "reauthorization_required" || cause === "client_secret_expired") return !isStanding
    return cause !== "paused" || (until !== null && until >= event.end)
  })
  return { status: isPrevented ? "uncovered" : "at_risk", causes }
}
