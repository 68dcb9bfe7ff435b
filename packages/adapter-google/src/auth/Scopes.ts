/**
 * What a sign-in must have granted. Google's consent screen lets each be left out by itself.
 * Decides which granted scopes reach what is read here, and which is missing by its full name.
 *
 * https://developers.google.com/workspace/calendar/api/auth
 */
const root = "https://www.googleapis.com/auth/"

/** Asked for at sign-in. The last is for the name alone: without it nothing is missing. */
export const askedScopes: ReadonlyArray<string> = [
  `${root}calendar.events.readonly`,
  `${root}calendar.calendarlist.readonly`,
  "openid",
  "email",
  "profile"
]

/** The first of each is what is asked for; any other will do. */
const needed: ReadonlyArray<ReadonlyArray<string>> = [
  ["calendar.events.readonly", "calendar.events", "calendar.readonly", "calendar"],
  ["calendar.calendarlist.readonly", "calendar.calendarlist", "calendar.readonly", "calendar"]
]

/** What is missing, by its full name. None where the answer named no scopes at all: then Google is asked itself. */
export const missingScopes = (granted: ReadonlyArray<string>): ReadonlyArray<string> => {
  if (granted.length === 0) return []
  const has = new Set(granted)
  return [
    ...needed
      .filter((names) => !names.some((name) => has.has(`${root}${name}`)))
      .map(([name = ""]) => `${root}${name}`),
    ...(identities.some((name) => has.has(name)) ? [] : ["openid"])
  ]
}

/** For a person: which scopes are missing, by their full names, and what to do. */
export const notGranted = (missing: ReadonlyArray<string>): string =>
  `The sign-in did not grant ${missing.join(" and ")}. Sign in again and leave every box of Google's consent screen ticked.`

/** Any of these says whose the account is. */
const identities: ReadonlyArray<string> = ["openid", "email", `${root}userinfo.email`, `${root}userinfo.profile`]
