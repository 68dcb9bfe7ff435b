/**
 * Turns refusals of the core into problems of the HTTP contract.
 *
 * Decides which problem a refusal becomes and what it carries along. Storage that is out of reach is one problem,
 * whatever the cause: `unavailable`.
 */
import { googlePlatform } from "@punctual/adapter-google"
import { Effect } from "effect"
import type { HttpServerRequest } from "effect/http"
import * as Problems from "../api/Problems.ts"
import type { Failure, Refusal, RefusalCode, SecretsError, StoreError } from "@punctual/core"
import { retryAfter } from "../http/RateLimiting.ts"
import { storageAway } from "../http/StorageAway.ts"
import { troubleSentence, unavailableWord } from "../wording/ProviderWords.ts"

const unavailable = {
  microsoft_unavailable: Problems.MicrosoftUnavailable,
  google_unavailable: Problems.GoogleUnavailable,
  feed_unreachable: Problems.FeedUnreachable
} as const

/** What the provider itself said, under its name. */
const providerWord = ({
  platform,
  providerError
}: Refusal): { readonly google_error?: string; readonly microsoft_error?: string } => {
  if (providerError === undefined) return {}
  return platform === googlePlatform ? { google_error: providerError } : { microsoft_error: providerError }
}

const problems = {
  calendar_not_connected: ({ detail }: Refusal) => new Problems.CalendarNotConnected({ detail }),
  event_not_found: ({ detail }: Refusal) => new Problems.EventNotFound({ detail }),
  bot_not_found: ({ detail }: Refusal) => new Problems.BotNotFound({ detail }),
  calendar_not_found: ({ detail }: Refusal) => new Problems.CalendarNotFound({ detail }),
  occurrence_not_found: ({ detail }: Refusal) => new Problems.OccurrenceNotFound({ detail }),
  not_recurring: ({ detail }: Refusal) => new Problems.NotRecurring({ detail }),
  no_meeting_link: ({ detail }: Refusal) => new Problems.NoMeetingLink({ detail }),
  event_cancelled: ({ detail }: Refusal) => new Problems.EventCancelled({ detail }),
  event_ended: ({ detail }: Refusal) => new Problems.EventEnded({ detail }),
  join_time_in_past: ({ detail }: Refusal) => new Problems.JoinTimeInPast({ detail }),
  bot_already_scheduled: ({ botId, detail }: Refusal) =>
    new Problems.BotAlreadyScheduled({ detail, bot_id: botId ?? "" }),
  bot_not_scheduled: ({ botStatus, detail }: Refusal) =>
    new Problems.BotNotScheduled({ detail, bot_status: botStatus ?? "" }),
  calendar_not_selectable: ({ detail }: Refusal) => new Problems.CalendarNotSelectable({ detail }),
  invalid_credentials: (refusal: Refusal) =>
    new Problems.InvalidCredentials({
      detail: refusal.detail,
      ...providerWord(refusal),
      ...(refusal.platform !== googlePlatform &&
        refusal.providerErrorCodes !== undefined && { microsoft_error_codes: refusal.providerErrorCodes })
    }),
  mailbox_unavailable: (refusal: Refusal) =>
    new Problems.MailboxUnavailable({ detail: refusal.detail, ...providerWord(refusal) }),
  reauthorization_required: ({ detail }: Refusal) => new Problems.ReauthorizationRequired({ detail }),
  provider_unavailable: (refusal: Refusal) =>
    new unavailable[unavailableWord(refusal.platform)]({ detail: troubleSentence(refusal) }),
  secrets_unavailable: ({ detail }: Refusal) => new Problems.Unavailable({ detail }),
  quota_exceeded: ({ detail, limit }: Refusal) => new Problems.QuotaExceeded({ detail, limit: limit ?? "" }),
  sync_in_progress: ({ detail }: Refusal) => new Problems.SyncInProgress({ detail }),
  cursor_expired: ({ detail, earliest }: Refusal) =>
    new Problems.CursorExpired({ detail, ...(earliest !== undefined && { earliest }) }),
  blocked_by_policy: ({ detail, ruleName }: Refusal) =>
    new Problems.BlockedByPolicy({ detail, rule_name: ruleName ?? "" })
} satisfies { readonly [Code in RefusalCode]: (refusal: Refusal) => object }

export type ProblemOf<Code extends RefusalCode> = ReturnType<(typeof problems)[Code]>

/** The problem of any refusal. */
export const problemOf = (refusal: Refusal): ProblemOf<RefusalCode> => problems[refusal.code](refusal)

/** Refusals that pass by themselves: the answer says when to come again. */
const passing: ReadonlySet<RefusalCode> = new Set(["provider_unavailable", "secrets_unavailable", "sync_in_progress"])

/** Come again after this long, in seconds, when nothing better is known. */
const unavailableSeconds = 1

/**
 * Fails with the problems that the endpoint declares. A refusal that it does not declare is answered as its problem
 * all the same: as a defect, which the error boundary knows how to answer.
 */
export const refusalToProblem =
  <const Code extends RefusalCode>(codes: ReadonlyArray<Code>) =>
  <A, R>(
    effect: Effect.Effect<A, Failure, R>
  ): Effect.Effect<A, ProblemOf<Code> | Problems.Unavailable, R | HttpServerRequest.HttpServerRequest> =>
    effect.pipe(
      Effect.catch(
        (failure): Effect.Effect<never, ProblemOf<Code> | Problems.Unavailable, HttpServerRequest.HttpServerRequest> =>
          failure._tag === "Refusal" ? refused(codes, failure) : storageFailed(failure)
      )
    )

const refused = Effect.fnUntraced(function* <Code extends RefusalCode>(
  codes: ReadonlyArray<Code>,
  refusal: Refusal
): Effect.fn.Return<never, ProblemOf<Code>, HttpServerRequest.HttpServerRequest> {
  if (passing.has(refusal.code)) {
    yield* retryAfter(Math.max(unavailableSeconds, Math.ceil((refusal.retryAfterMillis ?? 0) / 1_000)))
  }
  if (refusal.code === "secrets_unavailable") {
    // The request's own line is left out, as for storage that is away, and nothing else tells of this one.
    const why = refusal.cause instanceof Error ? refusal.cause.message : refusal.detail
    yield* Effect.logWarning("a user's credentials can't be read", why)
  }
  const problem = problemOf(refusal)
  // Declared: it is one of these by construction of `problems`.
  if (codes.some((code) => code === refusal.code)) return yield* Effect.fail(problem as ProblemOf<Code>)
  return yield* Effect.die(problem)
})

const storageFailed = Effect.fnUntraced(function* (
  failure: StoreError | SecretsError
): Effect.fn.Return<never, Problems.Unavailable, HttpServerRequest.HttpServerRequest> {
  const { message } = failure.reason
  yield* Effect.logWarning("storage failed", { operation: failure.operation, reason: failure.reason._tag, message })
  yield* retryAfter(unavailableSeconds)
  return yield* storageAway()
})
