/**
 * Recorded payloads in a folder, by file name. Reads files and decides nothing.
 */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

export interface RecordedPayloads {
  /** Of those that are JSON, without their ending. */
  readonly names: ReadonlyArray<string>
  readonly payload: (name: string) => unknown
  /** A payload that is known to be an object. */
  readonly payloadObject: (name: string) => Record<string, unknown>
  /** By the whole name of the file. */
  readonly payloadText: (file: string) => string
}

export const recordedIn = (folder: string): RecordedPayloads => {
  const payloadText = (file: string): string => readFileSync(join(folder, file), "utf8")
  const payload = (name: string): unknown => JSON.parse(payloadText(`${name}.json`))
  return {
    names: readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .map((name) => name.slice(0, -".json".length))
      .toSorted(),
    payload,
    payloadObject: (name) => payload(name) as Record<string, unknown>,
    payloadText
  }
}

/** Those of a list that are objects with an `id`. */
export const withIds = (items: ReadonlyArray<unknown>): ReadonlyArray<Record<string, unknown>> =>
  items.filter((item): item is Record<string, unknown> => typeof item === "object" && item !== null && "id" in item)
