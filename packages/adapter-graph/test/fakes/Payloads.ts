/**
 * The recorded payloads, by file name. Reads files and decides nothing.
 */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

const folder = join(import.meta.dirname, "../fixtures/graph-payloads")

export const payloadNames: ReadonlyArray<string> = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.slice(0, -".json".length))
  .toSorted()

export const payload = (name: string): unknown => JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"))

/** A payload that is known to be an object. */
export const payloadObject = (name: string): Record<string, unknown> => payload(name) as Record<string, unknown>

/** The items of a payload that is a list. */
export const payloadItems = (name: string): ReadonlyArray<unknown> => payloadObject(name)["value"] as Array<unknown>

/** Every object with an `id` anywhere in the payloads: real items to start from. */
export const realItems: ReadonlyArray<Record<string, unknown>> = payloadNames.flatMap((name) => {
  const json = payload(name)
  const value = typeof json === "object" && json !== null && "value" in json ? json.value : json
  return (Array.isArray(value) ? value : [value]).filter(
    (item): item is Record<string, unknown> => typeof item === "object" && item !== null && "id" in item
  )
})
