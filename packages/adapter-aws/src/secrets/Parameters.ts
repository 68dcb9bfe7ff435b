/**
 * Parameter Store, one request each: what lies under a ref's names, written, read back, deleted.
 * Decides the fields of a request and what each answer means. Never decides what replaces what.
 */
import {
  DeleteParametersCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  type SSMClient
} from "@aws-sdk/client-ssm"
import type { ConnectionRef, Credentials } from "@punctual/core"
import { Effect, Redacted } from "effect"
import { type AwsFailure, absentAsNull } from "../client/AwsFailure.ts"
import type { Ask } from "../client/AwsRetry.ts"
import { credentialsIn } from "./Entry.ts"

/** What lies under one of a ref's names; `credentials` null: it does not open here. */
export interface Held {
  readonly name: string
  readonly version: number
  readonly text: string
  readonly credentials: Redacted.Redacted<Credentials> | null
}

export interface Parameters {
  /** Of ten names at most, what is there, the newest token first. */
  readonly read: (ref: ConnectionRef, names: ReadonlyArray<string>) => Result<ReadonlyArray<Held>>
  readonly readVersion: (ref: ConnectionRef, name: string, version: number) => Result<Held | null>
  /** The version it was given; null: it was to be new, and there is one of that name already. */
  readonly write: (name: string, text: string, isNew: boolean, turn: Result<void>) => Result<number | null>
  /** Of ten names at most, those that were there. */
  readonly remove: (names: ReadonlyArray<string>) => Result<ReadonlyArray<string>>
  readonly namesBelow: (path: string) => Result<ReadonlyArray<string>>
}

type Result<A> = Effect.Effect<A, AwsFailure>

export const obtainedAt = ({ credentials }: Held): number =>
  credentials === null ? -Infinity : Redacted.value(credentials).obtainedAt

export const makeParameters = (client: SSMClient, ask: Ask, keyId: string | null): Parameters => ({
  read: (ref, names) => {
    const command = new GetParametersCommand({ Names: [...names], WithDecryption: true })
    return ask((abortSignal) => client.send(command, { abortSignal })).pipe(
      Effect.map(({ Parameters = [] }) =>
        Parameters.map(({ Name = "", Value = "", Version = 0 }) => heldOf(ref, Name, Version, Value)).toSorted(
          (a, b) => obtainedAt(b) - obtainedAt(a)
        )
      )
    )
  },
  readVersion: (ref, name, version) => {
    const command = new GetParameterCommand({ Name: `${name}:${version}`, WithDecryption: true })
    return Effect.map(absentAsNull(ask((abortSignal) => client.send(command, { abortSignal }))), (found) =>
      found === null ? null : heldOf(ref, name, version, found.Parameter?.Value ?? "")
    )
  },
  write: (name, text, isNew, turn) => {
    const command = new PutParameterCommand({
      Name: name,
      Value: text,
      Type: "SecureString",
      // Advanced, which costs, only for what is too large for Standard.
      Tier: "Intelligent-Tiering",
      Overwrite: !isNew,
      ...(keyId !== null && { KeyId: keyId })
    })
    return ask((abortSignal) => client.send(command, { abortSignal }), { turn }).pipe(
      Effect.map(({ Version = 0 }): number | null => Version),
      Effect.catchIf(
        ({ kind }) => kind === "present",
        () => Effect.succeed(null)
      )
    )
  },
  remove: (names) =>
    Effect.map(
      ask((abortSignal) => client.send(new DeleteParametersCommand({ Names: [...names] }), { abortSignal })),
      ({ DeletedParameters = [] }) => DeletedParameters
    ),
  namesBelow: Effect.fnUntraced(function* (path) {
    const names: Array<string> = []
    let token: string | undefined
    do {
      const command: GetParametersByPathCommand = new GetParametersByPathCommand({
        Path: path,
        Recursive: true,
        ...(token !== undefined && { NextToken: token })
      })
      // A page may be empty and still not be the last.
      const { NextToken, Parameters = [] } = yield* ask((abortSignal) => client.send(command, { abortSignal }))
      names.push(...Parameters.map(({ Name = "" }) => Name))
      token = NextToken
    } while (token !== undefined)
    return names
  })
})

const heldOf = (ref: ConnectionRef, name: string, version: number, text: string): Held => ({
  name,
  version,
  text,
  credentials: credentialsIn(ref, text)
})
