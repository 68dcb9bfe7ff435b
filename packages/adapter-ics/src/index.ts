/**
 * iCalendar files in Punctual's words.
 *
 *   decodeText         the bytes of a file as text
 *   readCalendar       its events and series as the core has them, and what could not be read
 *   meetingsBetween    what of them takes place in a span of time
 *   nextStart          when the next of them begins
 */
export { type Problem } from "./text/Problem.ts"
export { type CalendarRead, type ReadOptions, readCalendar } from "./ReadCalendar.ts"
export { meetingsBetween, nextStart } from "./MeetingsBetween.ts"
export { type ReadEvent, type ReadSeries, instantText } from "./events/Told.ts"
export { decodeText } from "./text/DecodeText.ts"
