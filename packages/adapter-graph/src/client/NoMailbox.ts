/**
 * Refusals that say that there is no mailbox behind an account.
 *
 * Decides which of Graph's words mean that, whatever the status beside them, and what a person can do about each. None
 * of them passes by waiting.
 *
 * https://learn.microsoft.com/graph/errors, …/graph/resolve-auth-errors
 */
import { MailboxUnavailable } from "@punctual/core"
import type { GraphFailure } from "./Failure.ts"

/** Null: the refusal is about something else. */
export const noMailboxOf = ({ code, message, word }: GraphFailure): MailboxUnavailable | null => {
  const sentence = sentences.get(word) ?? (message.includes("inactive, soft-deleted") ? notOnline : undefined)
  return sentence === undefined ? null : new MailboxUnavailable({ code, message: `${sentence} (${code})` })
}

const notOnline =
  "Microsoft has no online mailbox for this account: it is inactive, deleted, or on the organisation's own server. " +
  "Connect an account whose mailbox is in Exchange Online, or have it moved there."

const noExchange =
  "The organisation of this account has no Exchange Online, or this is a personal account's copy in an organisation. " +
  "Ask its administrator for a plan that includes Exchange Online, or connect another account."

const noLicence =
  "This account has no mailbox: it is a guest in this organisation, or has no licence for Exchange Online. A guest " +
  "connects with the organisation that the account comes from; otherwise ask an administrator to assign a licence."

const sentences: ReadonlyMap<string, string> = new Map([
  ["organizationfromtenantguidnotfound", noExchange],
  ["errorinvaliduser", noLicence],
  ["errormissingemailaddress", noLicence],
  ["errornonexistentmailbox", noLicence],
  ["mailboxnotenabledforrestapi", notOnline],
  ["mailboxnotsupportedforrestapi", notOnline]
])
