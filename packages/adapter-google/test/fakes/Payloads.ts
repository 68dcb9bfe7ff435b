/**
 * The recorded payloads, by file name. Reads files and decides nothing.
 */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

const folder = join(import.meta.dirname, "../fixtures/google-payloads")

export const payloadNames: ReadonlyArray<string> = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.slice(0, -".json".length))
  .toSorted()

export const payload = (name: string): unknown => JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"))

/** A payload that is known to be an object. */
export const payloadObject = (name: string): Record<string, unknown> => payload(name) as Record<string, unknown>

export const payloadText = (file: string): string => readFileSync(join(folder, file), "utf8")

/** The items of a payload that is a list. */
export const payloadItems = (name: string): ReadonlyArray<unknown> =>
  (payloadObject(name)["items"] ?? []) as ReadonlyArray<unknown>

/** Every object with an `id` in the payloads: real items to start from. */
export const realItems: ReadonlyArray<Record<string, unknown>> = payloadNames.flatMap((name) => {
  const json = payload(name)
  const items = typeof json === "object" && json !== null && "items" in json ? json.items : [json]
  return (Array.isArray(items) ? items : []).filter(
    (item): item is Record<string, unknown> => typeof item === "object" && item !== null && "id" in item
  )
})
