/**
 * The queue that schedules fire into: what is sent, received, put out of sight and removed.
 * Decides nothing about when: it knows seconds as SQS does, and what each of its answers means.
 */
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient
} from "@aws-sdk/client-sqs"
import { Effect, Result } from "effect"
import type { AwsFailure } from "../client/AwsFailure.ts"
import type { Ask } from "../client/AwsRetry.ts"
import { type Outcome, type SendBatch, makeCoalesced, sendEach } from "./Batched.ts"

export interface Message {
  readonly body: string
  /** Of this reception: another reception makes it void. */
  readonly receipt: string
}

export interface Queue {
  readonly send: (body: string, delaySeconds: number) => Answer<void>
  readonly receive: (waitSeconds: number) => Answer<ReadonlyArray<Message>>
  /** Many at once become few requests. */
  readonly remove: (message: Handle) => Answer<void>
  /** An outcome for each, in their order. */
  readonly hide: (messages: ReadonlyArray<Hidden>) => Effect.Effect<ReadonlyArray<Outcome>>
}

type Handle = Pick<Message, "receipt">

export interface Hidden extends Handle {
  readonly seconds: number
}

type Answer<A> = Effect.Effect<A, AwsFailure>

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
  const hide: SendBatch<Hidden> = (hidden, abortSignal) => {
    const Entries = hidden.map(({ receipt, seconds }, at) => ({
      Id: String(at),
      ReceiptHandle: receipt,
      VisibilityTimeout: seconds
    }))
    return client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }), { abortSignal })
  }
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
    remove: makeCoalesced<Handle>(ask, (handles, abortSignal) => {
      const Entries = handles.map(({ receipt }, at) => ({ Id: String(at), ReceiptHandle: receipt }))
      return client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }), { abortSignal })
    }),
    hide: (hidden) =>
      Effect.map(sendEach(ask, hide, hidden), (outcomes) =>
        outcomes.map((outcome) => (Result.isFailure(outcome) && isElsewhere(outcome.failure) ? Result.void : outcome))
      )
  }
}

/** It is in sight again already, or somebody else's. */
const isElsewhere = ({ error }: AwsFailure): boolean =>
  error === "MessageNotInflight" || error === "ReceiptHandleIsInvalid"
