/**
 * What goes wrong between Punctual and its database, and what a caller may conclude from it.
 * Decides which failures are worth another try and which mean that someone else wrote first. Never carries a value that
 * a statement was given: messages go to logs.
 */
import { Predicate, Schema } from "effect"
import { outdated } from "./Statements.ts"

export class DatabaseError extends Schema.TaggedError<DatabaseError>()("DatabaseError", {
  /** SQLSTATE (PostgreSQL, appendix A), a system error code such as `ECONNREFUSED`, or null. */
  code: Schema.NullOr(Schema.String),
  /** In the driver's words. */
  detail: Schema.String
}) {
  override get message(): string {
    return this.code === null || this.detail.includes(this.code) ? this.detail : `${this.code}: ${this.detail}`
  }
  /**
   * Serialization failure, deadlock, a prepared statement that no longer holds, or a configuration that was forgotten while it
   * came to be referred to: nothing was done for certain, and it is likely to succeed when tried again.
   */
  get isRace(): boolean {
    return (
      this.code !== null && (races.has(this.code) || (this.code === "23503" && this.detail.includes("shared_config")))
    )
  }
  /** A lock was not to be had within the time that was set for it: nothing was done for certain. */
  get isLockTimeout(): boolean {
    return this.code === "55P03"
  }
  /** A unique or exclusion constraint refused the row: someone else's stands there already. */
  get isTaken(): boolean {
    return this.code === "23505" || this.code === "23P01"
  }
}

const races: ReadonlySet<string> = new Set(["40001", "40P01", ...outdated])

/** From whatever a driver threw. */
export const databaseError = (cause: unknown): DatabaseError => {
  const code = Predicate.hasProperty(cause, "code") && typeof cause.code === "string" ? cause.code : null
  return new DatabaseError({ code, detail: detailOf(cause) })
}

/** A failed connection attempt to a name with several addresses carries its message in its parts. */
const detailOf = (cause: unknown): string => {
  if (cause instanceof AggregateError && cause.message === "") return cause.errors.map(detailOf).join("; ")
  return cause instanceof Error ? cause.message : String(cause)
}
