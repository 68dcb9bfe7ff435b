/**
 * Simple Queue Service, as far as a consumer and EventBridge Scheduler meet it: standard queues, at least once.
 *
 * Decides which message is visible to whom and when, and what goes to the dead letters. Order is that of arrival, which
 * AWS promises no one.
 */
import { createHash, randomUUID } from "node:crypto"
import { Refusal } from "../service/Exchange.ts"
import { demand, integer, list, optional, required, structure, text } from "../service/Model.ts"
import type { Options } from "../service/Options.ts"
import type { Timer } from "../service/Timer.ts"

export interface Queues {
  readonly add: (name: string, deadLetters?: string) => void
  readonly urlOf: (name: string) => string
  readonly arnOf: (name: string) => string
  /** From another service; false: there is no such queue. */
  readonly deliver: (arn: string, body: string) => boolean
  /** Everything in it, also what is out of sight. */
  readonly bodies: (name: string) => ReadonlyArray<string>
  /** An operation of the API. `closed` tells that nobody waits for the answer any more. */
  readonly call: (operation: string, input: Input, closed: AbortSignal) => Promise<unknown>
  readonly knows: (operation: string) => boolean
}

export type Input = Readonly<Record<string, unknown>>

interface Message {
  readonly id: string
  readonly body: string
  visibleAt: number
  receives: number
  receipt: string | null
}

interface Queue {
  readonly name: string
  readonly deadLetters: string | null
  messages: Array<Message>
  readonly waiting: Set<() => void>
}

/** 256 KiB. */
const bodyBytesMax = 262_144
const receiveMax = 10
const batchMax = 10
const entryId = text(1, 80, /^[\w-]+$/)

const operations = {
  SendMessage: structure({
    QueueUrl: required(text(1, 2_048)),
    MessageBody: required(text(1, bodyBytesMax)),
    DelaySeconds: optional(integer(0, 900))
  }),
  ReceiveMessage: structure({
    QueueUrl: required(text(1, 2_048)),
    MaxNumberOfMessages: optional(integer(1, receiveMax)),
    VisibilityTimeout: optional(integer(0, 43_200)),
    WaitTimeSeconds: optional(integer(0, 20)),
    MessageSystemAttributeNames: optional(list(text(1, 64), 0, 10))
  }),
  DeleteMessageBatch: structure({
    QueueUrl: required(text(1, 2_048)),
    Entries: required(list(structure({ Id: required(entryId), ReceiptHandle: required(text(1, 2_048)) }), 1, batchMax))
  }),
  ChangeMessageVisibilityBatch: structure({
    QueueUrl: required(text(1, 2_048)),
    Entries: required(
      list(
        structure({
          Id: required(entryId),
          ReceiptHandle: required(text(1, 2_048)),
          VisibilityTimeout: required(integer(0, 43_200))
        }),
        1,
        batchMax
      )
    )
  })
} as const

const visibilitySecondsUsual = 30

export const makeQueues = (timer: Timer, options: () => Options, origin: () => string): Queues => {
  const queues = new Map<string, Queue>()
  const arnOf = (name: string): string => `arn:aws:sqs:${options().region}:${options().accountId}:${name}`
  const urlOf = (name: string): string => `${origin()}/${options().accountId}/${name}`
  const byUrl = (url: unknown): Queue =>
    queues.get(String(url).split("/").at(-1) ?? "") ??
    refuse("QueueDoesNotExist", "The specified queue does not exist.")

  const wake = (queue: Queue): void => [...queue.waiting].forEach((each) => each())
  const enqueue = (queue: Queue, body: string, visibleAt: number): Message => {
    const message: Message = { id: randomUUID(), body, visibleAt, receives: 0, receipt: null }
    queue.messages.push(message)
    if (visibleAt <= timer.now()) wake(queue)
    else timer.at(visibleAt, () => wake(queue))
    return message
  }
  const take = (queue: Queue, count: number, seconds: number): ReadonlyArray<Message> => {
    const dead = queue.messages.filter(
      ({ receives, visibleAt }) => visibleAt <= timer.now() && receives >= options().receivesMax
    )
    queue.messages = queue.messages.filter((message) => !dead.includes(message))
    const grave = queues.get(queue.deadLetters ?? "")
    for (const { body } of dead) if (grave !== undefined) enqueue(grave, body, timer.now())
    const taken = queue.messages.filter(({ visibleAt }) => visibleAt <= timer.now()).slice(0, count)
    for (const message of taken) {
      message.receipt = randomUUID()
      message.receives += 1
      hide(queue, message, seconds)
    }
    return taken
  }
  const hide = (queue: Queue, message: Message, seconds: number): void => {
    message.visibleAt = timer.now() + seconds * 1_000
    if (seconds === 0) wake(queue)
    else timer.at(message.visibleAt, () => wake(queue))
  }
  const held = (queue: Queue, receipt: unknown): Message | undefined =>
    queue.messages.find((message) => message.receipt !== null && message.receipt === receipt)

  const receive = async (input: Input, closed: AbortSignal): Promise<unknown> => {
    const queue = byUrl(input["QueueUrl"])
    const count = Number(input["MaxNumberOfMessages"] ?? 1)
    const seconds = Number(input["VisibilityTimeout"] ?? visibilitySecondsUsual)
    const until = timer.now() + Number(input["WaitTimeSeconds"] ?? 0) * 1_000
    for (;;) {
      // Nobody would hear of it, and it would be out of sight for nothing.
      if (closed.aborted) return {}
      const taken = take(queue, count, seconds)
      if (taken.length > 0) return { Messages: taken.map(told) }
      if (timer.now() >= until) return {}
      await changed(queue, timer, until, closed)
    }
  }

  return {
    add: (name, deadLetters) =>
      void queues.set(name, { name, deadLetters: deadLetters ?? null, messages: [], waiting: new Set() }),
    urlOf,
    arnOf,
    deliver: (arn, body) => {
      const queue = [...queues.values()].find(({ name }) => arnOf(name) === arn)
      if (queue !== undefined) enqueue(queue, body, timer.now())
      return queue !== undefined
    },
    bodies: (name) => (queues.get(name)?.messages ?? []).map(({ body }) => body),
    knows: (operation) => Object.hasOwn(operations, operation),
    call: async (operation, input, closed) => {
      demand(operations[operation as keyof typeof operations], input)
      const queue = byUrl(input["QueueUrl"])
      switch (operation) {
        case "SendMessage": {
          const body = String(input["MessageBody"])
          const { id } = enqueue(queue, body, timer.now() + Number(input["DelaySeconds"] ?? 0) * 1_000)
          return { MessageId: id, MD5OfMessageBody: md5(body) }
        }
        case "ReceiveMessage":
          return receive(input, closed)
        case "DeleteMessageBatch":
          // An old receipt deletes nothing, and nothing is said of it.
          return eachOf(input, ({ ReceiptHandle }) => {
            const message = held(queue, ReceiptHandle)
            queue.messages = queue.messages.filter((each) => each !== message)
          })
        default:
          return eachOf(input, ({ ReceiptHandle, VisibilityTimeout }) => {
            const message = held(queue, ReceiptHandle)
            if (message === undefined || message.visibleAt <= timer.now())
              return refuse("MessageNotInflight", "The message referred to isn't in flight.")
            return hide(queue, message, Number(VisibilityTimeout))
          })
      }
    }
  }
}

/** Each entry by itself; what one meets is told beside the others. */
const eachOf = (input: Input, run: (entry: Input) => void): unknown => {
  const entries = input["Entries"] as ReadonlyArray<Input> // as the model demands
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) refuse("BatchEntryIdsNotDistinct", "Ids repeat.")
  const [Successful, Failed]: [Array<unknown>, Array<unknown>] = [[], []]
  for (const entry of entries) {
    try {
      run(entry)
      Successful.push({ Id: entry["Id"] })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      Failed.push({ Id: entry["Id"], SenderFault: true, Code: error.name, Message: error.message })
    }
  }
  return { Successful, Failed }
}

const told = ({ body, id, receipt, receives }: Message) => ({
  MessageId: id,
  ReceiptHandle: receipt,
  Body: body,
  MD5OfBody: md5(body),
  Attributes: { ApproximateReceiveCount: String(receives) }
})

/** Resolves when there may be something to take, when the wait is over, or when nobody waits any more. */
const changed = (queue: Queue, timer: Timer, until: number, closed: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      queue.waiting.delete(end)
      cancel()
      closed.removeEventListener("abort", end)
      resolve()
    }
    const cancel = timer.at(until, end)
    queue.waiting.add(end)
    closed.addEventListener("abort", end)
  })

/** The SDK compares it. */
const md5 = (body: string): string => createHash("md5").update(body).digest("hex")

const refuse = (name: string, message: string): never => {
  throw new Refusal(name, 400, message)
}
