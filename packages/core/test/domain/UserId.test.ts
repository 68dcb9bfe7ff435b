/**
 * H4: a host's own user ids, and the names of schedules made from them.
 */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { botId, scheduleName } from "../../src/domain/DeterministicIds.ts"
import { type BotId, type MeetingKey, UserId, WorkspaceId } from "../../src/domain/Ids.ts"
import { InvalidArgument } from "../../src/domain/InvalidArgument.ts"

const letters = [..."ABCXYZabcxyz0189._~@|:+=-"]
const ids = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 128 }).map(UserId.make)
const bots = fc
  .tuple(ids, fc.nat(), fc.nat())
  .map(([user, now, ordinal]) => botId(user, "m" as MeetingKey, now, ordinal))

const bound = /^[0-9a-zA-Z-_.]{1,64}$/

describe("H4: UserId.make", () => {
  it("takes what hosts call their users by", () => {
    for (const id of ["usr_ada", "8f14e45f-ceea-467f-a8f1-0c1a4c2d3b5e", "ada@example.com", "auth0|507f1f77", "42"]) {
      assert.strictEqual(UserId.make(id), id)
      assert.isTrue(UserId.is(id))
    }
  })

  it("says in a sentence what is wrong with anything else, and never what it was", () => {
    const wrong: ReadonlyArray<readonly [unknown, string]> = [
      ["", "an empty text"],
      ["x".repeat(129), "129 characters long"],
      ["a b", "a character that may not be in it"],
      ["a/b", "a character"],
      ["ü", "a character"],
      ["a\n", "a character"],
      [undefined, "missing"],
      [42, "a whole number"],
      [{ id: "SECRET" }, "an object"]
    ]
    for (const [id, words] of wrong) {
      assert.isFalse(UserId.is(id))
      const make = () => UserId.make(id as string)
      assert.throws(make, InvalidArgument, words)
      assert.throws(make, /^UserId\.make: the id is .*; expected 1 to 128 characters of /)
      assert.throws(make, /^(?!.*SECRET)/)
    }
  })
})

describe("WorkspaceId.make", () => {
  it("takes what a user's id may be, and names itself where it does not", () => {
    assert.strictEqual(WorkspaceId.make("wsp_contoso"), "wsp_contoso")
    assert.isTrue(WorkspaceId.is("x".repeat(128)))
    for (const id of ["", "Contoso Ltd.", "x".repeat(129), null]) {
      assert.isFalse(WorkspaceId.is(id))
      assert.throws(() => WorkspaceId.make(id as string), /^WorkspaceId\.make: the id is /)
    }
  })
})

describe("H4: names of schedules", () => {
  it("keep their bound whatever the ids", () => {
    fc.assert(fc.property(ids, bots, (user, bot) => bound.test(scheduleName(user, bot))))
    // Also of ids that were never checked.
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.string({ maxLength: 300 }), (user, bot) =>
        bound.test(scheduleName(user as UserId, bot as BotId))
      )
    )
  })

  it("are one for each bot", () => {
    const pairs = fc.uniqueArray(fc.tuple(ids, bots), {
      selector: ([user, bot]) => `${user} ${bot}`,
      minLength: 2,
      maxLength: 20
    })
    fc.assert(
      fc.property(pairs, (all) => new Set(all.map(([user, bot]) => scheduleName(user, bot))).size === all.length)
    )
  })

  it("tell a digest from an id that looks like one", () => {
    const long = UserId.make("x".repeat(128))
    const bot = botId(long, "m" as MeetingKey, 1, 0)
    const shown = scheduleName(long, bot)
    const user = shown.slice("bot-".length, -`-${bot}`.length)
    assert.match(user, /^\.[0-9a-z]{16}$/)
    assert.notStrictEqual(scheduleName(UserId.make(user), bot), shown)
  })

  it("hold the ids themselves where they fit", () => {
    const user = UserId.make("usr_4f1c0a9be2d75a3c6e8f")
    const bot = botId(user, "m" as MeetingKey, 1, 0)
    assert.strictEqual(scheduleName(user, bot), `bot-${user}-${bot}`)
  })
})
