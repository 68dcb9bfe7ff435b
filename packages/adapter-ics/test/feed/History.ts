/**
 * Histories of one published calendar, at random: what its owner does, what its server answers instead, and when it is read.
 * Decides what a step does to the diary, and how an answer is spoilt.
 */
import * as FastCheck from "fast-check"
import { type Fetched } from "../../src/feed/index.ts"
import { type Diary, entryOf } from "./Diary.ts"

/** A Tuesday at noon. */
export const start = Date.UTC(2026, 10, 24, 12)

const day = 86_400_000
const hour = 3_600_000

const edits = [
  "single",
  "series",
  "move",
  "moveFar",
  "rename",
  "cancel",
  "remove",
  "takeOut",
  "exception",
  "turn"
] as const
const reads = ["read", "wait", "night", "crash", "asked"] as const
const spoils = [
  "page",
  "nothing",
  "emptied",
  "tenth",
  "cut",
  "garbledStart",
  "garbledRule",
  "garbledUid",
  "lostEnd",
  "status",
  "refused",
  "wait429"
] as const

export interface Step {
  readonly what: (typeof edits)[number] | (typeof reads)[number] | (typeof spoils)[number]
  readonly which: number
  readonly when: number
}

export const steps: FastCheck.Arbitrary<ReadonlyArray<Step>> = FastCheck.array(
  FastCheck.record<Step>({
    what: FastCheck.oneof(
      FastCheck.constantFrom(...edits),
      FastCheck.constantFrom(...reads),
      FastCheck.constantFrom(...spoils)
    ),
    which: FastCheck.nat(30),
    when: FastCheck.nat(30)
  }),
  { minLength: 5, maxLength: 30 }
)

export const isSpoil = ({ what }: Step): boolean => spoils.some((each) => each === what)

/** So many meetings to begin with: from ten on one that shrinks is not believed. */
export const begin = (diary: Diary, count: number): void => {
  for (let n = 0; n < count; n++) perform(diary, { what: n % 5 === 4 ? "series" : "single", which: n, when: n })
}

/** Null: the step is none of the owner's. */
export const perform = (diary: Diary, { what, when, which }: Step): void => {
  const { entries } = diary
  const entry = [...entries.values()][which % Math.max(1, entries.size)]
  const at = start - (start % day) + (when - 5) * day + (which % 10) * hour
  if (what === "single" || what === "series") {
    const uid = `m${entries.size}-${diary.made++}@test`
    entries.set(uid, entryOf(uid, `${what} ${which}`, at, what === "series"))
    return
  }
  if (entry === undefined) return
  const original = entry.start + ((when % 12) + 1) * day
  const changed = {
    move: { start: at, moved: new Map<number, number>(), deleted: new Set<number>() },
    moveFar: { start: at + 400 * day, moved: new Map<number, number>(), deleted: new Set<number>() },
    rename: { subject: `renamed ${when}` },
    cancel: { isCancelled: !entry.isCancelled },
    takeOut: entry.isDaily ? { deleted: new Set([...entry.deleted, original]) } : {},
    exception: entry.isDaily ? { moved: new Map([...entry.moved, [original, at + 600_000]]) } : {},
    turn: { isDaily: !entry.isDaily, moved: new Map<number, number>(), deleted: new Set<number>() }
  }
  if (what === "remove") entries.delete(entry.uid)
  else if (what in changed) entries.set(entry.uid, { ...entry, ...changed[what as keyof typeof changed] })
}

/** The answer instead of the one that the text would be; null: as it is. */
export const spoilt = (text: string, { what, when, which }: Step): Fetched | string | null => {
  const entries = text.split("BEGIN:VEVENT").length - 1
  const within = (pattern: RegExp, instead: string): string => {
    let seen = 0
    const chosen = which % Math.max(1, entries)
    return text.replaceAll(pattern, (found) => (seen++ === chosen ? instead : found))
  }
  switch (what) {
    case "page":
      return "<!doctype html><html><body>Sign in to see this calendar</body></html>"
    case "nothing":
      return ""
    case "emptied":
      return entries < 10 ? null : "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
    case "tenth": {
      const [head = "", first = ""] = text.split("BEGIN:VEVENT")
      return entries < 30 ? null : `${head}BEGIN:VEVENT${first.split("END:VCALENDAR")[0]}END:VCALENDAR\r\n`
    }
    case "cut":
      return text.slice(0, Math.floor((text.length * (1 + ((which * 31 + when) % 97))) / 100))
    case "garbledStart":
      return within(/DTSTART:.*/g, "DTSTART:at noon")
    case "garbledRule":
      return within(/RRULE:.*/g, "RRULE:FREQ=SOMETIMES")
    case "garbledUid":
      return within(/UID:.*/g, "U I D")
    case "lostEnd":
      return within(/END:VEVENT/g, "X-LOST:1")
    case "status":
      return { kind: "failed", message: `It answered with status ${400 + which}.`, retryAfterMillis: null }
    case "refused":
      return { kind: "refused", message: "It leads to a private network." }
    case "wait429":
      return { kind: "failed", message: "It asks to wait.", retryAfterMillis: 1000 * (1 + when) }
    default:
      return null
  }
}
