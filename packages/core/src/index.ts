/**
 * Punctual's core: what a host embeds. The list reads as a table of contents; nothing else is public.
 */

// ---- the words
export type * from "./domain/Bot.ts"
export type * from "./domain/Calendar.ts"
export { zoneOfCalendar } from "./domain/Calendar.ts"
export type * from "./domain/Connection.ts"
export type * from "./domain/Event.ts"
export type * from "./domain/Facts.ts"
export { factPeopleMax, isDeclined, keptFacts } from "./domain/Facts.ts"
export type * from "./domain/Ids.ts"
export { UserId, WorkspaceId, userIdLengthMax } from "./domain/Ids.ts"
export { type ArgumentFault, InvalidArgument } from "./domain/InvalidArgument.ts"
export type * from "./domain/Intent.ts"
export type * from "./domain/LoggedChange.ts"
export { changeTypes } from "./domain/LoggedChange.ts"
export { changeSentence } from "./domain/ChangeSentence.ts"
export { keptBody, rawAttendeesMax, rawBodyCharactersMax } from "./domain/KeptItem.ts"
export { sanitizeJson } from "./domain/SanitizeJson.ts"
export { type Policy, defaultPolicy } from "./domain/Policy.ts"
export type * from "./domain/Facts.ts"
export type * from "./domain/Provider.ts"
export type * from "./domain/JoinRule.ts"
export { ruleNameCharactersMax, ruleValueCharactersMax, ruleValuesMax, rulesMax } from "./domain/JoinRule.ts"
export type * from "./domain/Series.ts"
export type * from "./domain/Slice.ts"
export type { Instant, Span } from "./domain/Time.ts"
export { type UserNumbers, areSameNumbers, numbersOf } from "./domain/UserNumbers.ts"
export { type Workspace, type WorkspacePolicy, noPolicy } from "./domain/Workspace.ts"

// ---- pure: recurrence, meeting links, deciding
export * from "./recurrence/index.ts"
export * from "./links/index.ts"
export * from "./decide/index.ts"
export { eventRow } from "./mirror/EventRow.ts"
export { shownPollingReason } from "./mirror/Silence.ts"

// ---- what stores build on
export { relevantBots } from "./decide/state/RelevantBots.ts"
export { autoNever } from "./domain/Intent.ts"
export { canonicalJson, sameJson } from "./domain/JsonEquality.ts"
export { loggedChange, subjectOf } from "./domain/LoggedChange.ts"
export { addCounts, calendarSynced, countedAs, noCounts } from "./domain/MirrorCounts.ts"
export { isHeldBy, released } from "./domain/LaunchLease.ts"
export { policyLimits, quotaLimits, sharedConfigLimits } from "./domain/Limits.ts"
export {
  type SharedConfigs,
  type StoredRow,
  sharedConfigs,
  storedChange,
  storedRow,
  wholeChange,
  wholeRow
} from "./domain/SharedConfig.ts"
export { jsonBytes, utf8Bytes } from "./domain/JsonSize.ts"
export { isBot } from "./domain/schema/Bot.ts"
export { calendarId, connectionId } from "./domain/DeterministicIds.ts"
export { seriesOfMeeting } from "./domain/MeetingKey.ts"
export { listedCalendar, patchedCalendar } from "./mirror/CalendarRow.ts"

// ---- the ports a host provides
export {
  AlreadySubscribed,
  AskedByUser,
  CalendarError,
  CalendarGone,
  CalendarProvider,
  type CalendarSession,
  CredentialsNotSaved,
  CursorExpired,
  Forbidden,
  GrantRevoked,
  type GrantedSubscription,
  type ListedSubscription,
  MailboxUnavailable,
  NotSubscribable,
  type OpenOptions,
  type RenewedSubscription,
  SecretRejected,
  SubscriptionGone,
  Throttled,
  Unavailable,
  Unreadable,
  type Verified
} from "./ports/CalendarProvider.ts"
export { CalendarProviders, type Provider } from "./ports/CalendarProviders.ts"
export { ForLaunch } from "./ports/ForLaunch.ts"
export { groupCommits } from "./ports/GroupCommit.ts"
export * from "./ports/Launcher.ts"
export { type Contention, retryOnConflict } from "./ports/RetryOnConflict.ts"
export * from "./ports/Scheduler.ts"
export * from "./ports/Secrets.ts"
export {
  type Account,
  type AllChangesQuery,
  type BotListing,
  type BotsQuery,
  type ChangesPage,
  type ChangesQuery,
  type Claim,
  Conflict,
  type Erased,
  type EventListing,
  type EventsQuery,
  Fenced,
  type JobRun,
  type Kept,
  type MirrorPlace,
  type BotsOfUser,
  type DueBot,
  type OwnedBot,
  type OwnedBotWrite,
  type Page,
  type Place,
  type ShareLeft,
  Store,
  type StoreDriver,
  StoreError,
  StoreUnavailable,
  type SubscribedCalendar,
  type TimelineQuery,
  type UpdatedPage,
  type UpdatedQuery
} from "./ports/Store.ts"

export type { StoreTime } from "./domain/ClockOffset.ts"

// ---- what a host calls
export * from "./Punctual.ts"
export { type EmbedOptions, type PunctualPromises, embed } from "./Embed.ts"
export { type ProviderTrouble, Refusal, type RefusalCode, refusalCodes } from "./domain/Refusal.ts"
export { mayBeInMeeting } from "./domain/BotStatus.ts"
export { type SharePart, userShare } from "./usecases/account/UserShares.ts"
export { botsWanted } from "./usecases/contract/Contract.ts"
export { CurrentPolicy } from "./usecases/contract/CurrentPolicy.ts"
export { CurrentInstance } from "./usecases/launch/CurrentInstance.ts"
