/**
 * The calendar's provider by its name. The core says "the calendar's provider", and says neutrally what is wrong with it.
 *
 * Decides the sentences and the stable words in which the HTTP contract tells it, by the platform at hand. What is no
 * trouble of a provider passes as it is.
 */
import { googlePlatform, shownChannelId } from "@punctual/adapter-google"
import { outlookPlatform } from "@punctual/adapter-graph"
import { feedPlatform } from "@punctual/adapter-ics/feed"
import {
  type Calendar,
  type ConnectionId,
  type ProviderTrouble,
  type Refusal,
  shownPollingReason
} from "@punctual/core"

interface ProviderName {
  /** Begins a sentence. */
  readonly name: string
  /** The contract's word for a provider that does not answer. */
  readonly unavailable: "microsoft_unavailable" | "google_unavailable" | "feed_unreachable"
}

const microsoft: ProviderName = { name: "Microsoft", unavailable: "microsoft_unavailable" }

const providers: ReadonlyMap<string, ProviderName> = new Map([
  [outlookPlatform, microsoft],
  [googlePlatform, { name: "Google", unavailable: "google_unavailable" }],
  [feedPlatform, { name: "The calendar's server", unavailable: "feed_unreachable" }]
])

/** This server has no others. */
const providerNamed = (platform: string | undefined): ProviderName => providers.get(platform ?? "") ?? microsoft

/** The provider that a connection's id names. */
export const platformOf = (connectionId: ConnectionId): string =>
  [...providers.keys()].find((platform) => connectionId.startsWith(`${platform}_`)) ?? outlookPlatform

const sentences: { readonly [Trouble in ProviderTrouble]: string } = {
  throttled: "asks to wait before the next request.",
  failing: "did not answer as it should. Try again shortly.",
  broken_off: "broke off the listing before its end."
}

/** What a refusal for the provider's sake tells a person. */
export const troubleSentence = ({ detail, platform, providerSaid, trouble }: Refusal): string =>
  trouble === undefined
    ? detail
    : `${providerNamed(platform).name} ${sentences[trouble]}${providerSaid === undefined ? "" : ` (${providerSaid})`}`

/** The word for a provider that is out of reach. */
export const unavailableWord = (platform: string | undefined): ProviderName["unavailable"] =>
  providerNamed(platform).unavailable

/** The contract's word for a reason of the core: why a look at a calendar failed, why one is polled or shown as it was. */
export const reasonWord = (reason: string, platform: string | undefined): string => {
  if (reason === "provider_unavailable") return unavailableWord(platform)
  return reason === "secrets_unavailable" ? "unavailable" : reason
}

/** Why a calendar is polled; null: it is watched. */
export const pollingWord = (calendar: Calendar): string | null => {
  const reason = shownPollingReason(calendar)
  return reason === null ? null : reasonWord(reason, platformOf(calendar.connectionId))
}

export const subscribedMessage = (platform: string): string =>
  `${providerNamed(platform).name} has taken the subscription.`

/** What is said beside such a word where a calendar could not be subscribed to. */
export const reasonMessage = (reason: string, message: string, platform: string): string =>
  reason === "provider_unavailable"
    ? `${providerNamed(platform).name} could not set up notifications just now; it is tried again daily.`
    : message

/** A subscription as its provider names it: of Google's only the channel is told, not what it watches. */
export const shownSubscriptionId = ({ connectionId, subscription }: Calendar): string | null => {
  if (subscription === null) return null
  return platformOf(connectionId) === googlePlatform ? shownChannelId(subscription.id) : subscription.id
}
