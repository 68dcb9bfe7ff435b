/**
 * The one variable that `punctual ics` and the demo read: networks that a calendar's address may lead to besides public ones.
 */

/** Read from the process's environment alone: a calendar is looked at without any configuration of a server. */
export const icsAllow = "PUNCTUAL_WEBHOOK_ALLOW"
