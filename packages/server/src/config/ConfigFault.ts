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
  return wordsOf(problem).split("\n", 1)[0] ?? ""
}

const causesMax = 5

/** The first words along the causes: some errors only pass on what happened below them. */
const wordsOf = (problem: unknown): string => {
  let at = problem
  for (let depth = 0; depth < causesMax && typeof at === "object" && at !== null; depth++) {
    const { cause, message } = at as { readonly message?: unknown; readonly cause?: unknown }
    if (typeof message === "string" && message.trim() !== "") return message
    at = cause
  }
  return String(at ?? problem)
}
