/**
 * The in-memory secret store. It hides nothing from the process it runs in; it keeps the port's promises about which
 * credentials are found, and notices tampering by a seal over each entry and its place.
 *
 * Decides what replaces what. Never logs, and hands out credentials wrapped only.
 */
import { Context, Effect, Layer, type Option, Redacted } from "effect"
import { digest } from "../../src/domain/DeterministicIds.ts"
import type { ConnectionGeneration, ConnectionRef, Credentials } from "../../src/domain/Connection.ts"
import { DecryptFailed, Secrets, SecretsError, SecretsUnavailable } from "../../src/ports/Secrets.ts"
import { type FailNext, type Faults, makeFaults } from "./faults/Faults.ts"

/** What a test may see and turn that no use case may. */
export class SecretsProbe extends Context.Service<
  SecretsProbe,
  {
    /** Which entries there are. */
    readonly refs: Effect.Effect<ReadonlyArray<ConnectionRef>>
    /** The next `times` operations fail with `SecretsUnavailable`. */
    readonly failNext: FailNext
    /** Changes one character of an entry as it rests. */
    readonly corrupt: (ref: ConnectionRef) => Effect.Effect<void>
    /** Puts what rests under one ref in the place of another, as whoever can write to the disk might. */
    readonly transplant: (from: ConnectionRef, to: ConnectionRef) => Effect.Effect<void>
  }
>()("@punctual/core/testing/memory/SecretsMemory/SecretsProbe") {}

/** The secret store and its probe, sharing one state. */
export const layer: Layer.Layer<Secrets | SecretsProbe> = Layer.effectContext(Effect.sync(() => make()))

interface Entry {
  readonly ref: ConnectionRef
  readonly text: string
  readonly seal: string
}

type Entries = Map<string, Entry>

const make = (): Context.Context<Secrets | SecretsProbe> => {
  const entries: Entries = new Map()
  const faults = makeFaults((operation) => {
    const reason = new SecretsUnavailable({ message: `${operation}: asked to fail by a test` })
    return new SecretsError({ operation: operation as SecretsError["operation"], reason })
  })
  return Context.make(Secrets, secretsOf(entries, faults)).pipe(Context.add(SecretsProbe, probeOf(entries, faults)))
}

const secretsOf = (entries: Entries, { guard }: Faults<SecretsError>): Secrets["Service"] =>
  Secrets.of({
    put: (ref, credentials) =>
      guard(
        "put",
        Effect.sync(() => put(entries, ref, Redacted.value(credentials)))
      ),
    get: (ref) =>
      guard(
        "get",
        Effect.suspend(() => get(entries, ref))
      ),
    erase: (ref) =>
      guard(
        "erase",
        Effect.sync(() => void entries.delete(idOf(ref)))
      ),
    eraseAll: (upTo) =>
      guard(
        "erase",
        Effect.sync(() => eraseAll(entries, upTo))
      )
  })

const probeOf = (entries: Entries, faults: Faults<SecretsError>): SecretsProbe["Service"] =>
  SecretsProbe.of({
    refs: Effect.sync(() => [...entries.values()].map(({ ref }) => ref)),
    failNext: faults.failNext,
    corrupt: (ref) =>
      Effect.sync(() => {
        const entry = entries.get(idOf(ref))
        if (entry !== undefined) entries.set(idOf(ref), { ...entry, text: entry.text.replace("clientId", "clientID") })
      }),
    transplant: (from, to) =>
      Effect.sync(() => {
        const entry = entries.get(idOf(from))
        if (entry !== undefined) entries.set(idOf(to), { ...entry, ref: to })
      })
  })

const idOf = ({ connectionId, generation, version }: ConnectionRef): string =>
  `${connectionId}/${generation}/${version}`

const sealOf = (ref: ConnectionRef, text: string): string => digest(`${idOf(ref)}\n${text}`)

const put = (entries: Entries, ref: ConnectionRef, credentials: Credentials): void => {
  const known = entries.get(idOf(ref))
  if (known !== undefined && open(known).obtainedAt > credentials.obtainedAt) return
  const text = JSON.stringify(credentials)
  entries.set(idOf(ref), { ref, text, seal: sealOf(ref, text) })
}

const get = (
  entries: Entries,
  ref: ConnectionRef
): Effect.Effect<Option.Option<Redacted.Redacted<Credentials>>, SecretsError> => {
  const entry = entries.get(idOf(ref))
  if (entry === undefined) return Effect.succeedNone
  if (entry.seal !== sealOf(ref, entry.text)) {
    return Effect.fail(new SecretsError({ operation: "get", reason: new DecryptFailed() }))
  }
  return Effect.succeedSome(Redacted.make(open(entry)))
}

/** Only what `put` wrote is ever parsed: the seal was checked, or the text is about to be replaced. */
const open = (entry: Entry): Credentials => JSON.parse(entry.text) as Credentials

const eraseAll = (entries: Entries, upTo: ConnectionGeneration): void => {
  for (const [id, { ref }] of entries) {
    if (ref.connectionId === upTo.id && ref.generation <= upTo.generation) entries.delete(id)
  }
}
