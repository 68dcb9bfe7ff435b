/**
 * Idempotency records: who runs a request, and what was answered before.
 * Decides, from the record as it is, what a caller finds; of several who find it free, the first to write it has it.
 * Answers rest sealed, since some of them hold a new key.
 */
import type { Instant, UserId } from "@punctual/core"
import {
  type Accounts,
  AccountsUnavailable,
  type IdempotencyKey,
  type IdempotencyStart,
  type StoredAnswers
} from "@punctual/core/accounts"
import { Effect } from "effect"
import { createHash } from "node:crypto"
import { type MasterKeys, type Place, seal, unseal } from "./Sealing.ts"
import { type Item, type Key, unchanged } from "../table/Item.ts"
import type { Table } from "../table/Table.ts"
import { sortable, timeToLiveAttribute } from "../table/TableDefinition.ts"
import type { TableError } from "../table/TableError.ts"
import { expiring } from "./Expiry.ts"
import { asPortError } from "./PortError.ts"

type Shape = Accounts["Service"]
type Request = Parameters<Shape["begin"]>[1]

export const idempotency = (table: Table, keys: MasterKeys) =>
  ({
    begin: (key, request) => begin(table, keys, key, request).pipe(asPortError("begin")),
    finish: (key, { body, keepUntil, leaseUntil, status }) => {
      const at = recordKey(key)
      const { ipk, isk, [timeToLiveAttribute]: ttl } = expiring(at.pk, keepUntil)
      const sealed = seal(keys, placeOf(key), body)
      return table
        .updateIf(
          at,
          "answerStatus = :status, sealed = :sealed, keepUntil = :until, ipk = :ipk, isk = :isk, #ttl = :ttl",
          {
            expression: "leaseUntil = :lease",
            names: { "#ttl": timeToLiveAttribute },
            values: {
              ":lease": leaseUntil,
              ":status": status,
              ":sealed": sealed,
              ":until": keepUntil,
              ":ipk": ipk,
              ":isk": isk,
              ":ttl": ttl
            }
          }
        )
        .pipe(
          Effect.flatMap((item) => (item === null ? Effect.void : countAnswer(table, key.userId, keepUntil, sealed))),
          asPortError("finish")
        )
    },
    storedAnswers: (userId, now) => storedAnswers(table, userId, now).pipe(asPortError("storedAnswers")),
    abandon: (key, leaseUntil) =>
      table
        .deleteIf(recordKey(key), { expression: "leaseUntil = :lease", values: { ":lease": leaseUntil } })
        .pipe(Effect.asVoid, asPortError("abandon"))
  }) satisfies Partial<Shape>

/** Between looking and taking the record may change hands; each time somebody else got through. */
const looksMax = 8

const begin = Effect.fnUntraced(function* (
  table: Table,
  keys: MasterKeys,
  key: IdempotencyKey,
  request: Request
): Effect.fn.Return<IdempotencyStart, TableError | AccountsUnavailable> {
  const at = recordKey(key)
  for (let looks = 0; looks < looksMax; looks++) {
    const known = yield* table.get(at)
    const found = foundIn(known, request)
    if (found.kind === "answered") {
      const body = unseal(keys, placeOf(key), found.sealed)
      if (body === null) return yield* unavailable("a stored answer does not open with the present master keys")
      return { kind: "done", status: found.status, body }
    }
    if (found.kind !== "started") return found
    const { digest, keepUntil, leaseUntil } = request
    const record = { ...at, digest, leaseUntil, keepUntil, ...expiring(at.pk, keepUntil) }
    if (yield* table.putIf(record, unchanged(known))) return found
  }
  return yield* unavailable("an idempotency key changed hands too often")
})

type Found =
  | Exclude<IdempotencyStart, { kind: "done" }>
  | { readonly kind: "answered"; readonly status: number; readonly sealed: Uint8Array }

/** What has expired counts as gone, whether or not it was removed yet. */
const foundIn = (record: Item | null, { digest, now }: Request): Found => {
  if (record === null || (record["keepUntil"] as Instant) <= now) return { kind: "started", isRerun: false }
  if (record["digest"] !== digest) return { kind: "mismatch" }
  if (record["answerStatus"] !== undefined) {
    return { kind: "answered", status: record["answerStatus"] as number, sealed: record["sealed"] as Uint8Array }
  }
  return (record["leaseUntil"] as Instant) <= now ? { kind: "started", isRerun: true } : { kind: "in_progress" }
}

/**
 * Records lie each in a partition of its own, so what a user has of them is summed up beside: by the hour in which answers
 * end, in an item that goes with the last of them.
 */
const countAnswer = (
  table: Table,
  userId: UserId,
  keepUntil: Instant,
  sealed: Uint8Array
): Effect.Effect<void, TableError> => {
  const at = { pk: countsOf(userId), sk: hourOf(keepUntil) }
  const { ipk, isk, [timeToLiveAttribute]: ttl } = expiring(at.pk, keepUntil + hourMillis)
  const added = (name: string, by: string) => `${name} = if_not_exists(${name}, :zero) + ${by}`
  return Effect.asVoid(
    table.updateIf(
      at,
      `${added("answerCount", ":one")}, ${added("answerBytes", ":bytes")}, ipk = :ipk, isk = :isk, #ttl = :ttl`,
      {
        // Always true, and there because `updateIf` asks for one.
        expression: "attribute_not_exists(answerCount) OR answerCount >= :zero",
        names: { "#ttl": timeToLiveAttribute },
        values: { ":zero": 0, ":one": 1, ":bytes": sealed.length, ":ipk": ipk, ":isk": isk, ":ttl": ttl }
      }
    )
  )
}

const storedAnswers = (table: Table, userId: UserId, now: Instant): Effect.Effect<StoredAnswers, TableError> =>
  Effect.map(table.partition(countsOf(userId), hourOf(now - hourMillis), hoursMax), (hours) => ({
    count: hours.reduce((sum, hour) => sum + (hour["answerCount"] as number), 0),
    bytes: hours.reduce((sum, hour) => sum + (hour["answerBytes"] as number), 0)
  }))

const hourMillis = 3_600_000
/** Answers end within a day, and the hours at both ends are begun. */
const hoursMax = 26
const hourOf = (at: Instant): string => sortable(Math.floor(at / hourMillis) * hourMillis)

const countsOf = (userId: UserId): string => `ANSWERS#${createHash("sha256").update(userId).digest("hex")}`

/** One length for keys of any, and no two alike. */
const recordKey = (key: IdempotencyKey): Key => ({
  pk: `IDEMPOTENCY#${createHash("sha256")
    .update(JSON.stringify(placeOf(key)))
    .digest("hex")}`,
  sk: "-"
})

const placeOf = ({ key, route, userId }: IdempotencyKey): Place => ["answer", userId, route, key]

const unavailable = (detail: string): Effect.Effect<never, AccountsUnavailable> =>
  Effect.fail(new AccountsUnavailable({ operation: "begin", detail }))
