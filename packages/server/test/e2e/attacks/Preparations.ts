/**
 * What is made ready before attacks that are more than requests: a user with a long history who disconnects (V3), and eight
 * mailboxes whose provider takes requests and never answers (V4).
 * Decides nothing about the server, but that it gets over each: nothing of the history is left, and whoever's mailbox
 * answers again is up to date.
 */
import { assert } from "@effect/vitest"
import { Client } from "pg"
import { type Deployment, connectUser, demand, meetingAt, until } from "../Deployment.ts"

export interface Preparation {
  /** Of the users who attack. */
  readonly keys: ReadonlyArray<string>
  /** When the attack begins. */
  readonly begin: () => void
  /** When it is over: resolves once the server has got over it. */
  readonly end: () => Promise<void>
}

const calendar = "/api/v1/calendar"
const hour = 3_600_000
const historyEvents = 120_000
const mailboxCount = 8
const editMillis = 500
/** On a busy machine too. */
const overMillisMax = 600_000

/** The event of that subject, synced. */
const readEvent = async (deployment: Deployment, key: string, subject: string): Promise<void> => {
  await until(`the event "${subject}"`, overMillisMax, async () => {
    const path = `${deployment.url}${calendar}/events?sync=true&limit=100`
    const { results } = await demand("GET", path, { key })
    return results.some((event: { readonly subject: string }) => event.subject === subject) ? true : null
  })
}

export const longHistory = async (deployment: Deployment, label: string): Promise<Preparation> => {
  const mail = `${label.replaceAll(" ", "-").toLowerCase()}@contoso.example`
  const { key, userId } = await connectUser(deployment, mail)
  deployment.simulator.edit(meetingAt(mail, label, Date.now() + 3 * hour))
  await readEvent(deployment, key, label)
  const client = new Client({ connectionString: deployment.databaseUrl ?? "" })
  await client.connect()
  await multiply(client, userId)
  const left = async (): Promise<number> => {
    const { rows } = await client.query("select count(*)::int as count from punctual.events where user_id = $1", [
      userId
    ])
    return (rows[0] as { readonly count: number }).count
  }
  assert.strictEqual(await left(), historyEvents)
  return {
    keys: [key],
    begin: () => {},
    end: async () => {
      const began = Date.now()
      const seen = await left()
      await until("nothing to be left of the history", overMillisMax, async () => ((await left()) === 0 ? true : null))
      process.stdout.write(
        `${label}: ${seen} of ${historyEvents} left when it ended, none ${Date.now() - began} ms later\n`
      )
      await client.end()
    }
  }
}

/** A user's one event, so many times, an hour after the other until now. */
const multiply = async (client: Client, userId: string): Promise<void> => {
  const { rows } = await client.query(
    `select column_name as name from information_schema.columns
     where table_schema = 'punctual' and table_name = 'events' and is_generated = 'NEVER'`
  )
  const own: Readonly<Record<string, string>> = {
    id: "id || '-' || n",
    provider_id: "provider_id || '-' || n",
    meeting: "meeting || '-' || n",
    family: "family || '-' || n",
    start_at: `start_at - n::bigint * ${hour}`,
    end_at: `end_at - n::bigint * ${hour}`
  }
  const columns = rows.map(({ name }: { readonly name: string }) => name)
  await client.query(
    `insert into punctual.events (${columns.join(", ")})
     select ${columns.map((name) => own[name] ?? name).join(", ")}
     from (select * from punctual.events where user_id = $1 limit 1) as one, generate_series(1, $2::int - 1) as n`,
    [userId, historyEvents]
  )
  await client.query("analyze punctual.events")
}

export const hangingMailboxes = async (deployment: Deployment): Promise<Preparation> => {
  const { simulator } = deployment
  const users = await Promise.all(
    Array.from({ length: mailboxCount }, async (_, at) => {
      const { key, mailbox } = await connectUser(deployment, `hanging-${at}@contoso.example`)
      const { eventId: event = "" } = simulator.edit(meetingAt(mailbox, "Edit 0", Date.now() + 24 * hour))
      await readEvent(deployment, key, "Edit 0")
      return { key, mailbox, event }
    })
  )
  let edits = 0
  let editing: NodeJS.Timeout | undefined
  const editAll = (): void => {
    edits += 1
    const details = { subject: `Edit ${edits}` }
    for (const { event, mailbox } of users) simulator.edit({ type: "changeEvent", mailbox, event, details })
  }
  return {
    keys: users.map(({ key }) => key),
    begin: () => {
      simulator.addFaults(...users.map(({ mailbox }) => ({ mailbox, answer: { type: "hang" } }) as const))
      editAll()
      // Their notifications come, and what they tell of can't be read.
      editing = setInterval(editAll, editMillis)
    },
    end: async () => {
      clearInterval(editing)
      simulator.clearFaults()
      await Promise.all(users.map(({ key }) => readEvent(deployment, key, `Edit ${edits}`)))
    }
  }
}
