/**
 * What the contract calls the calendar provider, and a user's connection to it.
 */
export const platform = "outlook_calendar"

/** `outlook_calendar_usr_…` */
export const connectionId = (userId: string): string => `${platform}_${userId}`
