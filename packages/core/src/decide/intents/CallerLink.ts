/**
 * The link and the time that a caller gave with an intent. They count only where the mirror has none.
 */
import { latest } from "./IntentOrder.ts"
import type { EventIntent } from "../../domain/Intent.ts"
import type { Span } from "../../domain/Time.ts"
import type { MeetingLink } from "../../links/Link.ts"

/** The link that the latest of a meeting's standing intents carries; null: none carries one. */
export const callerLink = (
  intents: ReadonlyArray<EventIntent>
): { readonly link: MeetingLink; readonly intent: string } | null => {
  const said = latest(intents.filter(({ hints }) => hints !== undefined && hints.link !== null))
  const link = said?.hints?.link ?? null
  return said === null || link === null ? null : { link, intent: said.id }
}

/** The time that the latest of a meeting's intents carries; null: none carries one. */
export const callerSpan = (intents: ReadonlyArray<EventIntent>): Span | null =>
  latest(intents.filter(({ hints }) => hints !== undefined && hints.span !== null))?.hints?.span ?? null
