/** The captured wire, read from the fixtures, and how an answer is compared with it. */
import { readFileSync } from "node:fs"
import type { Json } from "./Client.ts"

const folder = new URL("../fixtures/graph-payloads/", import.meta.url)

export const payload = (name: string): Json => JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as Json // fixtures are objects, or read as lists below

export const payloadList = (name: string): ReadonlyArray<Json> => payload(name) as unknown as ReadonlyArray<Json>

/** The JSON kind of a value, precise enough to tell a date and time from a text. */
const kindOf = (value: unknown): string => {
  if (value === null) return "null"
  if (Array.isArray(value)) return "array"
  if (typeof value !== "string") return typeof value
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value)) return "instant"
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}$/.test(value)) return "local"
  return "text"
}

/** Paths of members that the sample has and the answer lacks, or has as another kind. Null fits anything. */
export const differences = (sample: unknown, answer: unknown, path = ""): ReadonlyArray<string> => {
  if (sample === null || answer === null) return []
  if (kindOf(sample) !== kindOf(answer)) return [`${path}: ${kindOf(sample)} in the sample, ${kindOf(answer)} here`]
  if (Array.isArray(sample) && Array.isArray(answer)) {
    return sample.length > 0 && answer.length > 0 ? differences(sample[0], answer[0], `${path}[0]`) : []
  }
  if (typeof sample !== "object" || typeof answer !== "object") return []
  return Object.entries(sample).flatMap(([name, value]) => {
    const members = answer as Json
    return name in members ? differences(value, members[name], `${path}.${name}`) : [`${path}.${name}: missing here`]
  })
}
