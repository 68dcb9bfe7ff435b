/**
 * Microsoft Graph as Punctual's calendar provider.
 *
 *   layer, layerNoDeps      the `CalendarProvider` of `@punctual/core`
 *   outlookPlatform         what tells its calendars from others'
 *   linkFieldsOf            what of an event may hold its link, as `findMeetingLink` takes it
 *   parseNotifications      what Graph posts to the notification addresses
 *   validate                the handshake by which it checks them
 *   codeRefusal             why a sign-in by code failed, in words; pageRefusal: at Microsoft's own page
 *   defaultLimits           every number the adapter is bound by
 */
export { type GraphOptions, layer, layerNoDeps, outlookPlatform } from "./GraphCalendar.ts"
export { codeRefusal, pageRefusal } from "./auth/SignIn.ts"
export { type Limits, defaultLimits } from "./client/Limits.ts"
export { linkFieldsOf } from "./mapping/LinkFields.ts"
export { type Notification, type NotificationKind, parseNotifications } from "./notifications/Notifications.ts"
export { type Validation, validate, validationTokenLengthMax } from "./notifications/Validation.ts"
