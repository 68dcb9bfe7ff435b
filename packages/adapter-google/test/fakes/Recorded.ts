/**
 * A calendar of recorded answers, some of which a test puts others in the place of. Decides nothing about what is right.
 */
import type { Span } from "@punctual/core"
import type { Asked } from "../Session.ts"
import { type Answer } from "../../../core/test/http/FakeService.ts"
import { payload, payloadItems } from "./Payloads.ts"

export const window: Span = { from: Date.parse("2026-04-06T00:00:00Z"), to: Date.parse("2026-04-13T00:00:00Z") }
export const weekly = "15chil19v5nskedvmo93ei4nl8"
/** A recorded refusal, with the status that its name says. */
export const error = (name: string): Answer => ({ status: Number(name.split(".")[1]), body: payload(name) })

export const isExpanded = ({ query }: Asked): boolean => query.get("singleEvents") === "true"

/** A calendar of recorded answers; `change` puts others in their place. */
export const calendar =
  (change: (request: Asked, index: number) => Answer | null = () => null) =>
  (request: Asked, index: number): Answer => {
    const changed = change(request, index)
    if (changed !== null) return changed
    const { path, query } = request
    if (path.endsWith("/instances")) return { body: payload("events.instances.with-deleted") }
    if (path.endsWith(`/events/${weekly}`)) return { body: payload("event.master.weekly") }
    if (path.endsWith("_R20230315T000000")) return { body: payload("event.split.new-master") }
    if (query.has("syncToken")) return { body: payload("events.list.incremental") }
    if (path.startsWith("users/me/calendarList/")) return { body: payloadItems("calendarlist.list")[0] }
    if (!isExpanded(request)) return { body: payload("events.list.masters.full") }
    return { body: payload(query.has("pageToken") ? "events.list.expanded.last-page" : "events.list.expanded.page-1") }
  }
