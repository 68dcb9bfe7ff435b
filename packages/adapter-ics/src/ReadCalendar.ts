/**
 * A calendar file read through from begin to end.
 * Decides what is told of all of it: how much there is, and what could not be read.
 */
import { type CalendarFile, type ReadOptions, openCalendar } from "./CalendarFile.ts"
import { type Slices, atOnce } from "./text/Slices.ts"
import type { Family } from "./events/Family.ts"
import { fileBytes } from "./text/FileBytes.ts"
import { type Problem, type Problems, makeProblems } from "./text/Problem.ts"

export interface CalendarRead extends Pick<CalendarFile, "isCalendar" | "name" | "zone"> {
  /** Each meeting, or series with its changes, in the order of the file. Read anew each time that one goes through them. */
  readonly families: Iterable<Family>
  /** By line. */
  readonly problems: ReadonlyArray<Problem>
}

export const readCalendar = (content: string | Uint8Array, options: ReadOptions = {}): CalendarRead => {
  const problems = makeProblems()
  const bytes = typeof content === "string" ? Buffer.from(content) : content
  return atOnce(readThrough(bytes, options, problems))
}

function* readThrough(bytes: Uint8Array, options: ReadOptions, problems: Problems): Slices<CalendarRead> {
  const file = yield* openCalendar(yield* fileBytes(bytes), options, problems, Infinity)
  if ("fault" in file) return { isCalendar: false, name: null, zone: null, families: [], problems: problems.list() }
  if (!file.isCalendar) {
    problems.add(
      null,
      "This is no calendar file: it has no BEGIN:VCALENDAR. Export or download it as iCalendar (.ics)."
    )
  }
  for (const id of file.ids()) yield* file.family(id, problems)
  const { isCalendar, name, zone } = file
  return { isCalendar, name, zone, families: familiesIn(file), problems: problems.list() }
}

const familiesIn = (file: CalendarFile): Iterable<Family> => ({
  *[Symbol.iterator]() {
    for (const id of file.ids()) yield atOnce(file.family(id))
  }
})
