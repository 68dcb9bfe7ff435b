/**
 * The reference server's accounts in memory: users, keys, idempotency records and consent states.
 *
 * Decides who wins where several race for the same thing. Never makes a key and never reads a clock.
 */
import { Effect, Layer, Option } from "effect"
import {
  Accounts,
  type ApiKey,
  type IdempotencyKey,
  type IdempotencyStart,
  type User,
  revokedKeptMillis
} from "../../accounts/Accounts.ts"
import type { UserId } from "../../src/domain/Ids.ts"
import { utf8Bytes } from "../../src/domain/JsonSize.ts"
import type { Instant } from "../../src/domain/Time.ts"
import { compareIds } from "./store/Tenant.ts"

export const layer: Layer.Layer<Accounts> = Layer.effect(
  Accounts,
  Effect.sync(() => make())
)

interface Answer {
  readonly status: number
  readonly body: string
}

/** One idempotency key: begun by somebody, perhaps answered. */
interface Begun {
  readonly digest: string
  readonly leaseUntil: Instant
  readonly keepUntil: Instant
  readonly answer: Answer | null
}

interface Consent {
  readonly userId: UserId
  readonly verifier: string
  readonly expiresAt: Instant
}

interface State {
  readonly users: Map<UserId, User>
  readonly keys: Map<string, ApiKey>
  readonly begun: Map<string, Begun>
  readonly consents: Map<string, Consent>
}

const make = (): Accounts["Service"] => {
  const state: State = { users: new Map(), keys: new Map(), begun: new Map(), consents: new Map() }
  return Accounts.of({
    ...usersAndKeys(state),
    ...idempotency(state),
    ...consents(state),
    purge: (now) =>
      Effect.sync(() => {
        for (const [id, { keepUntil }] of state.begun) if (keepUntil <= now) state.begun.delete(id)
        for (const [id, { expiresAt }] of state.consents) if (expiresAt <= now) state.consents.delete(id)
        for (const [id, { revokedAt }] of state.keys) {
          if (revokedAt !== null && revokedAt + revokedKeptMillis <= now) state.keys.delete(id)
        }
      })
  })
}

const usersAndKeys = ({ keys, users }: State) =>
  ({
    createUser: (user, key) =>
      Effect.sync(() => {
        const isTaken = [...users.values()].some((other) => other.id !== user.id && isNamedAlike(other, user))
        if (isTaken) return false
        users.set(user.id, user)
        if (key !== null) keys.set(key.id, key)
        return true
      }),
    eraseUser: (userId) =>
      Effect.sync(() => {
        for (const key of keys.values()) if (key.userId === userId) keys.delete(key.id)
        return users.delete(userId)
      }),
    user: (userId) => Effect.sync(() => Option.fromUndefinedOr(users.get(userId))),
    users: (after, limit) =>
      Effect.sync(() =>
        [...users.values()]
          .filter(({ id }) => after === null || id > after)
          .toSorted((a, b) => compareIds(a.id, b.id))
          .slice(0, limit)
      ),
    addKey: (key) => Effect.sync(() => void keys.set(key.id, key)),
    keys: (userId) => Effect.sync(() => [...keys.values()].filter((key) => key.userId === userId)),
    revokeKey: (userId, keyId, now) =>
      Effect.sync(() => {
        const key = keys.get(keyId)
        if (key?.userId !== userId) return false
        keys.set(keyId, { ...key, revokedAt: key.revokedAt ?? now })
        return true
      }),
    findKey: (digest) =>
      Effect.sync(() => {
        const key = [...keys.values()].find((held) => held.digest === digest && held.revokedAt === null)
        const user = key === undefined ? undefined : users.get(key.userId)
        return key === undefined || user === undefined ? Option.none() : Option.some({ key, user })
      })
  }) satisfies Partial<Accounts["Service"]>

const isNamedAlike = (a: User, b: User): boolean =>
  a.externalId !== null && a.externalId === b.externalId && a.workspaceId === b.workspaceId

const idempotency = ({ begun }: State) =>
  ({
    begin: (key, { digest, keepUntil, leaseUntil, now }) =>
      Effect.sync((): IdempotencyStart => {
        const known = begun.get(idOf(key))
        const isKnown = known !== undefined && known.keepUntil > now
        if (isKnown && known.digest !== digest) return { kind: "mismatch" }
        if (isKnown && known.answer !== null) return { kind: "done", ...known.answer }
        if (isKnown && known.leaseUntil > now) return { kind: "in_progress" }
        begun.set(idOf(key), { digest, leaseUntil, keepUntil, answer: null })
        return { kind: "started", isRerun: isKnown }
      }),
    finish: (key, { body, keepUntil, leaseUntil, status }) =>
      Effect.sync(() => {
        const known = begun.get(idOf(key))
        if (known?.leaseUntil === leaseUntil) begun.set(idOf(key), { ...known, keepUntil, answer: { status, body } })
      }),
    storedAnswers: (userId, now) =>
      Effect.sync(() => {
        const kept = [...begun].filter(([id, { keepUntil }]) => ownerOf(id) === userId && keepUntil > now)
        const bytes = kept.reduce((sum, [, { answer }]) => sum + utf8Bytes(answer?.body ?? ""), 0)
        return { count: kept.filter(([, { answer }]) => answer !== null).length, bytes }
      }),
    abandon: (key, leaseUntil) =>
      Effect.sync(() => {
        if (begun.get(idOf(key))?.leaseUntil === leaseUntil) begun.delete(idOf(key))
      })
  }) satisfies Partial<Accounts["Service"]>

const idOf = ({ key, route, userId }: IdempotencyKey): string => JSON.stringify([userId, route, key])

const ownerOf = (id: string): unknown => (JSON.parse(id) as ReadonlyArray<unknown>)[0]

const consents = ({ consents: held }: State) =>
  ({
    putConsent: ({ digest, expiresAt, userId, verifier }) =>
      Effect.sync(() => void held.set(digest, { userId, verifier, expiresAt })),
    takeConsent: (digest, now) =>
      Effect.sync(() => {
        const known = held.get(digest)
        held.delete(digest)
        return known === undefined || known.expiresAt <= now
          ? Option.none()
          : Option.some({ userId: known.userId, verifier: known.verifier })
      })
  }) satisfies Partial<Accounts["Service"]>
