/**
 * The laws of keys, C7: what tells meetings apart, for one user and for a workspace. Like `Laws.ts`, as functions that
 * throw. That an occurrence keeps its key wherever it moves is in `RowLaws.ts`.
 */
import { assert } from "@effect/vitest"
import * as fc from "fast-check"
import type { EventId, MeetingKey, SeriesId, UserId } from "../../src/domain/Ids.ts"
import type { Deciding, Law } from "./Laws.ts"
import { luckOf } from "./Luck.ts"

/** Parts of keys that could run into each other: separators, digits, prefixes of keys. */
const part = fc.oneof(
  fc.constantFrom("", ":", "1:", "uid:", "id:", "on:", "on:2025-06-02:", "usr_a", "usr_a1", "1", "a"),
  fc
    .array(fc.constantFrom(":", "1", "2", "u", "uid:", "on:2025-06-02:"), { maxLength: 4 })
    .map((parts) => parts.join(""))
)

const date = fc.constantFrom("2025-06-02", "2025-06-03", "0001-01-01")

/** A meeting as it is identified, and its key. */
interface Identity {
  readonly kind: "single" | "occurrence"
  readonly id: string
  readonly uid: string | null
  readonly date: string
}

const identity: fc.Arbitrary<Identity> = fc.record({
  kind: fc.constantFrom("single" as const, "occurrence" as const),
  id: part,
  uid: fc.option(part, { nil: null }),
  date
})

export interface Pair {
  readonly users: readonly [string, string]
  readonly meetings: readonly [Identity, Identity]
}

export const pair: fc.Arbitrary<Pair> = fc.record({
  users: fc.tuple(part, part),
  meetings: fc.oneof(
    fc.tuple(identity, identity),
    fc
      .tuple(identity, identity)
      .map(
        ([one, other]) =>
          [one, { ...one, ...(other.kind === "single" ? { uid: other.uid } : { date: other.date }) }] as const
      )
  )
})

/** What makes two the same meeting: the UID where there is one, else the entry itself; and the date of an occurrence. */
const sameMeeting = (one: Identity, other: Identity): boolean => {
  const own = ({ id, uid }: Identity): string => JSON.stringify(uid === null || uid === "" ? { id } : { uid })
  return one.kind === other.kind && own(one) === own(other) && (one.kind === "single" || one.date === other.date)
}

const meetingKeyOf = (code: Deciding, { date: on, id, kind, uid }: Identity): MeetingKey =>
  kind === "single"
    ? code.singleMeetingKey(id as EventId, uid)
    : code.occurrenceMeetingKey(code.seriesKey(id as SeriesId, uid), on)

export const keysApart: Law<Pair> = {
  name: "C7 keys: equal if and only if user and meeting are, and never built from an empty part",
  holds: (code, { meetings, users }) => {
    const [one, other] = [meetingKeyOf(code, meetings[0]), meetingKeyOf(code, meetings[1])]
    assert.strictEqual(one === other, sameMeeting(meetings[0], meetings[1]))
    const [mine, theirs] = users as unknown as readonly [UserId, UserId]
    const isSame = mine === theirs && one === other
    assert.strictEqual(code.dedupKey(mine, one) === code.dedupKey(theirs, other), isSame)
    for (const [place, key] of [one, other].entries()) {
      const { date: on, id, kind, uid } = meetings[place] ?? meetings[0]
      assert.strictEqual(code.dateOfMeeting(key), kind === "single" ? null : on)
      assert.strictEqual(code.seriesOfMeeting(key), kind === "single" ? null : code.seriesKey(id as SeriesId, uid))
    }
  }
}

/** Two people's copies of meetings, and who of the workspace wants a bot. */
export interface Workspace {
  readonly workspaces: readonly [string, string]
  readonly meetings: readonly [Identity, Identity]
  readonly users: ReadonlyArray<string>
  readonly luck: number
}

/** The same characters cut in two places, where a key without lengths would not tell which. */
const cutElsewhere = fc.tuple(part, identity).map(([name, each]): Pick<Workspace, "workspaces" | "meetings"> => {
  const single = { ...each, kind: "single" as const, uid: each.uid ?? "" }
  return { workspaces: [name, `${name}uid:`], meetings: [{ ...single, uid: `uid:${single.uid}` }, single] }
})

export const workspace: fc.Arbitrary<Workspace> = fc
  .record({
    told: fc.oneof(
      cutElsewhere,
      fc.record({ workspaces: fc.tuple(part, part), meetings: pair.map((each) => each.meetings) })
    ),
    users: fc.array(part, { maxLength: 6 }),
    luck: fc.nat()
  })
  .map(({ told, ...rest }) => ({ ...told, ...rest }))

/** Told apart by what every mailbox knows alike: never by an entry's own id. */
const sameForAll = (one: Identity, other: Identity): boolean =>
  isKnownToAll(one) && isKnownToAll(other) && sameMeeting(one, other)

const isKnownToAll = ({ uid }: Identity): boolean => uid !== null && uid !== ""

export const workspaceKeys: Law<Workspace> = {
  name: "C7 keys: of a workspace, one for all copies of a meeting, none where copies can't be told; its owner is the same in whatever order",
  holds: (code, { luck, meetings, users, workspaces }) => {
    const keyOf = (workspace: string, each: Identity): string | null =>
      code.workspaceKey(workspace, meetingKeyOf(code, each))
    const [one, other] = [keyOf(workspaces[0], meetings[0]), keyOf(workspaces[1], meetings[1])]
    assert.strictEqual(one === null, workspaces[0] === "" || !isKnownToAll(meetings[0]))
    const isSame = one !== null && workspaces[0] === workspaces[1] && sameForAll(meetings[0], meetings[1])
    assert.strictEqual(one !== null && one === other, isSame)
    // The same meeting in another mailbox, where its entry has another id.
    assert.strictEqual(keyOf(workspaces[0], { ...meetings[0], id: `${meetings[0].id}'s copy` }), one)
    const members = users as ReadonlyArray<UserId>
    const owner = code.workspaceOwner(members)
    assert.strictEqual(owner === null, members.length === 0)
    if (owner !== null) assert.include(members, owner)
    assert.strictEqual(code.workspaceOwner(luckOf(luck).doubled(members)), owner)
    // Somebody else's leaving changes nothing.
    const left = members.filter((user) => user !== members[0])
    if (owner !== members[0]) assert.strictEqual(code.workspaceOwner(left), owner)
  }
}
