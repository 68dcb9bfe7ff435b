/**
 * The demo's voice: a line for each thing that happened, with the seconds since the demo began. Decides its form alone.
 */
const began = performance.now()

export const tell = (text: string): void =>
  void process.stdout.write(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${text}\n`)

/** The time of day, in UTC. */
export const clock = (instant: string | number): string => new Date(instant).toISOString().slice(11, 19)
