/**
 * The link and the time that a caller gave with an intent. They count only where the mirror has none.
 */
import { latest } from "./IntentOrder.ts"
import type { EventIntent } from "../../domain/Intent.ts"
import type { Span } from "../../domain/Time.ts"
import type { MeetingLink } from "../../links/Link.ts"

/** The link that the latest of a meeting's standing wishes carries; null: none carries one. */
export const callerLink = (
  intents: ReadonlyArray<EventIntent>
): { readonly link: MeetingLink; readonly intent: string } | null => {
  const said = latest(intents.filter(({ given }) => given !== undefined && given.link !== null))
  const link = said?.given?.link ?? null
  return said === null || link === null ? null : { link, intent: said.id }
}

/** The time that the latest of a meeting's wishes carries; null: none carries one. */
export const callerSpan = (intents: ReadonlyArray<EventIntent>): Span | null =>
  latest(intents.filter(({ given }) => given !== undefined && given.span !== null))?.given?.span ?? null
