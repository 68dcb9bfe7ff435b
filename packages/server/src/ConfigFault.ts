/**
 * What is wrong with the configuration, for a person, in one line that names the variable.
 */
import { Schema } from "effect"

export class ConfigFault extends Schema.TaggedError<ConfigFault>()("ConfigFault", {
  variable: Schema.String,
  message: Schema.String
}) {}

/** One line for whoever started a program that could not. */
export const lineOf = (problem: unknown): string => {
  if (problem instanceof ConfigFault) return `${problem.variable}: ${problem.message}`
  const words = problem instanceof Error ? problem.message : String(problem)
  return words.split("\n", 1)[0] ?? words
}
