/**
 * A host outside that follows a log by cursor, while servers die and while it dies itself: then it goes on from the last
 * cursor it had stored, which is mostly older than what it had heard. Keeps what it was told. Decides nothing
 * about whether that is right (`Audit.ts`), but that an answer is a page, or none because nobody was there to give one.
 */
import { createHash } from "node:crypto"
import type { Chance } from "./Chance.ts"
import type { BotMembers, Told } from "./Audit.ts"

export interface LogToRead {
  readonly url: string
  readonly path: "/api/v1/admin/changes" | "/api/v1/calendar/changes"
  readonly key: string
}

export interface LogReader {
  /** Entries as they were told; again only where they were another than before, for a busy log is repeated often. */
  readonly told: ReadonlyArray<Told>
  /** By user and bot, from entries alone: each counted once, however often it was told. */
  readonly copies: ReadonlyMap<string, ReadonlyMap<string, BotMembers>>
  /** Answers that a reader has no use for. */
  readonly odd: ReadonlyArray<string>
  readonly counts: () => Counts
  readonly stop: () => Promise<void>
}

export interface Counts {
  /** Entries, each as often as it was told. */
  readonly told: number
  readonly deaths: number
  readonly answered: number
  readonly unanswered: number
}

interface Page {
  readonly changes: ReadonlyArray<Entry>
  readonly next: string
}

interface Entry {
  readonly id: string
  readonly user_id: string
  readonly sequence: number
  readonly data: { readonly bot?: BotMembers & { readonly bot_id: string } }
}

const pagesOfLifeMax = 8
const entriesOfPageMax = 50
const waitSecondsMax = 3
/** How long a request may last at whose end the reader is dead. */
const lastRequestMillisMax = 500
/** After an answer that was none, so that a dead server is not all that is asked. */
const restMillis = 50

/** Not read, too many held, storage out of reach, nobody behind the front: to be asked again. */
const unanswered: ReadonlySet<number> = new Set([408, 429, 502, 503])

export const readLog = ({ key, path, url }: LogToRead, chance: Chance): LogReader => {
  const over = new AbortController()
  const told: Array<Told> = []
  const odd: Array<string> = []
  // What outlives the reader: a cursor, the ids it has dealt with, and the copy.
  let stored: string | null = null
  const heard = new Map<string, string>()
  const copies = new Map<string, Map<string, BotMembers>>()
  const counts = { told: 0, deaths: 0, answered: 0, unanswered: 0 }

  const hear = (entry: Entry): void => {
    const { data, id, sequence, user_id: userId } = entry
    const digest = createHash("sha256").update(JSON.stringify(entry)).digest("base64")
    const before = heard.get(id)
    counts.told += 1
    if (before !== digest) told.push({ userId, sequence, id, digest })
    if (before !== undefined) return
    heard.set(id, digest)
    if (data.bot === undefined) return
    const copy = copies.get(userId) ?? new Map<string, BotMembers>()
    copies.set(userId, copy.set(data.bot.bot_id, data.bot))
  }

  /** Null: none came. */
  const pageAfter = async (cursor: string | null, limit: number, diesWithin: number | null = null) => {
    const after = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`
    const wait = Math.floor(chance() * (waitSecondsMax + 1))
    try {
      const response = await fetch(`${url}${path}?wait=${wait}&limit=${limit}${after}`, {
        headers: { authorization: `Token ${key}` },
        signal: diesWithin === null ? over.signal : AbortSignal.any([over.signal, AbortSignal.timeout(diesWithin)])
      })
      const text = await response.text()
      if (response.status === 200) {
        counts.answered += 1
        return JSON.parse(text) as Page
      }
      if (!unanswered.has(response.status)) odd.push(`${path} answered ${response.status}: ${text}`)
    } catch {
      // The server has died under it, or the reader itself.
    }
    counts.unanswered += 1
    return null
  }

  /** From what was stored to a death in the middle of a page, or of a request. */
  const live = async (): Promise<void> => {
    const limit = 1 + Math.floor(chance() * entriesOfPageMax)
    let cursor = stored
    for (let left = Math.ceil(chance() * pagesOfLifeMax); left > 0 && !over.signal.aborted;) {
      const page = await pageAfter(cursor, limit)
      if (page === null) {
        await new Promise((resolve) => setTimeout(resolve, restMillis))
      } else {
        for (const entry of page.changes) hear(entry)
        cursor = page.next
        if (chance() < 0.5) stored = cursor
        left -= 1
      }
    }
    const page = await pageAfter(cursor, limit, chance() < 0.5 ? Math.floor(chance() * lastRequestMillisMax) : null)
    const dealtWith = Math.floor(chance() * ((page?.changes.length ?? 0) + 1))
    for (const entry of page?.changes.slice(0, dealtWith) ?? []) hear(entry)
    counts.deaths += 1
  }

  const lives = (async () => {
    while (!over.signal.aborted) await live()
  })()
  return {
    told,
    copies,
    odd,
    counts: () => counts,
    stop: async () => {
      over.abort()
      await lives
    }
  }
}
