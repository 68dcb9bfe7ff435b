/**
 * Daily jobs: markers that one caller alone may take.
 * Decides who takes one. Never runs a job.
 */
import type { UserId } from "@punctual/core"
import type { Accounts } from "@punctual/core/accounts"
import { Effect, Option } from "effect"
import type { Key } from "../table/Item.ts"
import type { Table } from "../table/Table.ts"
import { asPortError } from "./PortError.ts"

export const jobs = (table: Table) =>
  ({
    claimJob: (job, date, { now, staleBefore }) =>
      table
        .updateIf(markerKey(job, date), "claimedAt = :now", {
          expression: "attribute_not_exists(pk) OR (attribute_not_exists(finishedAt) AND claimedAt < :stale)",
          values: { ":now": now, ":stale": staleBefore }
        })
        .pipe(
          Effect.map((marker) => marker !== null),
          asPortError("claimJob")
        ),
    jobProgress: (job, date) =>
      table.get(markerKey(job, date)).pipe(
        Effect.map((marker) => Option.fromNullishOr(marker?.["lastUserId"] as UserId | undefined)),
        asPortError("jobProgress")
      ),
    // What a run does keeps its claim fresh.
    saveJobProgress: (job, date, last, now) =>
      table
        .updateIf(markerKey(job, date), "lastUserId = :last, claimedAt = :now", {
          expression: "attribute_exists(pk)",
          values: { ":last": last, ":now": now }
        })
        .pipe(Effect.asVoid, asPortError("saveJobProgress")),
    finishJob: (job, date, now) =>
      table
        .updateIf(markerKey(job, date), "finishedAt = :now, claimedAt = :now", {
          expression: "attribute_exists(pk)",
          values: { ":now": now }
        })
        .pipe(Effect.asVoid, asPortError("finishJob"))
  }) satisfies Partial<Accounts["Service"]>

const markerKey = (job: string, date: string): Key => ({ pk: `JOB#${job}`, sk: date })
