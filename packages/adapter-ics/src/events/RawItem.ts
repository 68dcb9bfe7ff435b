/**
 * An event of a calendar file as it is shown beside the mirror's rows: its properties by name, cut to what is kept.
 * Decides nothing that anything else reads.
 */
import { keptBody, rawAttendeesMax, rawBodyCharactersMax } from "@punctual/core"
import type { Component } from "../text/Components.ts"
import { textOf } from "../text/Property.ts"

export interface RawItem {
  readonly raw: Readonly<Record<string, ReadonlyArray<string>>>
  readonly rawTruncated: boolean
}

export const rawItemOf = (event: Component): RawItem => {
  const raw: Record<string, Array<string>> = {}
  let rawTruncated = false
  for (const property of event.properties) {
    const values = (raw[property.name] ??= [])
    const value = textOf(property)
    if (values.length >= rawAttendeesMax) rawTruncated = true
    else {
      rawTruncated ||= value.length > rawBodyCharactersMax
      values.push(keptBody(value))
    }
  }
  return { raw, rawTruncated }
}
