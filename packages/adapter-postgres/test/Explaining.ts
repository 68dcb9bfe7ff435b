/**
 * Statements explained before they run: what PostgreSQL plans to read, or has read, for an operation.
 * Decides nothing about what is too much.
 */
import { Effect, Ref } from "effect"
import { sql } from "kysely"
import { Database } from "../src/database/Database.ts"

/** A database that notes the plan of each statement before it runs it. */
export const explaining = (
  db: Database["Service"],
  plans: Ref.Ref<string>,
  explain = sql`explain`
): Database["Service"] => {
  const watch = (queries: Pick<Database["Service"], "rows">): Pick<Database["Service"], "rows"> => ({
    rows: (query) =>
      queries.rows<{ readonly "QUERY PLAN": string }>(sql`${explain} ${query}`).pipe(
        Effect.tap((lines) =>
          Ref.update(plans, (all) => `${all}\n${lines.map((line) => line["QUERY PLAN"]).join("\n")}`)
        ),
        Effect.andThen(queries.rows(query))
      )
  })
  return Database.of({ ...db, ...watch(db), transaction: (body) => db.transaction((tx) => body(watch(tx))) })
}

/** Has each statement read its rows, and tells how many. */
export const explainReads = sql`explain (analyze, costs off, timing off)`

/** Rows that scans have read, those that a filter passed over among them. */
export const rowsRead = (plans: string): number => {
  let read = 0
  for (const line of plans.split("\n")) {
    const scan = /Scan (?:using|on) .*actual rows=([\d.]+) loops=(\d+)/.exec(line)
    if (scan !== null) read += Number(scan[1]) * Number(scan[2])
    read += Number(/Rows Removed by (?:Filter|Index Recheck): (\d+)/.exec(line)?.[1] ?? 0)
  }
  return read
}
