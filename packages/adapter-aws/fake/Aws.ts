/**
 * The fake AWS: EventBridge Scheduler, SQS and SSM behind one address, as real services stand behind three.
 *
 * Decides which service a request is for, lets scripted faults meet it, and carries fires from the one service to the
 * other. What each service does is decided in its folder. DynamoDB is not here: there are engines for that.
 */
import { type Protocol, Refusal, type Reply, type Request, answer, page, refused } from "./service/Exchange.ts"
import { type Fault, makeFaults } from "./Fault.ts"
import { type Options, defaultOptions } from "./service/Options.ts"
import { type Parameters, makeParameters } from "./parameters/Parameters.ts"
import { type Queues, makeQueues } from "./queue/Queues.ts"
import { makeRate } from "./service/Rate.ts"
import { refusalOf } from "./service/Session.ts"
import { type Groups, makeGroups } from "./scheduler/Groups.ts"
import { type Services, call, operationOf } from "./scheduler/Routes.ts"
import { type Held, type Schedules, makeSchedules } from "./scheduler/Schedules.ts"
import type { Timer } from "./service/Timer.ts"

/** What was asked, in order. */
export interface Asked {
  readonly operation: string
  readonly request: Request
  readonly at: number
}

export interface Aws {
  readonly handle: (request: Request, closed: AbortSignal) => Promise<Reply>
  readonly now: () => number
  readonly schedules: () => ReadonlyArray<Held>
  readonly groups: Groups
  readonly queues: Queues
  readonly parameters: Pick<Parameters, "values" | "tamper">
  /** Deletes a schedule as somebody in the console would. */
  readonly removeSchedule: Schedules["remove"]
  readonly configure: (change: Partial<Options>) => void
  /** Schedules of these names are neither made, changed nor deleted from now on: a validation error each. */
  readonly refuse: (isRefused: (name: string) => boolean) => void
  readonly addFaults: (...faults: ReadonlyArray<Fault>) => void
  readonly clearFaults: () => void
  /** The requests so far; the newest are kept. */
  readonly asked: () => ReadonlyArray<Asked>
  /** What became of fires: how late each came into its queue. */
  readonly fired: () => ReadonlyArray<{ readonly name: string; readonly at: number }>
}

const askedKept = 20_000

export interface AwsOptions {
  readonly timer: Timer
  readonly options?: Partial<Options>
  /** Queues to begin with, and where their dead letters go. */
  readonly queues?: Readonly<Record<string, string | null>>
  /** What queue addresses begin with. */
  readonly origin: () => string
}

export const makeAws = ({ options: given = {}, origin, queues: names = {}, timer }: AwsOptions): Aws => {
  let options: Options = { ...defaultOptions, ...given }
  const current = (): Options => options
  let isRefused: (name: string) => boolean = () => false
  const faults = makeFaults()
  const rate = makeRate(timer)
  const groups = makeGroups(timer, current)
  const queues = makeQueues(timer, current, origin)
  const parameters = makeParameters(timer, current, rate)
  const fired: Array<{ readonly name: string; readonly at: number }> = []
  const schedules = makeSchedules({ timer, options: current, demandGroup: groups.demand, onDue: fire })
  for (const [name, deadLetters] of Object.entries(names)) queues.add(name, deadLetters ?? undefined)
  const asked: Array<Asked> = []

  function fire(schedule: Held): void {
    const { Arn, DeadLetterConfig, Input = "{}" } = schedule.Target
    for (let count = 0; count < current().deliveries(schedule.Name); count++) {
      fired.push({ name: schedule.Name, at: timer.now() })
      // Where the queue is gone, retrying helps no one: the dead letters get it.
      if (!queues.deliver(Arn, Input)) queues.deliver(DeadLetterConfig?.Arn ?? "", Input)
    }
  }

  const meet = async (named: Named, request: Request, closed: AbortSignal): Promise<Reply> => {
    asked.push({ operation: named.operation, request, at: timer.now() })
    if (asked.length > askedKept) asked.shift()
    const { latencyMillis } = current()
    if (latencyMillis > 0) await new Promise<void>((resolve) => timer.at(timer.now() + latencyMillis, resolve))
    const fault = faults.meet(named.operation)
    if (fault?.kind === "reset" || fault?.kind === "silence") return { kind: fault.kind }
    if (fault?.kind === "page") return page
    if (fault?.kind === "error") return refused(named.protocol, new Refusal(fault.name, fault.status, "asked for"))
    try {
      if (fault?.kind === "entry")
        return answer(named.protocol, await withoutFirst(fault.name, request, queues, named, closed))
      const done = answer(named.protocol, await named.run(closed))
      return fault === null ? done : { kind: "reset" }
    } catch (error) {
      if (error instanceof Refusal) return refused(named.protocol, error)
      throw error
    }
  }

  const services = { schedules, groups, rate, options: current, isRefused: (name: string) => isRefused(name) }
  return {
    handle: async (request, closed) => {
      const named = nameOf(request, { services, queues, parameters })
      if (named === null)
        return refused("rest-json", new Refusal("UnknownOperationException", 404, `${request.method} ${request.path}`))
      const stranger = refusalOf(request.headers)
      return stranger === null ? meet(named, request, closed) : refused(named.protocol, stranger)
    },
    now: timer.now,
    schedules: schedules.all,
    groups,
    queues,
    parameters,
    removeSchedule: schedules.remove,
    configure: (change) => void (options = { ...options, ...change }),
    refuse: (next) => void (isRefused = next),
    addFaults: faults.add,
    clearFaults: faults.clear,
    asked: () => asked,
    fired: () => fired
  }
}

/** A batch of SQS whose first entry fails for no fault of the sender's. */
const withoutFirst = async (
  Code: string,
  request: Request,
  queues: Queues,
  { operation }: Named,
  closed: AbortSignal
): Promise<unknown> => {
  const { Entries, ...rest } = inputOf(request)
  const [first, ...others] = Entries as ReadonlyArray<{ readonly Id: string }> // what only batches are asked for
  const done = others.length === 0 ? {} : await queues.call(operation, { ...rest, Entries: others }, closed)
  return { Successful: [], ...(done as object), Failed: [{ Id: first?.Id, SenderFault: false, Code }] }
}

interface Named {
  readonly operation: string
  readonly protocol: Protocol
  readonly run: (closed: AbortSignal) => unknown
}

/** Who is not signed in gets no answer: a client without credentials is a mistake. */
const nameOf = (
  request: Request,
  around: {
    readonly services: Services
    readonly queues: Queues
    readonly parameters: Parameters
  }
): Named | null => {
  const { parameters, queues, services } = around
  const [service, operation = ""] = (request.headers["x-amz-target"] ?? "").split(".")
  const signed = /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/[\w-]+\/(\w+)\/aws4_request/.exec(
    request.headers["authorization"] ?? ""
  )?.[1]
  if (service === "AmazonSQS" && signed === "sqs" && queues.knows(operation)) {
    return { operation, protocol: "json-1.0", run: (closed) => queues.call(operation, inputOf(request), closed) }
  }
  if (service === "AmazonSSM" && signed === "ssm" && parameters.knows(operation)) {
    return { operation, protocol: "json-1.1", run: () => parameters.call(operation, inputOf(request)) }
  }
  const found = signed === "scheduler" ? operationOf(request) : null
  if (found === null) return null
  return {
    operation: found.operation,
    protocol: "rest-json",
    run: () => call(services, found.operation, found.name, request)
  }
}

const inputOf = ({ body, method, path }: Request): Readonly<Record<string, unknown>> => {
  if (method !== "POST" || path !== "/") throw new Refusal("UnknownOperationException", 404, `${method} ${path}`)
  return JSON.parse(body) as Readonly<Record<string, unknown>>
}
