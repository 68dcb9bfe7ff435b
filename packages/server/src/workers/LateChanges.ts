/**
 * Bots that were handed over and are to be called back: their meeting was cancelled, or moved away, before it was over.
 *
 * Decides by the same verdict that schedules bots, so that a meeting which still stands on another calendar keeps its
 * bot. A bot that the service can't be reached about is asked for again until the meeting's end. What a user removes by
 * hand is not taken out of a meeting: from hand-over on, the bot service has the word.
 */
import { Clock, Context, Effect, Layer, Option, Stream } from "effect"
import {
  type Bot,
  type BotId,
  CurrentPolicy,
  desired,
  type Instant,
  Launcher,
  Punctual,
  seriesOfMeeting,
  Store,
  type StoreError,
  type UserId,
  type Verdict
} from "@punctual/core"
import { wordFor } from "./Jobs.ts"

/** Which bots this process has handed over and may have to call back. */
export class HandedOver extends Context.Service<HandedOver, Map<BotId, UserId>>()(
  "@punctual/server/workers/HandedOver"
) {
  static readonly layer: Layer.Layer<HandedOver> = Layer.sync(HandedOver, () => new Map())
}

/** The launcher, noting what it hands over where the service takes bots back. */
export const noting: Layer.Layer<Launcher, never, Launcher | HandedOver> = Layer.effect(
  Launcher,
  Effect.gen(function* () {
    const launcher = yield* Launcher
    const handedOver = yield* HandedOver
    if (!launcher.capabilities.withdraw) return launcher
    return Launcher.of({
      ...launcher,
      launch: (request) =>
        Effect.tap(launcher.launch(request), ({ kind }) =>
          Effect.sync(() => kind === "accepted" && handedOver.set(request.botId, request.userId))
        )
    })
  })
)

/** Looked at this often: 15 seconds. */
const lookMillis = 15_000
/** Bots looked at at once. */
const looksAtOnce = 4

/** Never ends. Where the service takes no bot back there is nothing to do. */
export const lateChanges: Effect.Effect<never, never, HandedOver | Launcher | Punctual | Store> = Effect.gen(
  function* () {
    const launcher = yield* Launcher
    if (!launcher.capabilities.withdraw) return yield* Effect.never
    yield* remember.pipe(
      Effect.catch((error) => Effect.logWarning("bots handed over before were not found", wordFor(error)))
    )
    for (;;) {
      yield* lookAtAll
      yield* Effect.sleep(lookMillis)
    }
  }
)

export const lookAtAll = Effect.gen(function* () {
  const handedOver = yield* HandedOver
  yield* Effect.forEach(
    [...handedOver],
    ([botId, userId]) =>
      look(userId, botId).pipe(
        Effect.map((isSettled) => void (isSettled && handedOver.delete(botId))),
        Effect.catch((error) => Effect.logWarning("a bot handed over was not looked at", wordFor(error)))
      ),
    { concurrency: looksAtOnce, discard: true }
  )
})

/** Whether there is nothing more to look for. */
const look = Effect.fnUntraced(function* (
  userId: UserId,
  botId: BotId
): Effect.fn.Return<boolean, StoreError, Launcher | Store> {
  const store = yield* Store
  const launcher = yield* Launcher
  const now = yield* Clock.currentTimeMillis
  const bot = Option.getOrNull(yield* store.bot(userId, botId))
  // Disconnected, over, or being launched again by another process.
  if (bot === null || bot.end <= now) return true
  if (bot.status !== "Launched") return bot.status !== "Launching"
  const series = seriesOfMeeting(bot.meeting)
  const slice = yield* store.slice(
    userId,
    { kind: "meetings", meetings: [bot.meeting], series: series === null ? [] : [series] },
    now
  )
  const verdict = desired(slice, { policy: yield* CurrentPolicy, now }).get(bot.meeting)
  const reason = verdict === undefined ? null : calledOff(bot, verdict)
  if (reason === null) return false
  const outcome = yield* launcher.withdraw(botId, bot.externalId, bot.end)
  yield* Effect.logInfo("a bot handed over is called back").pipe(
    Effect.annotateLogs({ bot_id: botId, reason, outcome, launcher: launcher.name })
  )
  if (outcome === "unanswered") return false
  if (outcome === "withdrawn" && reason !== "meeting_moved") yield* noteReason(userId, bot, reason, now)
  return true
})

type CalledOff = "meeting_cancelled" | "meeting_deleted" | "meeting_moved"

/** Null: the bot stays where it is. A meeting that now begins after the end it was launched for gets another bot. */
export const calledOff = (bot: Pick<Bot, "end">, verdict: Verdict): CalledOff | null => {
  switch (verdict.kind) {
    case "over":
      return null
    case "unwanted":
      return verdict.reason === "meeting_cancelled" || verdict.reason === "meeting_deleted" ? verdict.reason : null
    case "wanted":
      return verdict.bot.event.start >= bot.end ? "meeting_moved" : null
  }
}

/** The bot stays `Launched`, which it was; why it was taken back is told beside it. Only a note: who writes first wins. */
const noteReason = Effect.fnUntraced(function* (
  userId: UserId,
  bot: Bot,
  statusReason: Exclude<CalledOff, "meeting_moved">,
  now: Instant
): Effect.fn.Return<void, never, Store> {
  const store = yield* Store
  yield* Effect.ignore(
    store.writeBot(userId, { ...bot, statusReason, revision: bot.revision + 1, updatedAt: now }, bot.revision)
  )
})

/** Events that overlap this moment: a user is seldom in more than a few meetings at once. */
const eventsAtOnceMax = 100

/** What was handed over before this process began, and is not over. */
export const remember: Effect.Effect<void, StoreError, HandedOver | Punctual | Store> = Effect.gen(function* () {
  const handedOver = yield* HandedOver
  const punctual = yield* Punctual
  const store = yield* Store
  yield* Stream.runForEach(punctual.connectedUsers, (userId) =>
    Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const calendars = yield* store.calendars(userId)
      const { items } = yield* store.events({
        userId,
        calendarIds: calendars.map(({ id }) => id),
        span: { from: now, to: now + 1 },
        includeDeleted: true,
        uniqueMeetings: false,
        limit: eventsAtOnceMax,
        place: null,
        backwards: false
      })
      if (items.length === 0) return
      const bots = yield* store.botsOf(userId, [...new Set(items.map(({ meeting }) => meeting))])
      for (const { end, id, status, statusReason } of bots) {
        if (status === "Launched" && statusReason === null && end > now) handedOver.set(id, userId)
      }
    })
  )
})
