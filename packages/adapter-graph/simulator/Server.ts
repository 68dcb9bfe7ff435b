/**
 * The simulated Microsoft 365 on a socket: what any Graph client talks to.
 *
 * Turns HTTP into requests for the rules and replies into HTTP, counts what runs at once per app and mailbox, and
 * spoils the road where a fault says so. What is answered is decided in Rules.ts; `/_sim` is Control.ts.
 */
import { type IncomingMessage, type ServerResponse, createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { type Credentials, type MailboxSpec, credentialsFor, mailboxAdded } from "./world/Accounts.ts"
import { control } from "./Control.ts"
import type { Edit, Edited } from "./edits/Edit.ts"
import { applyEdit } from "./edits/Editing.ts"
import type { Reply, Request } from "./wire/Exchange.ts"
import type { Fault } from "./world/Fault.ts"
import { defaultApp, withApp } from "./world/Grant.ts"
import { type LifecycleWish, lifecycleSent } from "./notifications/Lifecycle.ts"
import { type Machine, makeMachine } from "./Machine.ts"
import { type OptionsChange, changeOptions } from "./world/Options.ts"
import { callerOf, step } from "./rules/Rules.ts"
import { type Traffic, heldBy, isHeld, trafficKey, visited } from "./Traffic.ts"
import { type World, emptyWorld, findMailbox } from "./world/World.ts"

export interface SimulatorOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number
  /** Loopback by default; nothing here is meant for a network. */
  readonly host?: string
  /** Of everything that happens by chance. */
  readonly seed?: number
  /** Milliseconds since 1970; the machine's clock by default. `advance` adds to it. */
  readonly now?: () => number
  readonly options?: OptionsChange
  /**
   * What next and delta links begin with, for clients that reach the simulator by another name, such as
   * `https://graph.microsoft.com` through a transport of their own. Absent: the address they came by.
   */
  readonly graphOrigin?: string
  readonly mailboxes?: ReadonlyArray<MailboxSpec>
  /** A world to begin with instead of an empty one. */
  readonly world?: World
}

/** A running simulator. Everything it does can be done over `/_sim` as well. */
export interface Simulator {
  /** `http://127.0.0.1:PORT`: base of both Graph (`/v1.0`) and login (`/{tenant}/oauth2/v2.0`). */
  readonly url: string
  readonly world: () => World
  readonly now: () => number
  /** A new person, with credentials as if they had consented already. */
  readonly addMailbox: (spec: MailboxSpec) => Credentials
  /** More credentials for a person, by any of their names. Throws for an unknown person or app. */
  readonly grant: (mailbox: string, scopes?: ReadonlyArray<string>, clientId?: string) => Credentials
  /** Carries out an edit and sets its notifications going. Throws EditRefused. */
  readonly edit: (edit: Edit) => Edited
  readonly configure: (change: OptionsChange) => void
  /** Adds faults behind those already there. */
  readonly addFaults: (...faults: ReadonlyArray<Fault>) => void
  readonly clearFaults: () => void
  /** Sends a lifecycle notification to the subscriptions meant; answers how many those are. */
  readonly lifecycle: (intent: LifecycleWish) => number
  /** Moves the simulator's clock on and delivers what became due. */
  readonly advance: (millis: number) => Promise<void>
  /** Resolves when every notification that is due has been answered or has failed. */
  readonly delivered: () => Promise<void>
  readonly traffic: () => Traffic
  readonly close: () => Promise<void>
}

export const startSimulator = async (options: SimulatorOptions = {}): Promise<Simulator> => {
  const base = options.world ?? withApp(emptyWorld(options.seed ?? 1), defaultApp)
  const configured = { ...base, options: changeOptions(base.options, options.options ?? {}) }
  const peopled = (options.mailboxes ?? []).reduce((world, spec) => mailboxAdded(world, spec).world, configured)
  const machine = makeMachine(peopled, options.now ?? Date.now)
  const inFlight = new Map<string, number>()
  const server = createServer((incoming, outgoing) => {
    serve({ machine, inFlight, graphOrigin: options.graphOrigin ?? null }, incoming, outgoing).catch(() =>
      outgoing.destroy()
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(options.port ?? 0, options.host ?? "127.0.0.1", resolve)
  })
  const { port } = server.address() as AddressInfo // listening on TCP, so the address is one
  return {
    url: `http://${options.host ?? "127.0.0.1"}:${port}`,
    ...handle(machine),
    close: () =>
      new Promise((resolve) => {
        machine.stop()
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}

const handle = (machine: Machine): Omit<Simulator, "url" | "close"> => {
  const grant = (name: string, scopes?: ReadonlyArray<string>, clientId: string = defaultApp.clientId): Credentials => {
    const mailbox = findMailbox(machine.world(), name)
    const given = mailbox === null ? null : credentialsFor(machine.world(), mailbox, clientId, machine.now(), scopes)
    if (given === null) throw new Error(`no mailbox "${name}" or no app "${clientId}"`)
    machine.update(() => given.world)
    return given.credentials
  }
  return {
    world: machine.world,
    now: machine.now,
    addMailbox: (spec) => {
      const added = mailboxAdded(machine.world(), spec)
      machine.update(() => added.world)
      return grant(added.mailbox.id)
    },
    grant,
    edit: (edit) => {
      const done = applyEdit(machine.world(), edit, machine.now())
      machine.update(() => done.world)
      return done.edited
    },
    configure: (change) => machine.update((world) => ({ ...world, options: changeOptions(world.options, change) })),
    addFaults: (...faults) => machine.update((world) => ({ ...world, faults: [...world.faults, ...faults] })),
    clearFaults: () => machine.update((world) => ({ ...world, faults: [] })),
    lifecycle: (intent) => {
      const sent = lifecycleSent(machine.world(), intent, machine.now())
      machine.update(() => sent.world)
      return sent.count
    },
    advance: async (millis) => {
      machine.advance(millis)
      await machine.delivered()
    },
    delivered: machine.delivered,
    traffic: machine.traffic
  }
}

// Nobody sends a simulator more than this.
const bodyBytesMax = 4 * 1024 * 1024

interface Serving {
  readonly machine: Machine
  /** Requests being served, by app and mailbox. */
  readonly inFlight: Map<string, number>
  readonly graphOrigin: string | null
}

const serve = async (
  { machine, inFlight, graphOrigin }: Serving,
  incoming: IncomingMessage,
  outgoing: ServerResponse
): Promise<void> => {
  const url = incoming.url ?? "/"
  const headers = headersOf(incoming)
  if (url.startsWith("/_sim")) {
    const reply = await control(machine, incoming.method ?? "GET", url, await bodyOf(incoming))
    return send(outgoing, reply)
  }
  // Counted from the headers on, so that slow bodies count too.
  const caller = callerOf(machine.world(), { headers })
  const key = caller === null ? null : trafficKey(caller)
  const at = machine.now()
  const isEarly = isHeld(machine.traffic(), key, at)
  const count = key === null ? 1 : (inFlight.get(key) ?? 0) + 1
  if (key !== null) inFlight.set(key, count)
  try {
    const [path = "", query = ""] = splitOnce(url, "?")
    const request: Request = {
      method: (incoming.method ?? "GET").toUpperCase(),
      origin: (path.startsWith("/v1.0/") ? graphOrigin : null) ?? `http://${headers["host"] ?? "127.0.0.1"}`,
      path,
      query,
      headers,
      body: await bodyOf(incoming),
      inFlight: count
    }
    const reply = await machine.finish(step(machine.world(), request, machine.now()))
    const visit = {
      at,
      method: request.method,
      path,
      query,
      mailbox: caller?.mailbox ?? null,
      status: reply.status,
      inFlight: count,
      isEarly
    }
    machine.note((traffic) => heldBy(visited(traffic, visit), key, reply.headers["retry-after"], machine.now()))
    await wait(machine.world().options.latencyMillis)
    await send(outgoing, reply)
  } finally {
    if (key !== null) inFlight.set(key, (inFlight.get(key) ?? 1) - 1)
  }
}

const send = async (outgoing: ServerResponse, reply: Reply): Promise<void> => {
  const { transport } = reply
  if (transport?.type === "reset") return void outgoing.destroy()
  if (transport?.type === "hang") return
  if (transport?.type === "delay") await wait(transport.millis)
  const text = reply.body === null ? "" : typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body)
  const cut = transport?.type === "truncated" ? text.slice(0, Math.floor(text.length / 2)) : text
  const type = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
  outgoing.writeHead(reply.status, { ...(reply.body === null ? {} : { "content-type": type }), ...reply.headers })
  if (transport?.type === "slowBody") {
    const parts = 10
    for (let part = 0; part < parts; part++) {
      outgoing.write(cut.slice(Math.floor((cut.length * part) / parts), Math.floor((cut.length * (part + 1)) / parts)))
      await wait(transport.millis / parts)
    }
    outgoing.end()
    return
  }
  outgoing.end(cut)
}

const bodyOf = async (incoming: IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > bodyBytesMax) throw new Error("request body too large")
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString("utf8")
}

const headersOf = (incoming: IncomingMessage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? "")
    ])
  )

const splitOnce = (text: string, mark: string): ReadonlyArray<string> => {
  const at = text.indexOf(mark)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

const wait = (millis: number): Promise<void> =>
  millis <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, millis))
