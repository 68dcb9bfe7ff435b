/**
 * One person with a calendar at Google, connected, and the words to tell a story in: what a test of the whole stack begins
 * with. Decides nothing; time is the loop's.
 */
import { Layer, Redacted } from "effect"
import { HttpClient } from "effect/http"
import type { CalendarEvent, Credentials, Policy, UserId } from "@punctual/core"
import type { Options } from "@punctual/adapter-google/simulator"
import { type Company, openCompany } from "../../../core/test/provider/Company.ts"
import { type Loop, makeLoop } from "../../../core/test/provider/Loop.ts"
import { type Limits, askedScopes, layerNoDeps } from "../../src/index.ts"
import { type Cloud, type CloudOptions, makeCloud } from "./Cloud.ts"

export const user = "usr_ada" as UserId
/** The primary calendar has its owner's address. */
export const ada = "ada@example.com"
export const client = { clientId: "client", clientSecret: "secret" }

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** A Tuesday at noon. */
export const start = Date.UTC(2026, 10, 24, 12)

export interface HomeOptions extends Omit<CloudOptions, "now" | "chance"> {
  readonly seed?: number
  readonly policy?: Partial<Policy>
  readonly limits?: Partial<Limits>
  /** Before the connection is made. */
  readonly prepare?: (cloud: Cloud) => void
  readonly options?: Partial<Options>
}

export interface Home {
  readonly loop: Loop
  readonly cloud: Cloud
  readonly company: Company
  /** Delivers what Google has to say and reads what is due. */
  readonly read: () => Promise<void>
  readonly rows: () => ReadonlyArray<CalendarEvent>
  readonly subjects: () => ReadonlyArray<string>
  /** Requests since the last call. */
  readonly asked: () => ReadonlyArray<string>
  /** What happens before each request is answered, from now on. */
  readonly whileAsked: (happens: (path: string) => void) => void
}

/** What somebody signed in with. */
export const signedIn = (
  cloud: Cloud,
  email: string,
  more: Partial<typeof client> = {}
): Redacted.Redacted<Credentials> => {
  const { clientId, clientSecret } = { ...client, ...more }
  const refreshToken = cloud.edit({ type: "grant", email, clientId, scopes: askedScopes })
  return Redacted.make({ clientId, clientSecret, refreshToken, obtainedAt: 0 })
}

export const openHome = async ({
  limits = {},
  policy = {},
  prepare = () => undefined,
  seed = 1,
  ...more
}: HomeOptions = {}): Promise<Home> => {
  const loop = makeLoop(seed, start)
  let happens: (path: string) => void = () => undefined
  const cloud = makeCloud({
    now: loop.now,
    chance: loop.chance,
    ...more,
    onRequest: (path) => {
      more.onRequest?.(path)
      happens(path)
    }
  })
  cloud.edit({ type: "addClient", ...client })
  cloud.edit({ type: "addPerson", email: ada })
  prepare(cloud)
  const company = await openCompany(loop, {
    provider: layerNoDeps({
      notificationUrl: "https://punctual.example/webhooks/google",
      // A night of a story takes no time here.
      limits: { burstMax: 100_000, ...limits }
    }).pipe(Layer.provide(Layer.succeed(HttpClient.HttpClient, cloud.http))),
    policy,
    deliveries: cloud.deliveries
  })
  await company.ask((punctual) => punctual.connect(user, signedIn(cloud, ada)))
  const rows = (): ReadonlyArray<CalendarEvent> => [...company.tenant(user).events.values()].map(({ row }) => row)
  let seen = 0
  return {
    loop,
    cloud,
    company,
    read: async () => {
      await company.receive()
      while ((await company.ask(({ syncNext }) => syncNext))._tag === "Some");
    },
    rows,
    subjects: () => rows().flatMap(({ isDeleted, subject }) => (isDeleted ? [] : [subject])),
    asked: () => {
      const all = cloud.asked()
      const fresh = all.slice(seen)
      seen = all.length
      return fresh
    },
    whileAsked: (next) => {
      happens = next
    }
  }
}

export const times = (begins: number, minutes = 30) => ({
  start: { dateTime: new Date(begins).toISOString(), timeZone: "UTC" },
  end: { dateTime: new Date(begins + minutes * minute).toISOString(), timeZone: "UTC" }
})

export const link = (number: number): string => `https://zoom.us/j/${81_234_567_000 + number}?pwd=abc`

/** Half an hour, so many hours from the beginning of the story. */
export const meeting = (summary: string, hours: number, more: object = {}) => ({
  type: "createEvent" as const,
  calendar: ada,
  members: { summary, location: link(1), ...times(start + hours * hour), ...more }
})
