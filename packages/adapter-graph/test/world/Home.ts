/**
 * One person with a calendar, connected, and the words to tell a story in: what a test of the whole stack begins with.
 * Decides nothing; time is the loop's.
 */
import { Redacted } from "effect"
import type { Bot, CalendarEvent, Notification, UserId } from "@punctual/core"
import type {
  Credentials,
  Edit,
  MailboxSpec,
  OptionsChange,
  Subscription,
  ValidationResult
} from "@punctual/adapter-graph/simulator"
import { type Cloud, makeCloud } from "./Cloud.ts"
import { type Company, pasted } from "../../../core/test/provider/Company.ts"
import { type CompanyOptions, openCompany } from "./Company.ts"
import { adele, start } from "./History.ts"
import { type Loop, makeLoop } from "../../../core/test/provider/Loop.ts"

export const user = "usr_adele" as UserId

export const second = 1_000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

export const addresses = {
  notificationUrl: "https://punctual.example/webhooks/microsoft",
  lifecycleUrl: "https://punctual.example/webhooks/microsoft/lifecycle"
}

export interface Home {
  readonly loop: Loop
  readonly cloud: Cloud
  readonly company: Company
  readonly given: Credentials
  readonly edit: (edit: EditOfAdele) => string
  /** Delivers what Graph has to say and reads what is due. */
  readonly read: () => Promise<void>
  readonly rows: () => ReadonlyArray<CalendarEvent>
  readonly row: (subject: string) => CalendarEvent
  readonly bots: () => ReadonlyArray<Bot>
  readonly subscriptions: () => ReadonlyArray<Subscription>
  /** Tells the process of it, as its webhook does. */
  readonly notify: (...notifications: ReadonlyArray<Notification>) => Promise<void>
  /** Requests answered since the last call, as `METHOD status path`. */
  readonly asked: () => ReadonlyArray<string>
}

type Optional<A> = A extends { readonly mailbox: string } ? Omit<A, "mailbox"> : never
type EditOfAdele = Optional<Edit>

export interface HomeOptions extends CompanyOptions {
  readonly mailbox?: Omit<MailboxSpec, "userPrincipalName">
  readonly cloud?: OptionsChange
  /** What this server's address answers to a validation. */
  readonly validation?: () => ValidationResult
  /** Before the connection is made. */
  readonly prepare?: (cloud: Cloud) => void
}

export const openHome = async (options: HomeOptions = {}): Promise<Home> => {
  const loop = makeLoop(1, start)
  const cloud = makeCloud({
    seed: 1,
    now: loop.now,
    ...(options.cloud === undefined ? {} : { options: options.cloud }),
    ...(options.validation === undefined ? {} : { validation: options.validation })
  })
  const given = cloud.addMailbox({ userPrincipalName: adele, ...options.mailbox })
  options.prepare?.(cloud)
  const company = await openCompany(loop, cloud, { graph: addresses, ...options })
  await company.ask((punctual) => punctual.connect(user, pasted(given)))
  const rows = (): ReadonlyArray<CalendarEvent> => [...company.tenant(user).events.values()].map(({ row }) => row)
  let seen = 0
  const home: Home = {
    loop,
    cloud,
    company,
    given,
    edit: (edit) => {
      const { calendarId, immutableId } = cloud.edit({ ...edit, mailbox: adele } as Edit) // whose it is was left out
      return immutableId ?? calendarId ?? ""
    },
    read: async () => {
      await company.receive()
      while ((await company.ask((punctual) => punctual.syncNext))._tag === "Some");
    },
    rows,
    row: (subject) => {
      const found = rows().find((row) => row.subject === subject)
      if (found === undefined)
        throw new Error(
          `no row "${subject}" among ${rows()
            .map((row) => row.subject)
            .join(", ")}`
        )
      return found
    },
    bots: () => [...company.tenant(user).bots.values()],
    subscriptions: () => Object.values(cloud.world().subscriptions),
    notify: async (...notifications) => void (await company.ask((punctual) => punctual.receive(notifications))),
    asked: () => {
      const { recent } = cloud.traffic()
      const fresh = recent.slice(seen)
      seen = recent.length
      return fresh.map(({ method, path, status }) => `${method} ${status} ${path}`)
    }
  }
  await home.read()
  home.asked()
  return home
}

/** What Graph would post of a subscription, were it to. */
export const noticeOf = (subscription: Subscription, kind: Notification["kind"] = "change"): Notification => ({
  subscriptionId: subscription.id,
  clientState: Redacted.make(subscription.clientState ?? ""),
  kind
})

/** So many hours from the beginning of the story. */
export const at = (hours: number): string => new Date(start + hours * hour).toISOString()

export const zoom = (number: number): string => `https://zoom.us/j/${81_234_567_000 + number}?pwd=abc`

export const meeting = (subject: string, hours: number, link: string | null = zoom(1)) => ({
  type: "createEvent" as const,
  start: at(hours),
  end: at(hours + 0.5),
  details: {
    subject,
    ...(link === null ? {} : { link }),
    organizer: { name: "Olga", address: "olga@fabrikam.example" }
  }
})
