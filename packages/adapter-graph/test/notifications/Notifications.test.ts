/** What is posted to us: attacks A14 and A16, as far as reading is concerned. */
import { assert, describe, it } from "@effect/vitest"
import { Redacted } from "effect"
import * as fc from "fast-check"
import { parseNotifications } from "../../src/notifications/Notifications.ts"
import { validate, validationTokenLengthMax } from "../../src/notifications/Validation.ts"

const item = { subscriptionId: "s", clientState: "c", changeType: "updated", resource: "Users/u/Events/e" }

describe("batches", () => {
  it("reads every item of a batch, odd ones aside", () => {
    const odd = [
      null,
      5,
      "x",
      [],
      {},
      { subscriptionId: 5 },
      { subscriptionId: "" },
      { subscriptionId: "x".repeat(300) }
    ]
    const value = [item, ...odd, { ...item, subscriptionId: "t" }]
    assert.deepStrictEqual(
      parseNotifications({ value })?.map(({ subscriptionId }) => subscriptionId),
      ["s", "t"]
    )
  })

  it("an item without a secret has the empty one, which is nobody's", () => {
    for (const clientState of [undefined, null, 5, "", "x".repeat(10_000)]) {
      const [notification] = parseNotifications({ value: [{ ...item, clientState }] }) ?? []
      assert.strictEqual(Redacted.value(notification?.clientState ?? Redacted.make("?")), "")
    }
  })

  it("kinds", () => {
    const kindOf = (members: object) => parseNotifications({ value: [{ subscriptionId: "s", ...members }] })?.[0]?.kind
    assert.strictEqual(kindOf({ changeType: "deleted" }), "change")
    assert.strictEqual(kindOf({ changeType: "something new" }), "change")
    assert.strictEqual(kindOf({ lifecycleEvent: "MISSED" }), "missed")
    assert.strictEqual(kindOf({ lifecycleEvent: "somethingNew" }), "unknown")
    assert.strictEqual(kindOf({ lifecycleEvent: "missed", changeType: "updated" }), "missed")
    assert.strictEqual(kindOf({}), "unknown")
  })

  it("what is no batch is none", () => {
    for (const body of [null, undefined, [], "", 5, {}, { value: {} }, { value: null }, [item]]) {
      assert.isNull(parseNotifications(body))
    }
    assert.deepStrictEqual(parseNotifications({ value: [] }), [])
  })

  it("never throws, never invents an item, never prints a secret", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.jsonValue(),
            fc.record({ subscriptionId: fc.jsonValue(), clientState: fc.string({ minLength: 20 }) })
          )
        ),
        (value) => {
          const notifications = parseNotifications({ value }) ?? []
          assert.isAtMost(notifications.length, value.length)
          for (const notification of notifications) {
            const secret = Redacted.value(notification.clientState)
            if (secret !== "" && secret !== notification.subscriptionId) {
              assert.notInclude(JSON.stringify({ ...notification, subscriptionId: "" }), secret)
            }
          }
        }
      )
    )
  })
})

describe("the handshake", () => {
  it("answers the token as plain text that nobody sniffs or keeps", () => {
    const token = "Validation: Testing client application reachability <script>alert(1)</script> \u00e9"
    assert.deepStrictEqual(validate(token), {
      kind: "answer",
      token,
      headers: {
        "content-type": "text/plain; charset=utf-8",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store"
      }
    })
  })

  it("refuses an empty one and one that is too long", () => {
    assert.deepStrictEqual(validate(""), { kind: "refuse" })
    assert.strictEqual(validate("x".repeat(validationTokenLengthMax)).kind, "answer")
    assert.deepStrictEqual(validate("x".repeat(validationTokenLengthMax + 1)), { kind: "refuse" })
    assert.deepStrictEqual(validate(null), { kind: "none" })
  })
})
