/**
 * `/_sim`: everything the in-process handle can do, for other processes and other languages.
 *
 * Decides the paths and shapes of the control interface; unknown members and wrong values are refused with a sentence.
 * It is no part of Graph, and it is not protected: the simulator listens on loopback.
 */
import { Result, Schema } from "effect"
import { AppSpec, GrantSpec, MailboxSpec, appAdded, credentialsFor, mailboxAdded } from "./world/Accounts.ts"
import { Edit, EditRefused, type Edited } from "./edits/Edit.ts"
import { applyEdit } from "./edits/Editing.ts"
import type { Reply } from "./wire/Exchange.ts"
import { Fault } from "./world/Fault.ts"
import { defaultApp } from "./world/Grant.ts"
import { LifecycleWish, lifecycleSent } from "./notifications/Lifecycle.ts"
import type { Machine } from "./Machine.ts"
import { OptionsChange, changeOptions } from "./world/Options.ts"
import { isScenario, scenarios } from "./Scenario.ts"
import { noTraffic } from "./Traffic.ts"
import { type World, findMailbox } from "./world/World.ts"

export const control = async (machine: Machine, method: string, url: string, body: string): Promise<Reply> => {
  const path = url.split("?")[0] ?? ""
  const route = routes[`${method} ${path}`]
  if (route === undefined) return answer(404, { error: `no ${method} ${path}`, routes: Object.keys(routes) })
  const value = parsed(body)
  if (value === invalid) return answer(400, { error: "the body is not JSON" })
  try {
    return await route(machine, value)
  } catch (error) {
    // Both are mistakes of the caller: an edit that names nothing, a body of the wrong shape.
    if (error instanceof EditRefused || error instanceof WrongShape) return answer(400, { error: error.message })
    throw error
  }
}

type Route = (machine: Machine, body: unknown) => Reply | Promise<Reply>

const Clock = Schema.Struct({ advanceMillis: Schema.Number })
const ScenarioIntent = Schema.Struct({ name: Schema.String })

const routes: Readonly<Record<string, Route>> = {
  "GET /_sim": () => answer(200, { routes: Object.keys(routes) }),
  "GET /_sim/state": (machine) => answer(200, machine.world()),
  "GET /_sim/mailboxes": (machine) => answer(200, Object.values(machine.world().mailboxes).map(summary)),
  "POST /_sim/mailboxes": (machine, body) => {
    const added = mailboxAdded(machine.world(), decoded(MailboxSpec, body))
    const given = credentialsFor(added.world, added.mailbox, defaultApp.clientId, machine.now())
    machine.update(() => given?.world ?? added.world)
    return answer(201, { ...summary(added.mailbox), credentials: given?.credentials ?? null })
  },
  "POST /_sim/apps": (machine, body) => {
    const spec = decoded(AppSpec, body)
    machine.update((world) => appAdded(world, spec))
    return answer(201, machine.world().apps[spec.clientId ?? Object.keys(machine.world().apps).at(-1) ?? ""])
  },
  "POST /_sim/grants": (machine, body) => {
    const spec = decoded(GrantSpec, body)
    const mailbox = findMailbox(machine.world(), spec.mailbox)
    const clientId = spec.clientId ?? defaultApp.clientId
    const given =
      mailbox === null ? null : credentialsFor(machine.world(), mailbox, clientId, machine.now(), spec.scopes)
    if (given === null) return answer(400, { error: `no mailbox "${spec.mailbox}" or no app "${clientId}"` })
    machine.update(() => given.world)
    return answer(201, given.credentials)
  },
  "POST /_sim/edits": (machine, body) => {
    const edits = listOf(body).map((each) => decoded(Edit, each))
    const results: Array<Edited> = []
    const after = edits.reduce<World>((world, edit) => {
      const done = applyEdit(world, edit, machine.now())
      results.push(done.edited)
      return done.world
    }, machine.world())
    machine.update(() => after)
    return answer(200, Array.isArray(body) ? results : results[0])
  },
  "GET /_sim/faults": (machine) => answer(200, machine.world().faults),
  "POST /_sim/faults": (machine, body) => {
    const faults = listOf(body).map((each) => decoded(Fault, each))
    machine.update((world) => ({ ...world, faults: [...world.faults, ...faults] }))
    return answer(201, machine.world().faults)
  },
  "DELETE /_sim/faults": (machine) => {
    machine.update((world) => ({ ...world, faults: [] }))
    return answer(200, [])
  },
  "GET /_sim/options": (machine) => answer(200, machine.world().options),
  "PATCH /_sim/options": (machine, body) => {
    const change = decoded(OptionsChange, body)
    machine.update((world) => ({ ...world, options: changeOptions(world.options, change) }))
    return answer(200, machine.world().options)
  },
  "POST /_sim/lifecycle": (machine, body) => {
    const sent = lifecycleSent(machine.world(), decoded(LifecycleWish, body), machine.now())
    machine.update(() => sent.world)
    return answer(200, { subscriptions: sent.count })
  },
  "GET /_sim/clock": (machine) => answer(200, { now: new Date(machine.now()).toISOString() }),
  "POST /_sim/clock": async (machine, body) => {
    machine.advance(decoded(Clock, body).advanceMillis)
    await machine.delivered()
    return answer(200, { now: new Date(machine.now()).toISOString() })
  },
  "POST /_sim/deliver": async (machine) => {
    await machine.delivered()
    return answer(200, { waiting: machine.world().outbox.length })
  },
  "GET /_sim/subscriptions": (machine) => answer(200, Object.values(machine.world().subscriptions)),
  "GET /_sim/outbox": (machine) => answer(200, machine.world().outbox),
  "GET /_sim/log": (machine) => answer(200, machine.traffic()),
  "DELETE /_sim/log": (machine) => {
    machine.note(() => noTraffic)
    return answer(200, noTraffic)
  },
  "POST /_sim/scenario": (machine, body) => {
    const { name } = decoded(ScenarioIntent, body)
    if (!isScenario(name)) return answer(400, { error: `no scenario "${name}"`, scenarios: Object.keys(scenarios) })
    machine.update((world, now) => scenarios[name](world, now))
    return answer(200, Object.values(machine.world().mailboxes).map(summary))
  }
}

class WrongShape extends Error {}

const decoded = <A>(schema: Schema.Codec<A, unknown>, value: unknown): A => {
  const result = Schema.decodeUnknownResult(schema, { onExcessProperty: "error" })(value)
  if (Result.isFailure(result)) throw new WrongShape(String(result.failure))
  return result.success
}

const summary = (mailbox: World["mailboxes"][string]) => ({
  id: mailbox.id,
  displayName: mailbox.displayName,
  userPrincipalName: mailbox.userPrincipalName,
  mail: mailbox.mail,
  account: mailbox.account,
  tenantId: mailbox.tenantId
})

const answer = (status: number, body: unknown): Reply => ({
  status,
  headers: { "content-type": "application/json" },
  body
})

const listOf = (body: unknown): ReadonlyArray<unknown> =>
  Array.isArray(body) ? (body as ReadonlyArray<unknown>) : [body]

const invalid = Symbol("invalid")

const parsed = (text: string): unknown => {
  if (text.trim() === "") return {}
  try {
    return JSON.parse(text)
  } catch {
    return invalid
  }
}
