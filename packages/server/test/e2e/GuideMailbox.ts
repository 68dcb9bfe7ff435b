/**
 * Somebody's calendar at a provider, as the guide's story needs it: what connects it, and what its owner does to it.
 * Decides nothing about what comes of that.
 */
import { assert } from "@effect/vitest"
import { askedScopes } from "@punctual/adapter-google"
import { type Stage, googleClient } from "./Stage.ts"

export interface GuideMailbox {
  readonly name: string
  readonly platform: "outlook_calendar" | "google_calendar"
  readonly mail: string
  /** Somebody else's. */
  readonly otherMail: string
  /** The body of `create_calendar`. */
  readonly credentialsOf: (stage: Stage, mail: string) => Record<string, string>
  /** The same with a client secret that is none. */
  readonly wrong: (credentials: Record<string, string>) => Record<string, string>
  /** Asserts that a refusal says what the provider said. */
  readonly saidWhy: (json: Readonly<Record<string, unknown>>) => void
  readonly secretsOf: (credentials: Record<string, string>) => ReadonlyArray<string>
  /** Half an hour, with a link of Teams. */
  readonly create: (stage: Stage, subject: string, start: number) => void
  readonly createDaily: (stage: Stage, subject: string, start: number, count: number) => void
  /** By the provider's own id. */
  readonly move: (stage: Stage, event: string, start: number) => void
}

const hour = 3_600_000
const at = (millis: number) => new Date(millis).toISOString()
const teams = (name: string) =>
  `https://teams.microsoft.com/l/meetup-join/19%3ameeting_${name.replaceAll(" ", "")}%40thread.v2/0`

const adeleOfContoso = "adele@contoso.example"

export const outlook: GuideMailbox = {
  name: "Outlook",
  platform: "outlook_calendar",
  mail: adeleOfContoso,
  otherMail: "miriam@contoso.example",
  credentialsOf: (stage, mail) => stage.credentialsOf(mail),
  wrong: (credentials) => ({ ...credentials, microsoft_client_secret: "wrong" }),
  saidWhy: (json) => {
    assert.isString(json["microsoft_error"])
    assert.isNotEmpty(json["microsoft_error_codes"])
  },
  secretsOf: (credentials) => [
    credentials["microsoft_refresh_token"] ?? "?",
    credentials["microsoft_client_secret"] ?? "?"
  ],
  create: (stage, subject, start) =>
    stage.simulator.edit({
      type: "createEvent",
      mailbox: adeleOfContoso,
      start: at(start),
      end: at(start + hour / 2),
      details: { subject, link: teams(subject) }
    }),
  createDaily: (stage, subject, start, count) =>
    stage.simulator.edit({
      type: "createSeries",
      mailbox: adeleOfContoso,
      start: at(start),
      end: at(start + hour / 2),
      pattern: { type: "daily" },
      range: { type: "numbered", numberOfOccurrences: count },
      details: { subject, link: teams(subject) }
    }),
  move: (stage, event, start) =>
    stage.simulator.edit({ type: "moveEvent", mailbox: adeleOfContoso, event, start: at(start) })
}

const adeleOfFabrikam = "adele@fabrikam.example"

const googleTimes = (start: number) => ({
  start: { dateTime: at(start), timeZone: "Europe/Berlin" },
  end: { dateTime: at(start + hour / 2), timeZone: "Europe/Berlin" }
})

const googleMembers = (subject: string, start: number) => ({
  summary: subject,
  description: `Join: <a href="${teams(subject)}">${teams(subject)}</a>`,
  ...googleTimes(start)
})

export const google: GuideMailbox = {
  name: "Google",
  platform: "google_calendar",
  mail: adeleOfFabrikam,
  otherMail: "miriam@fabrikam.example",
  credentialsOf: (stage, mail) => ({
    google_client_id: googleClient.clientId,
    google_client_secret: googleClient.clientSecret,
    google_refresh_token: stage.google.edit({
      type: "grant",
      email: mail,
      clientId: googleClient.clientId,
      scopes: askedScopes
    })
  }),
  wrong: (credentials) => ({ ...credentials, google_client_secret: "wrong" }),
  saidWhy: (json) => {
    assert.strictEqual(json["google_error"], "invalid_client")
    assert.notProperty(json, "microsoft_error")
  },
  secretsOf: (credentials) => [credentials["google_refresh_token"] ?? "?", credentials["google_client_secret"] ?? "?"],
  create: (stage, subject, start) =>
    stage.google.edit({ type: "createEvent", calendar: adeleOfFabrikam, members: googleMembers(subject, start) }),
  createDaily: (stage, subject, start, count) =>
    stage.google.edit({
      type: "createEvent",
      calendar: adeleOfFabrikam,
      members: { ...googleMembers(subject, start), recurrence: [`RRULE:FREQ=DAILY;COUNT=${count}`] }
    }),
  move: (stage, id, start) =>
    stage.google.edit({ type: "patchEvent", calendar: adeleOfFabrikam, id, members: googleTimes(start) })
}
