/**
 * How the clients of all four services reach AWS: DynamoDB, Scheduler, SQS and SSM alike.
 * Decides timeouts and sockets, which the SDK leaves open without end, and that the SDK repeats nothing by itself: what
 * is asked again, and how often, is decided in AwsRetry.ts and DynamoRetry.ts.
 */
import { Redacted } from "effect"
import { callMillisUsual } from "./AwsRetry.ts"

/** What is left out is the SDK's own to find: region, endpoint, the machine's credentials. */
export interface AwsConnection {
  readonly region?: string
  /** Of a local engine or a fake. */
  readonly endpoint?: string
  readonly credentials?: {
    readonly accessKeyId: string
    readonly secretAccessKey: Redacted.Redacted
    /** Of temporary credentials, which AWS refuses without it. */
    readonly sessionToken?: Redacted.Redacted
  }
  /** For tests that need no socket. Of the SDK's own type, which differs by client. */
  readonly requestHandler?: unknown
  /** How long one request may take, a long poll's waiting aside; 7,000 if absent. */
  readonly callMillisMax?: number
}

const connectionTimeout = 2_000
/** Until an answer begins, once connected: seldom a tenth of it is needed. */
const requestMillisMax = 5_000
const socketsMax = 50

/** `longPollMillis`: how long an answer may be held back on purpose. */
export const clientConfig = (connection: AwsConnection, longPollMillis = 0) => {
  const { callMillisMax = callMillisUsual, credentials, endpoint, region, requestHandler } = connection
  return {
    maxAttempts: 1,
    requestHandler: (requestHandler ?? {
      connectionTimeout,
      requestTimeout: Math.min(requestMillisMax, callMillisMax) + longPollMillis,
      // Without it the handler only logs that the time is over, and waits on.
      throwOnRequestTimeout: true,
      httpsAgent: { maxSockets: socketsMax },
      httpAgent: { maxSockets: socketsMax }
      // The SDK takes the members of a handler in place of one; which it knows differs by client.
    }) as { readonly connectionTimeout: number },
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && {
      credentials: {
        accessKeyId: credentials.accessKeyId,
        secretAccessKey: Redacted.value(credentials.secretAccessKey),
        ...(credentials.sessionToken !== undefined && { sessionToken: Redacted.value(credentials.sessionToken) })
      }
    })
  }
}
