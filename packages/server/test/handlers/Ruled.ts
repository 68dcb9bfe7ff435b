/**
 * Adele's calendar with rules: meetings with facts, her list, her workspace's policy, and what is said of a meeting.
 * Decides nothing.
 */
import { Context, Effect } from "effect"
import { LauncherMemory } from "@punctual/core/testing"
import { adminKey } from "../Kit.ts"
import { connected, hour, noon, workspace, zoom } from "../Whole.ts"

export const policyPath = `/api/v1/admin/workspaces/${workspace}/policy`

export const skipInterviews = {
  name: "No interviews",
  when: { subject_contains: ["interview"] },
  then: "skip"
} as const

export const locked = { ...skipInterviews, locked: true } as const

export const ruled = Effect.gen(function* () {
  const host = yield* connected
  const { call, calendarId, control, named, ok, syncChanges } = host
  type Members = Parameters<typeof control.create>[1]
  type Facts = Parameters<typeof control.setFacts>[1]
  /** A meeting in three hours, read; answers its id at the provider. */
  const meeting = Effect.fnUntraced(function* (subject: string, facts: Facts | null = null, members: Members = {}) {
    const made = yield* control.create(calendarId, { subject, start: noon + 3 * hour, joinUrl: zoom, ...members })
    if (facts !== null) yield* control.setFacts(made, facts)
    yield* syncChanges
    return made
  })
  const idOf = (subject: string) => Effect.map(named(subject), ([row]): string => row.id)
  /** In whole, of the first row of a subject. */
  const explanation = (subject: string) => Effect.flatMap(idOf(subject), (id) => ok("GET", `/events/${id}/explanation`))
  const policy = (body: unknown) => call("PUT", policyPath, { key: adminKey, body })
  const enable = (body: unknown = {}) => ok("POST", "/auto-schedule/enable", body)
  /** Subjects of the bots that are scheduled, by name. */
  const scheduled = Effect.map(ok("GET", "/scheduled_bots?limit=100"), ({ scheduled_bots: bots }) =>
    (bots as ReadonlyArray<{ readonly subject: string }>).map(({ subject }) => subject).toSorted()
  )
  const bots = (subject: string) => Effect.map(named(subject), ([row]) => row.bots)
  const probe = Context.get(host.context, LauncherMemory.LauncherProbe)
  return { ...host, bots, enable, explanation, idOf, meeting, policy, probe, scheduled }
})

export type Ruled = Effect.Success<typeof ruled>

/** Every day at three, from the tenth on. */
export const daily = {
  rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "noEnd" } },
  startDate: "2026-03-10",
  startTime: 15 * hour,
  durationMillis: hour,
  zone: "UTC"
} as const
