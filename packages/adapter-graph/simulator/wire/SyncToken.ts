/**
 * The tokens inside next and delta links.
 *
 * Decides what a token remembers: calendar, window, how far the client has read and how far the round reaches. All of
 * the client's progress is in it, so the world keeps no state per client and the rules stay pure. Opaque and sealed: a
 * changed token is no token.
 */
import { hexFrom } from "../world/Chance.ts"

export interface SyncToken {
  readonly mailbox: string
  /** Serial of the calendar as the caller sees it. */
  readonly calendar: number
  readonly from: number
  readonly to: number
  /** Changes up to this place in the log have been sent before this round; `beforeAll` in a first round. */
  readonly since: number
  /** The round reaches to here; what changes while pages are turned comes in the next one. */
  readonly until: number
  /** Items of the round already sent. */
  readonly index: number
  /** The page before this one was an empty one. */
  readonly rested: boolean
  readonly generation: number
  readonly issuedAt: number
}

export const beforeAll = -1

export const sealToken = (token: SyncToken): string => {
  const text = Buffer.from(JSON.stringify(Object.values(ordered(token)))).toString("base64url")
  return `${text}.${hexFrom(`token ${text}`, 12)}`
}

/** The token, or null for text that this simulator never issued. */
export const openToken = (sealed: string): SyncToken | null => {
  const [text = "", seal] = sealed.split(".")
  if (text === "" || seal !== hexFrom(`token ${text}`, 12)) return null
  const [mailbox, calendar, from, to, since, until, index, rested, generation, issuedAt] = JSON.parse(
    Buffer.from(text, "base64url").toString()
  ) as [string, number, number, number, number, number, number, boolean, number, number] // the seal vouches for the shape
  return { mailbox, calendar, from, to, since, until, index, rested, generation, issuedAt }
}

const ordered = (token: SyncToken): SyncToken => ({
  mailbox: token.mailbox,
  calendar: token.calendar,
  from: token.from,
  to: token.to,
  since: token.since,
  until: token.until,
  index: token.index,
  rested: token.rested,
  generation: token.generation,
  issuedAt: token.issuedAt
})
