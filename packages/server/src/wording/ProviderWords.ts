/**
 * The calendar's provider by its name. The core says "the calendar's provider", and says neutrally what is wrong with it.
 *
 * Decides the sentences and the stable words in which the HTTP contract tells it: this server's provider is Microsoft.
 * What is no trouble of a provider passes as it is.
 */
import { feedPlatform } from "@punctual/adapter-ics/feed"
import { type Calendar, type ProviderTrouble, type Refusal, shownPollingReason } from "@punctual/core"

const sentences: { readonly [Trouble in ProviderTrouble]: string } = {
  throttled: "Microsoft asks to wait before the next request.",
  failing: "Microsoft did not answer as it should. Try again shortly.",
  broken_off: "Microsoft broke off the listing before its end."
}

/** What a refusal for the provider's sake tells a person. */
export const troubleSentence = ({ detail, providerSaid, trouble }: Refusal): string =>
  trouble === undefined ? detail : `${sentences[trouble]}${providerSaid === undefined ? "" : ` (${providerSaid})`}`

/** The contract's words for reasons of the core: why a look at a calendar failed, why one is polled or shown as it was. */
const words: ReadonlyMap<string, string> = new Map([
  ["provider_unavailable", "microsoft_unavailable"],
  ["secrets_unavailable", "unavailable"]
])

export const reasonWord = (reason: string, platform?: string): string =>
  platform === feedPlatform && reason === "provider_unavailable" ? "feed_unreachable" : (words.get(reason) ?? reason)

/** Why a calendar is polled; null: it is watched. */
export const pollingWord = (calendar: Calendar): string | null => {
  const reason = shownPollingReason(calendar)
  return reason === null ? null : reasonWord(reason)
}

export const subscribedMessage = "Microsoft has taken the subscription."

/** What is said beside such a word where a calendar could not be subscribed to. */
export const reasonMessage = (reason: string, message: string): string =>
  reason === "provider_unavailable"
    ? "Microsoft could not set up notifications just now; it is tried again daily."
    : message
