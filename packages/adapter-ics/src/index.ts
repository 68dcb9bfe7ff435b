/**
 * iCalendar files in Punctual's words.
 *
 *   readCalendar       what is in a file: meetings and series as the core has them, and what could not be read
 *   meetingsBetween    what of them takes place in a span of time
 *   listBetween        the same, of each what a reader keeps of it
 *   nextStart          when the next of them begins
 */
export { type Problem } from "./text/Problem.ts"
export { type ReadOptions } from "./CalendarFile.ts"
export { type CalendarRead, readCalendar } from "./ReadCalendar.ts"
export { type FileTold, listBetween, meetingsBetween, nextStart } from "./MeetingsBetween.ts"
export { type Family } from "./events/Family.ts"
export { type ReadEvent, type ReadSeries, instantText } from "./events/Told.ts"
