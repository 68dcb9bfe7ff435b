/**
 * A client without a socket: holds a world and asks the rules, as a Graph client would ask the server.
 *
 * Decides nothing; it spells requests and remembers the world that each answer leaves behind.
 */
import {
  type Edit,
  type Edited,
  type MailboxSpec,
  type OptionsChange,
  type Reply,
  type World,
  applyEdit,
  credentialsFor,
  defaultApp,
  dispatched,
  emptyWorld,
  mailboxAdded,
  step,
  withApp
} from "../../simulator/index.ts"
import { changeOptions } from "../../simulator/world/Options.ts"
import type { ValidationResult } from "../../simulator/wire/Exchange.ts"

export const origin = "https://graph.simulator"
export const adele = "adele@contoso.example"
export const monday = Date.parse("2026-11-23T08:00:00Z")
export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

export type Json = Readonly<Record<string, unknown>>

export interface Ask {
  readonly method?: string
  readonly prefer?: string
  readonly body?: unknown
  readonly token?: string | null
  readonly headers?: Readonly<Record<string, string>>
  readonly inFlight?: number
  /** What the notification addresses say when they are validated. */
  readonly validation?: ValidationResult
}

export interface Client {
  world: World
  now: number
  token: string
  refreshToken: string
  readonly ask: (path: string, ask?: Ask) => Reply
  /** The JSON of a 200, or a failure that shows what came instead. */
  readonly get: (path: string, prefer?: string) => Json
  readonly post: (path: string, body: unknown, ask?: Ask) => Reply
  readonly form: (path: string, fields: Readonly<Record<string, string>>) => Reply
  readonly edit: (edit: EditOfAdele) => Edited
  /** Another person; answers their object id. */
  readonly add: (spec: MailboxSpec) => string
  readonly options: (change: OptionsChange) => void
  /** Notifications that are due, taken out of the world. */
  readonly delivered: () => ReadonlyArray<Json>
  readonly calendarId: (name?: string) => string
}

// Edits of other mailboxes name theirs; without one it is Adele's.
type Optional<A> = A extends { readonly mailbox: string } ? Omit<A, "mailbox"> & { readonly mailbox?: string } : never
export type EditOfAdele = Optional<Edit>

export const makeClient = (spec: Partial<MailboxSpec> = {}, change: OptionsChange = {}): Client => {
  const base = withApp(emptyWorld(1), defaultApp)
  const added = mailboxAdded(
    { ...base, options: changeOptions(base.options, change) },
    { userPrincipalName: adele, ...spec }
  )
  const granted = grant(added.world, added.mailbox.id)
  const client: Client = {
    world: granted.world,
    now: monday,
    token: granted.accessToken,
    refreshToken: granted.refreshToken,
    ask: (path, ask = {}) => {
      const url = new URL(path.startsWith("http") ? path : `${origin}${path}`)
      const token = ask.token === undefined ? client.token : ask.token
      const request = {
        method: ask.method ?? "GET",
        origin,
        path: url.pathname,
        query: url.search.slice(1),
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(ask.prefer === undefined ? {} : { prefer: ask.prefer }),
          ...ask.headers
        },
        body: typeof ask.body === "string" ? ask.body : JSON.stringify(ask.body ?? null),
        inFlight: ask.inFlight ?? 1
      }
      let outcome = step(client.world, request, client.now)
      while (outcome._tag === "Validate") {
        outcome = outcome.validation.resume(outcome.world, ask.validation ?? "ok", client.now)
      }
      client.world = outcome.world
      return outcome.reply
    },
    get: (path, prefer) => {
      const reply = client.ask(path, prefer === undefined ? {} : { prefer })
      if (reply.status !== 200) throw new Error(`${reply.status} ${JSON.stringify(reply.body)} for ${path}`)
      return reply.body as Json // every 200 of these rules is an object
    },
    post: (path, body, ask = {}) => client.ask(path, { ...ask, method: "POST", body }),
    form: (path, fields) =>
      client.ask(path, { method: "POST", body: new URLSearchParams(fields).toString(), token: null }),
    edit: (edit) => {
      const done = applyEdit(client.world, { mailbox: adele, ...edit } as Edit, client.now)
      client.world = done.world
      return done.edited
    },
    add: (other) => {
      const more = mailboxAdded(client.world, other)
      client.world = more.world
      return more.mailbox.id
    },
    options: (changed) => {
      client.world = { ...client.world, options: changeOptions(client.world.options, changed) }
    },
    delivered: () => {
      const out = dispatched(client.world, client.now)
      client.world = out.world
      return out.parcels.flatMap((parcel) => parcel.body.value)
    },
    calendarId: (name = "Calendar") => {
      const found = valuesOf(client.get("/v1.0/me/calendars?$top=100")).find((calendar) => calendar["name"] === name)
      return String(found?.["id"])
    }
  }
  return client
}

const grant = (world: World, mailbox: string, scopes?: ReadonlyArray<string>) => {
  const known = world.mailboxes[mailbox]
  const given = known === undefined ? null : credentialsFor(world, known, defaultApp.clientId, monday, scopes)
  if (given === null) throw new Error("no such mailbox")
  return { world: given.world, ...given.credentials }
}

/** An access token for somebody, with scopes of choice. */
export const tokenFor = (client: Client, mailbox: string, scopes?: ReadonlyArray<string>): string => {
  const given = grant(client.world, mailbox, scopes)
  client.world = given.world
  return given.accessToken
}

export const valuesOf = (body: Json): ReadonlyArray<Json> => body["value"] as ReadonlyArray<Json>

export const text = (json: Json | undefined, name: string): string => String(json?.[name])

/** The span most tests look at: two weeks from Monday. */
export const window = "startDateTime=2026-11-23T00:00:00Z&endDateTime=2026-12-07T00:00:00Z"

export const errorCode = (reply: Reply): string => {
  const body = reply.body as { readonly error?: { readonly code?: string } | string } | null
  return typeof body?.error === "string" ? body.error : (body?.error?.code ?? "")
}

export const errorMessage = (reply: Reply): string => {
  const body = reply.body as {
    readonly error?: { readonly message?: string }
    readonly error_description?: string
  } | null
  return body?.error_description ?? body?.error?.message ?? ""
}

export interface Round {
  readonly pages: ReadonlyArray<ReadonlyArray<Json>>
  readonly items: ReadonlyArray<Json>
  readonly deltaLink: string
}

const pagesMax = 1_000

/** Follows next links to the delta link. `between` runs after each page that has a next one. */
export const round = (client: Client, link: string, prefer?: string, between: () => void = () => undefined): Round => {
  const pages: Array<ReadonlyArray<Json>> = []
  let next = link
  for (let count = 0; count < pagesMax; count++) {
    const body = client.get(next, prefer)
    pages.push(valuesOf(body))
    const deltaLink = body["@odata.deltaLink"]
    if (typeof deltaLink === "string") return { pages, items: pages.flat(), deltaLink }
    next = text(body, "@odata.nextLink")
    between()
  }
  throw new Error(`no delta link within ${pagesMax} pages`)
}

export const deltaOf = (calendar: string): string =>
  `/v1.0/me/calendars/${encodeURIComponent(calendar)}/calendarView/delta?${window}`
