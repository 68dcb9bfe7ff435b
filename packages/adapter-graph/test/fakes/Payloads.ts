/**
 * The recorded payloads, by file name. Reads files and decides nothing.
 */
import { join } from "node:path"
import { recordedIn, withIds } from "../../../core/test/http/RecordedPayloads.ts"

export const {
  names: payloadNames,
  payload,
  payloadObject
} = recordedIn(join(import.meta.dirname, "../fixtures/graph-payloads"))

/** The items of a payload that is a list. */
export const payloadItems = (name: string): ReadonlyArray<unknown> => payloadObject(name)["value"] as Array<unknown>

/** Every object with an `id` anywhere in the payloads: real items to start from. */
export const realItems: ReadonlyArray<Record<string, unknown>> = payloadNames.flatMap((name) => {
  const json = payload(name)
  const value = typeof json === "object" && json !== null && "value" in json ? json.value : json
  return withIds(Array.isArray(value) ? value : [value])
})
