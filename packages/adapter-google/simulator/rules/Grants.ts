/**
 * What a grant is good for: access tokens, who somebody is, and its end.
 * Decides how long an access token lives, and that whoever revokes one grant loses all of that client and account.
 */
import { type Grant, type Person, type World, ticked, withEntry } from "../world/World.ts"
import { type Reply, ok } from "../wire/Exchange.ts"

export interface Step {
  readonly world: World
  readonly reply: Reply
}

/** What a client that only reads calendars is granted, in the words of Google's answers. */
export const readingScopes: ReadonlyArray<string> = [
  "https://www.googleapis.com/auth/calendar.events.readonly",
  "https://www.googleapis.com/auth/calendar.calendarlist.readonly",
  "openid",
  "https://www.googleapis.com/auth/userinfo.email",
  "https://www.googleapis.com/auth/userinfo.profile"
]

const lifetimeSeconds = 3_599

/** An access token for a grant. */
export const answerTo = (world: World, grant: Grant, now: number, more: object = {}): Step => {
  const next = ticked(world)
  const access = {
    token: `ya29.${next.sequence}`,
    refreshToken: grant.refreshToken,
    expiresAt: now + lifetimeSeconds * 1_000
  }
  const person = world.people.get(grant.email)
  return {
    world: { ...next, accessTokens: withEntry(next.accessTokens, access.token, access) },
    reply: ok({
      access_token: access.token,
      expires_in: lifetimeSeconds,
      scope: grant.scopes.join(" "),
      token_type: "Bearer",
      ...more,
      ...(grant.scopes.includes("openid") && person !== undefined ? { id_token: idToken(person, grant.clientId) } : {})
    })
  }
}

/** All that the person granted to the client. */
export const withRevoked = (world: World, clientId: string | null, email: string): World => ({
  ...ticked(world),
  grants: new Map(
    [...world.grants].map(([key, grant]) => [
      key,
      grant.email === email && (clientId === null || grant.clientId === clientId)
        ? { ...grant, isRevoked: true }
        : grant
    ])
  )
})

/** Who it is, as far as was granted; null: nothing of it was. */
export const userinfo = ({ email, name, sub }: Person, scopes: ReadonlyArray<string>): Reply | null => {
  const has = (scope: string): boolean =>
    scopes.includes(scope) || scopes.includes(`https://www.googleapis.com/auth/userinfo.${scope}`)
  if (!["openid", "email", "profile"].some(has)) return null
  return ok({ sub, ...(has("profile") && { name }), ...(has("email") && { email, email_verified: true }) })
}

const idToken = ({ email, sub }: Person, clientId: string): string => {
  const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString("base64url")
  return `${part({ alg: "RS256" })}.${part({ iss: "https://accounts.google.com", aud: clientId, sub, email })}.c2ln`
}
