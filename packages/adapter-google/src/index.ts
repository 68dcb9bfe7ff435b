/**
 * Google Calendar as Punctual's calendar provider.
 *
 *   layer, layerNoDeps      the `CalendarProvider` of `@punctual/core`
 *   googlePlatform          what tells its calendars from others'
 *   parseNotification       what Google posts to the notification address
 *   shownChannelId          a subscription's id as Google knows it
 *   askedScopes             what a sign-in asks for; missingScopes: what of it was not granted; notGranted: in words
 *   codeRefusal             why a sign-in by code failed, in words; pageRefusal: at Google's own page
 *   defaultLimits           every number the adapter is bound by
 *   eventOf, seriesOf       Google's event and master of a series as the core's
 *   toListing, toProfile    its entry in the list of calendars, and its user
 */
export { type GoogleOptions, googlePlatform, layer, layerNoDeps } from "./GoogleCalendar.ts"
export { askedScopes, missingScopes, notGranted } from "./auth/Scopes.ts"
export { shownChannelId } from "./channels/ChannelId.ts"
export { codeRefusal, pageRefusal } from "./auth/SignIn.ts"
export { type Limits, defaultLimits } from "./client/Limits.ts"
export { type Notification, parseNotification } from "./notifications/Notifications.ts"
export { type GoogleItem, readGoogleItem } from "./mapping/GoogleItem.ts"
export { type Around, eventOf } from "./mapping/Event.ts"
export { seriesOf } from "./mapping/Series.ts"
export { toListing, toProfile } from "./mapping/Listing.ts"
