/**
 * Credentials as Parameter Store carries them: under which names, as which text.
 *
 * Decides names and text. A name that was deleted can't be had again for half a minute, so each ref has ten, of which one
 * is in use. The text says whose it is and carries its own digest: KMS keeps it from being read, but whoever may write
 * parameters could put one in the place of another. Pure: never asks AWS for anything.
 */
import type { ConnectionGeneration, ConnectionRef, Credentials } from "@punctual/core"
import { Redacted } from "effect"
import { createHash } from "node:crypto"
import { nameOf } from "../scheduler/Alarm.ts"

/** Read and deleted in one request, which takes ten names at most. */
export const namesPerRef = 10

/** The larger of Parameter Store's two sizes. */
export const valueBytesMax = 8_192

export const connectionPath = (prefix: string, { id, userId }: Pick<ConnectionGeneration, "id" | "userId">): string =>
  `${prefix}/${nameOf(userId)}/${nameOf(id)}`

export const namesOf = (
  prefix: string,
  { connectionId: id, generation, userId, version }: ConnectionRef
): ReadonlyArray<string> =>
  Array.from(
    { length: namesPerRef },
    (_, n) => `${connectionPath(prefix, { id, userId })}/${generation}/${version}/${n}`
  )

/** Of a name below the connection's path; NaN where it is none of ours. */
export const generationIn = (path: string, name: string): number => {
  const [generation, version, place, ...rest] = name.slice(path.length + 1).split("/")
  return name.startsWith(`${path}/`) && version !== undefined && place !== undefined && rest.length === 0
    ? Number(generation)
    : Number.NaN
}

/** base64url, since a value may not hold what looks like a reference to another (`{{…}}`). */
export const textOf = (ref: ConnectionRef, credentials: Redacted.Redacted<Credentials>): string => {
  const body = Buffer.from(JSON.stringify([1, placeOf(ref), Redacted.value(credentials)])).toString("base64url")
  return `${body}.${digestOf(body)}`
}

/** Null: damaged, or it belongs elsewhere. */
export const credentialsIn = (ref: ConnectionRef, text: string): Redacted.Redacted<Credentials> | null => {
  const [body = "", digest] = text.split(".")
  if (digest !== digestOf(body)) return null
  // What carries its digest is what `textOf` wrote.
  const [, place, credentials] = JSON.parse(Buffer.from(body, "base64url").toString("utf8")) as [1, string, Credentials]
  return place === placeOf(ref) ? Redacted.make(credentials) : null
}

const placeOf = ({ connectionId, generation, userId, version }: ConnectionRef): string =>
  JSON.stringify([userId, connectionId, generation, version])

const digestOf = (body: string): string => createHash("sha256").update(`punctual ${body}`).digest("base64url")
