/**
 * An item of the table, where it lies, and what must hold of it for a write.
 * Decides that whoever finds a condition false is told by whom. Never talks to DynamoDB.
 */
export type Item = Readonly<Record<string, unknown>>

export interface Key {
  readonly pk: string
  readonly sk: string
}

/** An expression over the attributes; names and values in it stand for themselves (`#name`, `:value`). */
export interface Condition {
  readonly expression: string
  readonly names?: Readonly<Record<string, string>>
  readonly values?: Item
}

/** In the members that every conditional request takes. */
export const conditional = ({ expression, names, values }: Condition) => ({
  ConditionExpression: expression,
  ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
  ...(names === undefined ? {} : { ExpressionAttributeNames: { ...names } }),
  ...(values === undefined ? {} : { ExpressionAttributeValues: { ...values } })
})

/** Whoever writes what was read must find it as it was; each write leaves a name of its own. Null: there was nothing. */
export const unchanged = (known: Item | null): Condition =>
  known === null
    ? { expression: "attribute_not_exists(pk)" }
    : { expression: "writer = :seen", values: { ":seen": known["writer"] } }
