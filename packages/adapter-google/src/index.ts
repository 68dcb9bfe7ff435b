/**
 * Google Calendar as Punctual's calendar provider.
 *
 *   layer, layerNoDeps      the `CalendarProvider` of `@punctual/core`
 *   parseNotification       what Google posts to the notification address
 *   askedScopes             what a sign-in asks for; missingScopes: what of it was not granted
 *   defaultLimits           every number the adapter is bound by
 *   eventOf, seriesOf       Google's event and master of a series as the core's
 *   toListing, toProfile    its entry in the list of calendars, and its user
 */
export { type GoogleOptions, layer, layerNoDeps } from "./GoogleCalendar.ts"
export { askedScopes, missingScopes } from "./auth/Scopes.ts"
export { type Limits, defaultLimits } from "./client/Limits.ts"
export { type Notification, parseNotification } from "./notifications/Notifications.ts"
export { type GoogleItem, readGoogleItem } from "./mapping/GoogleItem.ts"
export { type Around, eventOf } from "./mapping/Event.ts"
export { seriesOf } from "./mapping/Series.ts"
export { toListing, toProfile } from "./mapping/Listing.ts"
