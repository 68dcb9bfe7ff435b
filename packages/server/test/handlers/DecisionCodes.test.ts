/**
 * Each code of a decision, met as a client meets it: a calendar with facts, rules and a policy, and what the explanation of the
 * meeting then says. Written out here once more, so that no code is without its row.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { hour, minute, noon } from "../Whole.ts"
import { type Ruled, daily, locked, ruled, skipInterviews } from "./Ruled.ts"

interface Row {
  readonly outcome: "join" | "skip"
  /** The step that decided, by the name it has. */
  readonly last: string
  readonly sentence: RegExp
  readonly rule?: string
  readonly given: (host: Ruled) => Effect.Effect<unknown, unknown, Scope.Scope>
}

/** The meeting is called so in every row. */
const subject = "Interview with Kim"

const series = ({ calendarId, control, syncChanges }: Ruled) =>
  Effect.andThen(
    control.createSeries(calendarId, { subject, joinUrl: "https://zoom.us/j/5551234567", timing: daily }),
    syncChanges
  )

const ask = ({ idOf, ok }: Ruled, body: unknown = {}) =>
  Effect.flatMap(idOf(subject), (id) => ok("POST", `/schedule/${id}`, body))

const joinAll = { name: "Everything", when: {}, then: "join" } as const

const rows: Readonly<Record<string, Row>> = {
  asked_by_hand: {
    outcome: "join",
    last: "earlier-bot",
    sentence: /you asked for it/,
    given: (host) => Effect.andThen(host.meeting(subject), ask(host))
  },
  series: {
    outcome: "join",
    last: "earlier-bot",
    sentence: /all of the series/,
    given: (host) => Effect.andThen(series(host), ask(host, { schedule_all_occurrences: true, occurrence_limit: 2 }))
  },
  recurring: {
    outcome: "join",
    last: "earlier-bot",
    sentence: /next meeting of the series/,
    given: (host) =>
      Effect.andThen(
        series(host),
        Effect.flatMap(host.idOf(subject), (id) =>
          host.ok("POST", "/toggle-recurrence", { event_id: id, recurring_enabled: true })
        )
      )
  },
  joined_by_rule: {
    outcome: "join",
    last: "auto",
    sentence: /your rule “Everything”/,
    rule: "Everything",
    given: ({ enable, meeting }) => Effect.andThen(meeting(subject), enable({ rules: [joinAll], otherwise: "skip" }))
  },
  joined_by_default: {
    outcome: "join",
    last: "auto",
    sentence: /auto-scheduling is on/,
    given: ({ enable, meeting }) => Effect.andThen(meeting(subject), enable())
  },
  event_cancelled: {
    outcome: "skip",
    last: "cancelled",
    sentence: /does not take place/,
    given: ({ enable, meeting }) => Effect.andThen(meeting(subject, null, { isCancelled: true }), enable())
  },
  no_meeting_link: {
    outcome: "skip",
    last: "link",
    sentence: /no link/,
    given: ({ enable, meeting }) => Effect.andThen(meeting(subject, null, { joinUrl: null }), enable())
  },
  event_ended: {
    outcome: "skip",
    last: "time",
    sentence: /has ended/,
    given: ({ meeting }) => meeting(subject, null, { start: noon - 3 * hour, end: noon - 2 * hour })
  },
  blocked_by_policy: {
    outcome: "skip",
    last: "lock",
    sentence: /your workspace’s rule “No interviews” allows none/,
    rule: "No interviews",
    given: ({ enable, meeting, policy }) => Effect.all([meeting(subject), policy({ rules: [locked] }), enable()])
  },
  removed_by_user: {
    outcome: "skip",
    last: "exclusion",
    sentence: /you removed it/,
    given: ({ enable, idOf, meeting, ok }) =>
      Effect.all([meeting(subject), enable(), Effect.flatMap(idOf(subject), (id) => ok("DELETE", `/schedule/${id}`))])
  },
  // Declined as well: all-day is asked first.
  all_day: {
    outcome: "skip",
    last: "all-day",
    sentence: /whole days/,
    given: ({ enable, meeting }) =>
      Effect.andThen(
        meeting(subject, { response: "declined" }, { isAllDay: true, start: noon + 12 * hour, end: noon + 36 * hour }),
        enable()
      )
  },
  declined_by_user: {
    outcome: "skip",
    last: "declined",
    sentence: /you declined/,
    given: ({ enable, meeting }) => Effect.andThen(meeting(subject, { response: "declined" }), enable())
  },
  skipped_by_rule: {
    outcome: "skip",
    last: "rule",
    sentence: /your rule “No interviews” skips it/,
    rule: "No interviews",
    given: ({ enable, meeting }) => Effect.andThen(meeting(subject), enable({ rules: [skipInterviews] }))
  },
  skipped_by_default: {
    outcome: "skip",
    last: "otherwise",
    sentence: /no rule joins/,
    given: ({ enable, meeting }) => Effect.andThen(meeting(subject), enable({ otherwise: "skip" }))
  },
  not_asked: {
    outcome: "skip",
    last: "intent",
    sentence: /nobody asked/,
    given: ({ meeting }) => meeting(subject)
  },
  beyond_coverage: {
    outcome: "skip",
    last: "intent",
    sentence: /night before/,
    given: ({ enable, meeting }) => Effect.andThen(meeting(subject, null, { start: noon + 100 * hour }), enable())
  },
  satisfied: {
    outcome: "skip",
    last: "earlier-bot",
    sentence: /has been there/,
    given: (host) =>
      Effect.gen(function* () {
        yield* host.meeting(subject, null, { start: noon + 10 * minute, end: noon + hour })
        yield* ask(host)
        yield* Effect.forkChild(host.punctual.run)
        yield* TestClock.adjust(12 * minute)
      })
  }
}

describe("a decision's code", () => {
  it.effect.each(Object.entries(rows))("%s", ([code, { given, last, outcome, rule, sentence }]) =>
    Effect.gen(function* () {
      const host = yield* ruled
      yield* given(host)
      const told = yield* host.explanation(subject)
      assert.deepInclude(
        told,
        { outcome, code, will_join: outcome === "join", rule_name: rule ?? null },
        JSON.stringify(told)
      )
      assert.match(told.sentence, sentence)
      assert.match(told.sentence, outcome === "join" ? /^A bot joins: / : /^No /)
      const steps: ReadonlyArray<{ readonly code: string | null; readonly passed: boolean; readonly rule: string }> =
        told.steps
      assert.deepInclude(steps.at(-1), { rule: last, code, passed: outcome === "join" })
      assert.isTrue(
        steps.slice(0, -1).every((step) => step.code === null),
        "the last one decided"
      )
      assert.strictEqual(told.join_time === null, outcome === "skip")
      assert.strictEqual(told.effective_bot_config === null, outcome === "skip")
      const [bot] = yield* host.bots(subject)
      const hasBot = outcome === "join" || code === "satisfied"
      assert.strictEqual(told.bot_id, hasBot ? bot.id : null)
      // The same in a list.
      const [row] = (yield* host.ok("GET", "/get_events?explain=true&time_max=2026-03-20T00:00:00Z")).results
      assert.deepInclude(row, { will_join: outcome === "join" })
      assert.deepStrictEqual(row.decision, {
        outcome,
        code,
        rule_id: told.rule_id,
        rule_name: told.rule_name
      })
    })
  )

  it.effect("is none where nothing is connected: that is 404", () =>
    Effect.gen(function* () {
      const host = yield* ruled
      yield* host.meeting(subject)
      const id = yield* host.idOf(subject)
      yield* host.ok("DELETE", "/disconnect")
      assert.strictEqual(yield* host.no("GET", `/events/${id}/explanation`), "404 calendar_not_connected")
    })
  )
})
