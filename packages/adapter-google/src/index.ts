/**
 * Google Calendar in Punctual's words.
 *
 *   eventOf, seriesOf     Google's event and master of a series as the core's
 *   toListing, toProfile  its entry in the list of calendars, and its user
 */
export { type GoogleItem, readGoogleItem } from "./mapping/GoogleItem.ts"
export { type Around, eventOf } from "./mapping/Event.ts"
export { seriesOf } from "./mapping/Series.ts"
export { toListing, toProfile } from "./mapping/Listing.ts"
