/**
 * The region that the SDK finds by itself: from the environment, a profile or the machine.
 * Decides nothing; fails where there is none, so that a start can say so instead of the first request.
 */
import { SchedulerClient } from "@aws-sdk/client-scheduler"
import { Effect } from "effect"
import { type AwsFailure, awsFailure } from "./AwsFailure.ts"
import { type AwsConnection, clientConfig } from "./Connection.ts"

export const regionOf = (connection: AwsConnection): Effect.Effect<string, AwsFailure> =>
  Effect.acquireUseRelease(
    Effect.sync(() => new SchedulerClient(clientConfig(connection))),
    (client) => Effect.tryPromise({ try: () => client.config.region(), catch: awsFailure }),
    (client) => Effect.sync(() => client.destroy())
  )
