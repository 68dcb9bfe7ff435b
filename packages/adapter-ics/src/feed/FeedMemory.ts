/**
 * What a process remembers of feeds: what was read last, what was told, and when one may be asked again.
 * Decides what is forgotten: texts beyond `rememberedBytesMax` and those nobody asked about for a while, the longest unused
 * first. Whatever is forgotten can be read again.
 */
import { Semaphore } from "effect"
import type { FeedContent } from "./FeedContent.ts"
import type { HeldBytes } from "./HeldBytes.ts"
import type { Marks } from "./Marks.ts"
import type { FeedLimits } from "./FeedLimits.ts"
import type { Validators } from "./FetchFeed.ts"

export interface ReadAnswer {
  readonly content: FeedContent
  readonly validators: Validators
  /** Of the bytes. */
  readonly digest: string
  readonly bytes: number
  readonly held: HeldBytes
  readonly at: number
}

/** How much a feed held when it was last believed, and how much of it could not be read. */
export interface Held {
  readonly count: number
  readonly problems: number
}

export interface Telling {
  readonly marks: Marks
  /** Ids by their digests. */
  readonly names: ReadonlyMap<string, string>
  /** The sum of the cursor on top of which it was told; null: all was told. */
  readonly since: string | null
}

export interface FeedState {
  /** One request at a time: whoever waits finds what the one before brought. */
  readonly turn: Semaphore.Semaphore
  answer: ReadAnswer | null
  held: Held | null
  /** Since when it has held so little, or was so garbled, that absence from it proves nothing. */
  suspectedAt: number | null
  /** Asked to wait until then. */
  notBefore: number
  /** In a row. */
  failures: number
  triedAt: number
  fault: string
  /** By their sum, the oldest first. */
  readonly tellings: Map<string, Telling>
}

export interface FeedMemory {
  readonly of: (reading: string) => FeedState
  /** Forgets what was read last: what takes its place needs the room. */
  readonly drop: (state: FeedState) => void
  readonly keep: (state: FeedState, answer: ReadAnswer) => void
  readonly keepTelling: (state: FeedState, sum: string, telling: Telling) => void
  /** Forgets texts that nobody has asked about for a while. */
  readonly tidy: (now: number) => void
}

/** Where readers may stand: at what was told last, and before. */
const tellingsOfOneMax = 4

export const makeFeedMemory = (limits: FeedLimits): FeedMemory => {
  const states = new Map<string, FeedState>()
  let bytes = 0
  let told = 0
  const drop = (state: FeedState): void => {
    bytes -= state.answer?.bytes ?? 0
    state.answer?.held.leave()
    state.answer = null
  }
  const dropTelling = (state: FeedState, sum: string): void => {
    told -= state.tellings.get(sum)?.names.size ?? 0
    state.tellings.delete(sum)
  }
  const tidy = (now: number): void => {
    if (bytes === 0) return
    for (const state of states.values()) {
      if (state.answer !== null && now - state.answer.at > limits.rememberedMillis) drop(state)
    }
  }
  return {
    of: (reading) => {
      const state = states.get(reading) ?? newState()
      states.delete(reading)
      states.set(reading, state)
      for (const [key, oldest] of states) {
        if (states.size <= limits.feedsMax) break
        drop(oldest)
        for (const sum of oldest.tellings.keys()) dropTelling(oldest, sum)
        states.delete(key)
      }
      return state
    },
    drop,
    keep: (state, answer) => {
      // First: it may be of the same bytes as the one before.
      answer.held.hold()
      drop(state)
      for (const other of states.values()) {
        if (bytes + answer.bytes <= limits.rememberedBytesMax) break
        drop(other)
      }
      state.answer = answer
      bytes += answer.bytes
    },
    keepTelling: (state, sum, telling) => {
      dropTelling(state, sum)
      state.tellings.set(sum, telling)
      told += telling.names.size
      for (const oldest of state.tellings.keys()) {
        if (state.tellings.size <= tellingsOfOneMax) break
        dropTelling(state, oldest)
      }
      for (const other of states.values()) {
        for (const oldest of other.tellings.keys()) {
          if (told <= limits.rememberedTellingsMax) return
          if (other !== state || oldest !== sum) dropTelling(other, oldest)
        }
      }
    },
    tidy
  }
}

const newState = (): FeedState => ({
  turn: Semaphore.makeUnsafe(1),
  answer: null,
  held: null,
  suspectedAt: null,
  notBefore: 0,
  failures: 0,
  triedAt: 0,
  fault: "",
  tellings: new Map()
})
