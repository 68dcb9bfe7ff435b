/**
 * What of AWS a test may turn: quotas, delays, chance.
 * Decides the defaults: those of AWS, and punctual, single deliveries.
 */

export interface Options {
  readonly accountId: string
  readonly region: string
  /** How long each request is on its way. */
  readonly latencyMillis: number
  /** How late within its minute a schedule fires, in milliseconds from 0 to 59,999; by its name. */
  readonly latenessMillis: (name: string) => number
  /** How often a schedule is delivered: at least once, they say; by its name. */
  readonly deliveries: (name: string) => number
  /** For so long after an update or a deletion, the schedule that was there before may still fire: up to a minute. */
  readonly lagMillis: number
  /** For so long after a write another one to the same schedule conflicts, as two at once do. */
  readonly conflictMillis: number
  /** A group that is deleted takes so long to be gone, with its schedules. */
  readonly groupLingersMillis: number
  /** A parameter's name can't be used again for so long after its deletion. */
  readonly nameRestsMillis: number
  /** Received so often without being deleted, a message goes to the dead letters. */
  readonly receivesMax: number
  readonly schedulesMax: number
  readonly groupsMax: number
  readonly parametersMax: number
  readonly createSchedulePerSecond: number
  readonly groupsPerSecond: number
  readonly readParametersPerSecond: number
  readonly putParameterPerSecond: number
}

export const defaultOptions: Options = {
  accountId: "123456789012",
  region: "us-east-1",
  latencyMillis: 0,
  latenessMillis: () => 0,
  deliveries: () => 1,
  lagMillis: 0,
  conflictMillis: 0,
  groupLingersMillis: 5_000,
  nameRestsMillis: 30_000,
  receivesMax: 1_000,
  schedulesMax: 10_000_000,
  groupsMax: 500,
  parametersMax: 110_000,
  createSchedulePerSecond: 5_000,
  groupsPerSecond: 10,
  readParametersPerSecond: 40,
  putParameterPerSecond: 3
}
