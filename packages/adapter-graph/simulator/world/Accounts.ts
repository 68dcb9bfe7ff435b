/**
 * New mailboxes, apps and grants: what exists before anyone asks anything.
 *
 * Decides the defaults of a simulated person: a work account of one tenant with one default calendar. Shapes are
 * schemas because they also come in through the control interface.
 */
import { Schema } from "effect"
import { guidFrom, hexFrom } from "./Chance.ts"
import { defaultScopes, defaultTenant, granted, withApp } from "./Grant.ts"
import { type Mailbox, type World, withMailbox } from "./World.ts"

export const MailboxSpec = Schema.Struct({
  /** Also the mail address, unless `mail` says otherwise. */
  userPrincipalName: Schema.String,
  displayName: Schema.optionalKey(Schema.String),
  mail: Schema.optionalKey(Schema.NullOr(Schema.String)),
  account: Schema.optionalKey(Schema.Literals(["work", "personal"])),
  timeZone: Schema.optionalKey(Schema.String),
  tenantId: Schema.optionalKey(Schema.String),
  /** Names of calendars beside the default one. */
  calendars: Schema.optionalKey(Schema.Array(Schema.String)),
  /** False: no subscription is ever granted. */
  notifications: Schema.optionalKey(Schema.Boolean),
  enabled: Schema.optionalKey(Schema.Boolean)
})

export type MailboxSpec = typeof MailboxSpec.Type

export const AppSpec = Schema.Struct({
  clientId: Schema.optionalKey(Schema.String),
  clientSecret: Schema.optionalKey(Schema.String),
  /** ISO 8601; absent: never. */
  secretExpiresAt: Schema.optionalKey(Schema.String),
  redirectUris: Schema.optionalKey(Schema.Array(Schema.String)),
  adminConsentRequired: Schema.optionalKey(Schema.Boolean)
})

export type AppSpec = typeof AppSpec.Type

export const GrantSpec = Schema.Struct({
  mailbox: Schema.String,
  clientId: Schema.optionalKey(Schema.String),
  scopes: Schema.optionalKey(Schema.Array(Schema.String))
})

/** What a client needs to act for a person. */
export interface Credentials {
  readonly mailbox: string
  readonly clientId: string
  readonly clientSecret: string
  readonly refreshToken: string
  readonly accessToken: string
}

export const mailboxAdded = (world: World, spec: MailboxSpec): { readonly world: World; readonly mailbox: Mailbox } => {
  const name = spec.userPrincipalName.toLowerCase()
  const isPersonal = spec.account === "personal"
  const names = ["Calendar", ...(spec.calendars ?? [])]
  const calendars = names.map((each, index) => ({
    serial: world.nextSerial + index,
    name: each,
    color: "auto",
    hexColor: "",
    isDefault: index === 0,
    canEdit: true,
    canShare: true,
    isRemovable: index > 0,
    group: "My Calendars",
    version: 1,
    sharedFrom: null
  }))
  const mailbox: Mailbox = {
    id: isPersonal ? hexFrom(`personal ${name}`, 16) : guidFrom(`user ${name}`),
    account: spec.account ?? "work",
    tenantId: spec.tenantId ?? defaultTenant,
    displayName: spec.displayName ?? displayNameOf(spec.userPrincipalName),
    userPrincipalName: spec.userPrincipalName,
    mail: spec.mail === undefined ? (isPersonal ? null : spec.userPrincipalName) : spec.mail,
    timeZone: spec.timeZone ?? "UTC",
    notifications: spec.notifications ?? true,
    enabled: spec.enabled ?? true,
    calendars: Object.fromEntries(calendars.map((calendar) => [calendar.serial, calendar])),
    items: {},
    deletedSeries: {},
    changes: [],
    generation: 0
  }
  return { world: withMailbox({ ...world, nextSerial: world.nextSerial + names.length }, mailbox), mailbox }
}

export const appAdded = (world: World, spec: AppSpec): World => {
  const clientId = spec.clientId ?? guidFrom(`app ${Object.keys(world.apps).length}`)
  const known = world.apps[clientId]
  const secret = {
    id: guidFrom(`secret ${clientId}`),
    value: spec.clientSecret ?? known?.secrets[0]?.value ?? `simulated~${hexFrom(`secret ${clientId}`, 20)}`,
    expiresAt: spec.secretExpiresAt === undefined ? null : Date.parse(spec.secretExpiresAt)
  }
  return withApp(world, {
    clientId,
    secrets: [secret],
    redirectUris: spec.redirectUris ?? known?.redirectUris ?? [],
    adminConsentRequired: spec.adminConsentRequired ?? known?.adminConsentRequired ?? false
  })
}

/** Tokens as if the person had consented just now; null when there is no such app. */
export const credentialsFor = (
  world: World,
  mailbox: Mailbox,
  clientId: string,
  now: number,
  scopes: ReadonlyArray<string> = defaultScopes
): { readonly world: World; readonly credentials: Credentials } | null => {
  const app = world.apps[clientId]
  if (app === undefined) return null
  const given = granted(world, mailbox, clientId, scopes, now)
  return {
    world: given.world,
    credentials: {
      mailbox: mailbox.id,
      clientId,
      clientSecret: app.secrets[0]?.value ?? "",
      refreshToken: given.refreshToken,
      accessToken: given.accessToken
    }
  }
}

const displayNameOf = (userPrincipalName: string): string =>
  (userPrincipalName.split("@")[0] ?? "")
    .split(/[._-]/)
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join(" ")
