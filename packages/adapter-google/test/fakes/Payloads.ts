/**
 * The recorded payloads, by file name. Reads files and decides nothing.
 */
import { join } from "node:path"
import { recordedIn, withIds } from "../../../core/test/http/RecordedPayloads.ts"

export const {
  names: payloadNames,
  payload,
  payloadObject,
  payloadText
} = recordedIn(join(import.meta.dirname, "../fixtures/google-payloads"))

/** The items of a payload that is a list. */
export const payloadItems = (name: string): ReadonlyArray<unknown> =>
  (payloadObject(name)["items"] ?? []) as ReadonlyArray<unknown>

/** Every object with an `id` in the payloads: real items to start from. */
export const realItems: ReadonlyArray<Record<string, unknown>> = payloadNames.flatMap((name) => {
  const json = payload(name)
  const items = typeof json === "object" && json !== null && "items" in json ? json.items : [json]
  return withIds(Array.isArray(items) ? items : [])
})
