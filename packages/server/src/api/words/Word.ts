/**
 * What the OpenAPI document says of one member of the contract, wherever it stands.
 */
export interface Word {
  /** One sentence or two: what it is, its unit, what counts without it. */
  readonly description: string
  /** What counts where a request leaves it out, if that is a fixed value. */
  readonly default?: unknown
  /** Left out where the schema has but one value, or is made of members that have theirs. */
  readonly example?: unknown
}

/** By name, or by `Owner.name` where the name alone is not enough: owner is a component, or an operation's id. */
export type Words = Readonly<Record<string, Word>>
