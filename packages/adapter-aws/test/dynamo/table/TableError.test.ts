/**
 * What of the things a DynamoDB client throws counts as what.
 */
import { assert, describe, it } from "@effect/vitest"
import { tableError } from "../../../src/dynamo/table/TableError.ts"

const thrown = (name: string, rest: object = {}) => Object.assign(new Error("said so"), { name }, rest)
const cancelled = (...codes: ReadonlyArray<string>) =>
  thrown("TransactionCanceledException", { CancellationReasons: codes.map((Code) => ({ Code })) })
const kindOf = (error: unknown) => tableError(error).kind

describe("errors of DynamoDB", () => {
  it("takes a false condition for one, and nothing else", () => {
    assert.strictEqual(kindOf(thrown("ConditionalCheckFailedException")), "condition")
    assert.strictEqual(kindOf(cancelled("None", "ConditionalCheckFailed")), "condition")
    assert.strictEqual(kindOf(cancelled("TransactionConflict", "ConditionalCheckFailed")), "condition")
    assert.strictEqual(kindOf(cancelled("TransactionConflict", "None")), "contention")
    assert.strictEqual(kindOf(thrown("TransactionConflictException")), "contention")
    assert.strictEqual(kindOf(thrown("TransactionInProgressException")), "in_progress")
    assert.strictEqual(kindOf(cancelled("ThrottlingError")), "throttled")
    assert.strictEqual(kindOf(cancelled("ProvisionedThroughputExceeded", "None")), "throttled")
    assert.strictEqual(kindOf(cancelled("ConditionalCheckFailed", "ValidationError")), "rejected")
    assert.strictEqual(kindOf(cancelled()), "unknown")
  })

  it("holds what it does not understand for worth another try", () => {
    const strange = [
      new SyntaxError("Unexpected token <"),
      thrown("TimeoutError", { code: "ECONNRESET" }),
      null,
      "x",
      {}
    ]
    for (const error of strange) {
      assert.strictEqual(kindOf(error), "unknown")
      assert.isTrue(tableError(error).isRetryable)
    }
  })

  it("asks no second time for what is refused, too large or in use", () => {
    const size = "Item size has exceeded the maximum allowed size"
    assert.strictEqual(kindOf(thrown("ValidationException", { message: size })), "too_large")
    const reasons = { CancellationReasons: [{ Code: "None" }, { Code: "ValidationError", Message: size }] }
    assert.strictEqual(kindOf(thrown("TransactionCanceledException", reasons)), "too_large")
    for (const name of ["ValidationException", "AccessDeniedException", "ResourceNotFoundException"]) {
      assert.strictEqual(kindOf(thrown(name)), "rejected")
      assert.isFalse(tableError(thrown(name)).isRetryable)
    }
    assert.isFalse(tableError(thrown("ResourceInUseException")).isRetryable)
  })

  it("keeps the reasons of a transaction in their order, and who made a condition false", () => {
    assert.deepStrictEqual(
      [...tableError(cancelled("None", "ConditionalCheckFailed", "None")).reasons],
      ["None", "ConditionalCheckFailed", "None"]
    )
    const Item = { pk: { S: "p" }, writer: { S: "w1" } }
    assert.strictEqual(tableError(thrown("ConditionalCheckFailedException", { Item })).writer, "w1")
    assert.isNull(tableError(thrown("ConditionalCheckFailedException")).writer)
  })
})
