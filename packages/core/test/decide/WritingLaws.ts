/**
 * The laws of a decision that is written down: what is safe whatever a user's state is, what time alone may change, and
 * what a crash in the middle leaves. Like `Laws.ts`, as functions that throw.
 */
import { assert } from "@effect/vitest"
import type { Decision } from "../../src/decide/Decide.ts"
import type { Bot } from "../../src/domain/Bot.ts"
import { isDeclined } from "../../src/domain/Facts.ts"
import type { MeetingKey } from "../../src/domain/Ids.ts"
import type { Commit, Slice } from "../../src/domain/Slice.ts"
import type { Subject } from "./Arbitraries.ts"
import type { Deciding, Law } from "./Laws.ts"
import { decided } from "./Decided.ts"
import { luckOf } from "./Luck.ts"
import { committed, written } from "./Model.ts"
import { someRequest } from "./SomeRequest.ts"

const optionsOf = ({ now, policy }: Subject) => ({ now, policy, isWhole: true, isAll: true })

const isLive = ({ status }: Bot): boolean => status === "Scheduled" || status === "Launching"

export const settles: Law = {
  name: "C1 idempotent: a decision that was written leaves nothing to decide, whatever was asked for",
  holds: (code, subject) => {
    const { slice } = subject
    const decision = decided(slice, someRequest(code, subject), optionsOf(subject), code)
    let after = decision.isEmpty ? slice : committed(slice, decision.commit)
    // A series that waits until its calendar is read may wait for one of the bots that has just been cancelled.
    const isWaiting = slice.calendars.some(({ leaseUntil }) => leaseUntil !== null)
    if (isWaiting) after = finish(code, after, subject)
    const again = decided(after, {}, optionsOf(subject), code)
    assert.deepStrictEqual(again.commands, [])
    assert.isTrue(again.isEmpty, JSON.stringify(again.commit))
  }
}

/** Meetings that somebody wished for, whoever it was. */
const askedFor = (slice: Slice, code: Deciding, now: number): ReadonlySet<MeetingKey> =>
  new Set(code.currentState(slice, now).intents.flatMap((intent) => (intent.kind === "event" ? [intent.meeting] : [])))

export const joinable: Law = {
  name: "never makes a bot for what can't be joined, and never wants one anywhere but start − lead, or the offset set by hand while that falls before the end",
  holds: (code, subject) => {
    const { now, policy, slice } = subject
    const { commands, commit } = decided(slice, {}, optionsOf(subject), code)
    const shown = [...slice.events, ...(commit.putVirtual ?? [])]
    for (const command of commands) {
      if (command.kind !== "create" && command.kind !== "move") continue
      if (command.kind === "create") {
        const { event, link } = command.wanted
        const row = shown.findLast(({ id }) => id === event.id)
        const calendar = slice.calendars.find(({ id }) => id === event.calendarId)
        assert.deepStrictEqual([row?.isDeleted, row?.isCancelled, calendar?.selected], [false, false, true])
        if (row?.link !== null) assert.deepStrictEqual(row?.link, link)
        assert.isAbove(event.end, now)
        const { coveredUntil } = slice.auto
        if (command.wanted.origin === "auto" && !askedFor(slice, code, now).has(command.meeting)) {
          assert.isTrue(
            event.start > now && event.start < (coveredUntil ?? now) && !event.isAllDay && !isDeclined(event)
          )
        }
        // Inside the window the provider's own list is the truth.
        if (event.isVirtual) {
          assert.isAtLeast(event.start, calendar?.window?.to ?? event.start)
          assert.isFalse(slice.events.some(({ id, isVirtual }) => id === event.id && !isVirtual))
        }
        const connection = slice.connections.find(({ id }) => id === calendar?.connectionId)
        assert.isDefined(connection)
        assert.notStrictEqual(connection.status, "disconnected")
      }
      const meeting = command.kind === "create" ? command.meeting : command.bot.meeting
      const { end, joinAt, start } =
        command.kind === "create" ? { ...command.wanted.event, joinAt: command.wanted.joinAt } : command
      const override = code.currentState(slice, now).overrides.find((each) => each.meeting === meeting)
      const offset = override?.joinOffsetMillis ?? Infinity
      assert.strictEqual(joinAt - start, start + offset < end ? offset : -policy.leadMillis)
    }
  }
}

export const oneEach: Law = {
  name: "never leaves a meeting with two live bots, not even between two rows; of one on its way notes alone whether it stays, and after that its meeting's name; never attends a start twice",
  holds: (code, subject) => {
    const { slice } = subject
    const { commit } = decided(slice, {}, optionsOf(subject), code)
    // Once for all bots: a series may have hundreds.
    let again: Decision | null = null
    const afterwards = (): Decision => (again ??= decided(committed(slice, commit), {}, optionsOf(subject), code))
    let bots = slice.bots
    for (const write of commit.bots ?? []) {
      const before = bots.find(({ id }) => id === write.bot.id)
      if (before?.status === "Launching") onlyStayNoted(before, write.bot)
      else if (before !== undefined && before.status !== "Scheduled") onlyRenamed(before, write.bot)
      bots = written(bots, write)
      const live = bots.filter(isLive).map(({ meeting }) => meeting)
      assert.strictEqual(new Set(live).size, live.length, write.bot.meeting)
    }
    for (const bot of bots.filter(({ status }) => status === "Scheduled")) {
      const verdict = afterwards().verdicts.get(bot.meeting)
      if (verdict?.kind !== "wanted") continue
      const isThere = ({ status, statusReason: why }: Bot): boolean =>
        status === "Launching" || (status === "Launched" && (why === null || why === "call_back_refused"))
      const others = bots.filter((other) => other.meeting === bot.meeting && isThere(other))
      for (const other of others) assert.isAtLeast(bot.start, other.end)
    }
  }
}

/** Its meeting is called otherwise now, and starts when it did. */
const onlyRenamed = (before: Bot, after: Bot): void => {
  const { calendarId: _calendarId, eventId: _eventId, meeting, revision, updatedAt: _updatedAt, ...rest } = after
  assert.deepStrictEqual({ ...before, ...rest }, before)
  assert.strictEqual(revision, before.revision + 1)
  assert.notStrictEqual(meeting, before.meeting)
}

const onlyStayNoted = (before: Bot, after: Bot): void => {
  const { calendarId: _calendarId, eventId: _eventId, launch, meeting, revision, updatedAt, ...rest } = after
  if (meeting !== before.meeting && launch === before.launch) return onlyRenamed(before, after)
  assert.deepStrictEqual({ ...before, ...rest }, before)
  assert.strictEqual(revision, before.revision + 1)
  assert.isAtLeast(updatedAt, 0)
  assert.strictEqual(launch?.mayHaveSucceeded, before.launch?.mayHaveSucceeded)
  assert.notStrictEqual(launch?.takenBack === null, before.launch?.takenBack === null)
}

export const timeless: Law = {
  name: "time alone changes nothing before the instant that was noted for it, and then makes or takes over the next of a chain at most",
  holds: (code, subject) => {
    const { luck, now, slice } = subject
    const decision = decided(slice, {}, optionsOf(subject), code)
    // While a calendar is being read, what is decided depends on when that ends.
    if (slice.calendars.some(({ leaseUntil }) => leaseUntil !== null)) return
    const after = decision.isEmpty ? slice : committed(slice, decision.commit)
    const { decideAt } = decision.commit
    const later =
      now + ([1, 60_000, 3_600_000, 26 * 3_600_000, 9 * 86_400_000, 40 * 86_400_000][luckOf(luck).below(6)] ?? 1)
    const then = decideAt === null ? later : Math.min(later, decideAt - 1)
    assert.deepStrictEqual(decided(after, {}, optionsOf({ ...subject, now: then }), code).commands, [])
    const { commands, verdicts } = decided(after, {}, optionsOf({ ...subject, now: later }), code)
    for (const command of commands) {
      // One on its way that was to go is the next of a chain now, and stays.
      const verdict = command.kind === "keep" ? verdicts.get(command.bot.meeting) : undefined
      const wanted = verdict?.kind === "wanted" ? verdict.bot : null
      const isOfChain = command.kind === "create" || command.kind === "reconfigure"
      assert.strictEqual(isOfChain ? command.wanted.origin : (wanted?.origin ?? command.kind), "recurring")
    }
  }
}

export const presentless: Law = {
  name: "the present never enters a join time",
  holds: (code, { luck, now, policy, slice }) => {
    const later = now + luckOf(luck).below(2) * 3_600_000 + 1
    const verdicts = code.desired(slice, { now, policy })
    for (const [meeting, verdict] of code.desired(slice, { now: later, policy })) {
      const before = verdicts.get(meeting)
      if (verdict.kind === "wanted" && before?.kind === "wanted")
        assert.strictEqual(verdict.bot.joinAt, before.bot.joinAt)
    }
  }
}

export const resumable: Law = {
  name: "a decision written in parts comes to the same, and one cut short anywhere is finished by the next",
  holds: (code, subject) => {
    const { luck, now, slice } = subject
    const { commit } = decided(slice, someRequest(code, subject), optionsOf(subject), code)
    const sizeMax = 1 + luckOf(luck).below(3)
    const parts = code.splitCommit(commit, sizeMax)
    for (const part of parts) assert.isAtMost(part.bots?.length ?? 0, sizeMax)
    const whole = committed(slice, commit)
    const splitCommit = parts.reduce(committed, slice)
    assert.deepStrictEqual({ ...splitCommit, version: 0 }, { ...whole, version: 0 })
    // Of a series that moved, or waits to, bots not yet written are found under dates that mean something else by then: they end, and
    // what is wished for is made anew. What a rule alone had made, beyond its coverage, is not.
    const { ended, moved, postponed } = code.applySeriesChanges(slice, now)
    if (ended.length + moved.length + postponed.size > 0) return
    const stop = luckOf(luck + 2).below(parts.length)
    const cut = parts.slice(0, stop + 1).reduce<Slice>((state, part: Commit) => committed(state, part), slice)
    const finished = finish(code, cut, subject)
    assert.deepStrictEqual(standing(finished), standing(whole))
    assert.deepStrictEqual(finished.decideAt, whole.decideAt)
  }
}

export const marked: Law = {
  name: "a decision written in parts says until the last one that it is not finished, in a way that every store can keep",
  holds: (code, subject) => {
    const parts = code.splitCommit(decided(subject.slice, {}, optionsOf(subject), code).commit, 1)
    for (const part of parts.slice(0, -1)) {
      assert.isTrue(code.isUnfinished(part))
      assert.isNull(part.decided)
      assert.isTrue(Number.isFinite(part.decideAt))
    }
    // One mark for all of them: what is decided over one part is decided over each.
    const marks = new Set(parts.slice(0, -1).map(({ decideAt }) => decideAt))
    for (const decideAt of marks) {
      const cut = { ...subject.slice, decideAt }
      assert.isTrue(code.isUnfinished(decided(cut, {}, { ...optionsOf(subject), isAll: false }, code).commit))
    }
    assert.isFalse(parts.slice(-1).some(code.isUnfinished))
  }
}

const finish = (code: Deciding, slice: Slice, subject: Subject): Slice => {
  const decision = decided(slice, {}, optionsOf(subject), code)
  return decision.isEmpty ? slice : committed(slice, decision.commit)
}

/** What joins, when and how. Not which bot: of a series that moved, a crash may cost some of them their ids. */
const standing = ({ bots }: Slice): ReadonlyArray<string> =>
  bots
    .filter(({ status }) => status === "Scheduled")
    .map(({ botName, config, joinAt, link, meeting, origin, seq }) =>
      JSON.stringify([meeting, joinAt, link.url, botName, origin, seq, config])
    )
    .toSorted()

/** The rules in the order in which they are asked, and what a meeting that fails one is told. */
const failures: ReadonlyArray<readonly [rule: string, reasons: ReadonlyArray<string>]> = [
  ["connection", ["calendar_disconnected"]],
  ["calendar", ["calendar_deselected", "calendar_disconnected", "meeting_deleted", "removed_by_user"]],
  ["cancelled", ["meeting_cancelled"]],
  ["link", ["link_removed"]],
  ["time", ["meeting_moved_to_past", "over"]],
  ["lock", ["blocked_by_policy"]],
  ["exclusion", ["removed_by_user"]],
  ["intent", ["auto_schedule_disabled", "no_longer_wanted"]],
  // It is over for the bot, where nobody asks for another.
  ["earlier-bot", ["wanted", "over"]],
  ["auto", ["wanted"]],
  ["all-day", ["all_day"]],
  ["declined", ["declined_by_user"]],
  // Undecided, it makes no bot and ends none.
  ["rule", ["skipped_by_rule", "wanted"]],
  ["otherwise", ["skipped_by_default"]]
]

export const explained: Law = {
  name: "says of each meeting what deciding does with it, by which rule, and by whose intent",
  holds: (code, subject) => {
    const { now, policy, slice } = subject
    const state = code.currentState(slice, now)
    const { bots } = decided(state, {}, optionsOf(subject), code)
    for (const [meeting, verdict] of code.desired(state, { now, policy })) {
      const { joinAt, reasons, verdict: said, willJoin } = code.explain(state, meeting, { now, policy })
      assert.deepStrictEqual(said, verdict)
      const isThere = bots.some((bot) => bot.meeting === meeting && isLive(bot))
      if (verdict.kind === "wanted") assert.strictEqual(willJoin, isThere)
      assert.strictEqual(joinAt, willJoin && verdict.kind === "wanted" ? verdict.bot.joinAt : null)
      const isServed = verdict.kind === "over" && reasons.at(-1)?.rule === "earlier-bot"
      const told = isServed ? reasons.slice(0, -1) : reasons
      const places = told.map(({ rule }) => failures.findIndex(([each]) => each === rule))
      assert.deepStrictEqual(places.slice(0, 8), [0, 1, 2, 3, 4, 5, 6, 7].slice(0, places.length))
      assert.isTrue(reasons.at(-1)?.passed === false || verdict.kind === "wanted")
      const outcome = verdict.kind === "unwanted" ? verdict.reason : verdict.kind
      for (const { intent, passed, rule } of reasons) {
        if (!passed) assert.isTrue(failures.some(([each, outcomes]) => each === rule && outcomes.includes(outcome)))
        const named = state.intents.find(({ id }) => id === intent)
        if (intent !== "auto") assert.strictEqual(intent === null, named === undefined)
        if (rule === "exclusion" && !passed) assert.include(named?.kind, "exclusion")
        if (rule === "intent") assert.strictEqual(intent !== null, passed)
      }
      const isHeldBack = reasons.some(({ passed }) => !passed)
      // Nothing holds back a meeting whose bot is there: it stays, though none would be made.
      const hasLive = state.bots.some((bot) => bot.meeting === meeting && isLive(bot))
      if (verdict.kind === "wanted" && !hasLive) assert.strictEqual(isHeldBack, !verdict.bot.isCreatable)
      if (isHeldBack && verdict.kind === "wanted") assert.isFalse(verdict.bot.isCreatable)
      // The last one decided.
      if (verdict.kind === "wanted") assert.strictEqual(reasons.at(-1)?.passed, willJoin)
    }
  }
}

export const upToDate: Law = {
  name: "notes as decided what it has seen, and nothing when it saw a part or left something for later",
  holds: (code, subject) => {
    const { now, policy, slice } = subject
    const { decideAt, decided: noted } = decided(slice, {}, { now, policy, isWhole: false }, code).commit
    assert.isTrue(noted === null && (slice.decideAt === null || (decideAt ?? Infinity) <= slice.decideAt))
    const { bots, commit, verdicts } = decided(slice, {}, { now, policy, isWhole: true }, code)
    const awaited = bots.flatMap(({ meeting, status }) => (status === "Launching" ? [verdicts.get(meeting)] : []))
    const isAwaited = awaited.some((verdict) => verdict?.kind === "wanted" && verdict.bot.isCreatable)
    const isAll = !isAwaited && code.applySeriesChanges(slice, now).postponed.size === 0
    assert.strictEqual(commit.decided, isAll && slice.mirrorNumber > slice.decided ? slice.mirrorNumber : null)
  }
}

export const writingLaws: ReadonlyArray<Law> = [
  upToDate,
  settles,
  joinable,
  oneEach,
  timeless,
  presentless,
  marked,
  resumable,
  explained
]
