/**
 * The fake as a command: `node fake/main.ts --port 4566 --speed 60`.
 * Serves Scheduler, SQS and SSM at one address, prints it with the queues' names, and stops on a signal.
 */
import { parseArgs } from "node:util"
import { startFakeAws } from "./Server.ts"
import { wallTimer } from "./service/Timer.ts"

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "4566" },
    host: { type: "string", default: "127.0.0.1" },
    /** So many seconds pass for the fake in one of ours. */
    speed: { type: "string", default: "1" }
  }
})

const aws = await startFakeAws({
  port: Number(values.port),
  host: values.host,
  timer: wallTimer(Number(values.speed))
})

const queue = "punctual-fires"
process.stdout.write(
  `${JSON.stringify({ AWS_ENDPOINT_URL: aws.url, PUNCTUAL_AWS_QUEUE_URL: aws.queues.urlOf(queue), PUNCTUAL_AWS_QUEUE_ARN: aws.queues.arnOf(queue) })}\n`
)

const stop = (): void => {
  void aws.close().then(() => process.exit(0))
}
process.on("SIGINT", stop)
process.on("SIGTERM", stop)
