/**
 * How the clients of Scheduler, SQS and SSM reach AWS.
 * Decides timeouts and sockets, which the SDK leaves open without end, and that the SDK repeats nothing by itself: what
 * is asked again, and how often, is decided in AwsRetry.ts.
 */
import { Redacted } from "effect"

/** What is left out is the SDK's own to find: region, endpoint, the machine's credentials. */
export interface AwsConnection {
  readonly region?: string
  /** Of a local engine or a fake. */
  readonly endpoint?: string
  readonly credentials?: {
    readonly accessKeyId: string
    readonly secretAccessKey: Redacted.Redacted
    readonly sessionToken?: Redacted.Redacted
  }
  /** For tests that need no socket. Of the SDK's own type, which differs by client. */
  readonly requestHandler?: unknown
}

const connectionTimeout = 2_000
const requestTimeoutMillis = 5_000
const socketsMax = 50

/** `longPollMillis`: how long an answer may be held back on purpose. */
export const clientConfig = ({ credentials, endpoint, region, requestHandler }: AwsConnection, longPollMillis = 0) => ({
  maxAttempts: 1,
  requestHandler: (requestHandler ?? {
    connectionTimeout,
    requestTimeout: requestTimeoutMillis + longPollMillis,
    httpsAgent: { maxSockets: socketsMax },
    httpAgent: { maxSockets: socketsMax }
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
})
