/**
 * The variable that names networks which a calendar's address may lead to besides public ones.
 */

/** `punctual ics` and the demo read it from the process's environment alone: they need no configuration of a server. */
export const icsAllow = "PUNCTUAL_WEBHOOK_ALLOW"
