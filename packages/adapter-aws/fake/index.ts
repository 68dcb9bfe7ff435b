/**
 * A fake of EventBridge Scheduler, SQS and SSM: the public surface, in the order a reader needs it.
 */

// Start one, and point AWS clients at it.
export { type FakeAws, type FakeOptions, startFakeAws, usualQueues } from "./Server.ts"

// Without a socket: as the request handler of a client, on a time of the test's own.
export { type Asked, type Aws, type AwsOptions, makeAws } from "./Aws.ts"
export { type InProcessHandler, inProcess } from "./InProcess.ts"

// What passes, what is turned, what goes wrong.
export { type HandTimer, type Timer, handTimer, wallTimer } from "./service/Timer.ts"
export { type Options, defaultOptions } from "./service/Options.ts"
export { type Fault, throttling } from "./Fault.ts"

// For what stands beside the fake, such as an engine of DynamoDB: the same check of who asks.
export { refusalOf } from "./service/Session.ts"
