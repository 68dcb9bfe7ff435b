/**
 * The queue that schedules fire into: what is sent, received, put out of sight and removed, one request each.
 * Decides nothing about when: it knows seconds as SQS does, and what each of its answers means.
 */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient
} from "@aws-sdk/client-sqs"
import { Effect } from "effect"
import type { AwsFailure } from "../client/AwsFailure.ts"
import type { Ask } from "../client/AwsRetry.ts"

export interface Message {
  readonly body: string
  /** Of this reception: another reception makes it void. */
  readonly receipt: string
}

export interface Queue {
  readonly send: (body: string, delaySeconds: number) => Result<void>
  readonly receive: (waitSeconds: number) => Result<ReadonlyArray<Message>>
  readonly remove: (message: Pick<Message, "receipt">) => Result<void>
  readonly hide: (message: Pick<Message, "receipt">, seconds: number) => Result<void>
}

type Result<A> = Effect.Effect<A, AwsFailure>

export interface QueueOptions {
  readonly queueUrl: string
  /** What nobody removed comes again after so long. */
  readonly redeliverAfterSeconds: number
}

/** SQS hands out ten at most. */
export const receiveMax = 10

/** 15 minutes: what is due later is EventBridge's. */
export const delaySecondsMax = 900

export const makeQueue = (client: SQSClient, ask: Ask, { queueUrl, redeliverAfterSeconds }: QueueOptions): Queue => {
  const QueueUrl = queueUrl
  return {
    send: (MessageBody, DelaySeconds) => {
      const command = new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds })
      return Effect.asVoid(ask((abortSignal) => client.send(command, { abortSignal })))
    },
    receive: (WaitTimeSeconds) => {
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: receiveMax,
        VisibilityTimeout: redeliverAfterSeconds,
        WaitTimeSeconds
      })
      const holdMillis = WaitTimeSeconds * 1_000
      return ask((abortSignal) => client.send(command, { abortSignal }), { holdMillis }).pipe(
        Effect.map(({ Messages = [] }) =>
          Messages.map(({ Body = "", ReceiptHandle = "" }) => ({ body: Body, receipt: ReceiptHandle }))
        )
      )
    },
    remove: ({ receipt }) => {
      const command = new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receipt })
      return Effect.asVoid(ask((abortSignal) => client.send(command, { abortSignal })))
    },
    hide: ({ receipt }, VisibilityTimeout) => {
      const command = new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: receipt, VisibilityTimeout })
      return ask((abortSignal) => client.send(command, { abortSignal })).pipe(
        Effect.asVoid,
        // It is in sight again already, or somebody else's.
        Effect.catchIf(
          ({ error }) => error === "MessageNotInflight" || error === "ReceiptHandleIsInvalid",
          () => Effect.void
        )
      )
    }
  }
}
