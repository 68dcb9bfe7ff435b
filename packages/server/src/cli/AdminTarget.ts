/**
 * What an admin command talks to: the running server by its admin endpoints, or storage itself.
 *
 * Decides by what is there. A PostgreSQL server or a table takes several processes at once, so storage is asked. The
 * embedded database belongs to one process: while the server runs, it is asked, by the admin key.
 */
import { Clock, Effect, Layer, Option, type Redacted } from "effect"
import { FetchHttpClient, HttpClient, HttpClientError, HttpClientRequest } from "effect/http"
import { HttpApiClient } from "effect/http-api"
import { type EventId, Punctual, type UserId } from "@punctual/core"
import { Api } from "../api/Api.ts"
import type { ExplanationAnswer } from "../api/DecisionSchemas.ts"
import * as Administration from "../auth/Administration.ts"
import type { ServerConfig } from "../config/Config.ts"
import { ConfigFault } from "../config/ConfigFault.ts"
import { explanationOf } from "../handlers/DecisionView.ts"
import { type WorkspacePolicies, workspacePolicies } from "../rules/WorkspacePolicies.ts"
import type { Counts } from "../workers/Jobs.ts"

export interface Administrator extends Administration.AdministrationShape<unknown>, WorkspacePolicies<unknown> {
  /** None: no such user, or no such event of theirs. */
  readonly explain: (
    userId: string,
    eventId: string
  ) => Effect.Effect<Option.Option<typeof ExplanationAnswer.Type>, unknown>
}

/** A server on this machine answers at once or is not there. */
const lookMillisMax = 2_000

/** Runs `use` with whatever can be reached. */
export const administer = <A, E>(
  config: ServerConfig,
  use: (administrator: Administrator) => Effect.Effect<A, E>
): Effect.Effect<A, unknown> =>
  Effect.gen(function* () {
    const isShared = Option.isSome(config.databaseUrl) || config.storage.store.kind === "dynamodb"
    if (isShared || !(yield* isRunning(config))) return yield* locally(config, use)
    if (Option.isNone(config.adminKey)) {
      return yield* new ConfigFault({
        variable: "PUNCTUAL_ADMIN_KEY",
        message:
          "the server is running and holds the embedded database; set the key, here and there, or stop the server"
      })
    }
    return yield* use(yield* remote(config, config.adminKey.value))
  })

/** Where this configuration's server answers on this machine. */
export const localAddress = ({ host, port }: Pick<ServerConfig, "host" | "port">): string => {
  const reached = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host
  return `http://${reached.includes(":") ? `[${reached}]` : reached}:${port}`
}

export const isRunning = (config: Pick<ServerConfig, "host" | "port">): Effect.Effect<boolean> =>
  Effect.flatMap(HttpClient.HttpClient, (client) => client.get(`${localAddress(config)}/healthz`)).pipe(
    Effect.map(({ status }) => status === 200),
    Effect.timeoutOrElse({ duration: lookMillisMax, orElse: () => Effect.succeed(false) }),
    Effect.catch(() => Effect.succeed(false)),
    Effect.provide(FetchHttpClient.layer)
  )

/** Fails while a server holds the embedded database, which belongs to one process. `advice` goes on with the sentence. */
export const demandReleased = (
  config: Pick<ServerConfig, "host" | "port">,
  advice = "; stop it first"
): Effect.Effect<void, ConfigFault> =>
  Effect.flatMap(isRunning(config), (isHeld) =>
    isHeld
      ? new ConfigFault({
          variable: "PUNCTUAL_DATA_DIR",
          message: `the server is running and holds the embedded database${advice}`
        })
      : Effect.void
  )

const locally = <A, E>(
  config: ServerConfig,
  use: (administrator: Administrator) => Effect.Effect<A, E>
): Effect.Effect<A, unknown> =>
  Effect.gen(function* () {
    // Loaded where it is needed: an answer over HTTP comes without a database engine.
    const System = yield* Effect.promise(() => import("../System.ts"))
    const masterKeys = yield* System.masterKeysOf(config)
    const layer = Administration.layer.pipe(Layer.provideMerge(System.layer(config, masterKeys)))
    const useAndLinger = Effect.gen(function* () {
      const administrator = yield* Administration.Administration
      const punctual = yield* Punctual
      return yield* use({
        ...administrator,
        ...workspacePolicies(punctual),
        runJob: (job) => Effect.tap(administrator.runJob(job), launched(config)),
        explain: (userId, eventId) => explained(punctual, userId as UserId, eventId as EventId)
      })
    })
    return yield* Effect.provide(useAndLinger, layer)
  })

const explained = (punctual: Punctual["Service"], userId: UserId, eventId: EventId) =>
  Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    return Option.some(explanationOf(yield* punctual.explain(userId, eventId), now))
  }).pipe(
    Effect.catchIf(
      (failure) => failure._tag === "Refusal" && failure.code === "event_not_found",
      () => Effect.succeedNone
    )
  )

/** Bots that were due are being handed over: a process that ended now would leave them to their leases. */
const launched =
  ({ policy }: ServerConfig) =>
  (counts: Counts): Effect.Effect<void> =>
    (counts["bots_due"] ?? 0) > 0 ? Effect.sleep(policy.launchTimeoutMillis) : Effect.void

/** With a user: for that user's pages, which the admin key may look at. */
const clientOf = (config: ServerConfig, adminKey: Redacted.Redacted, user: string | null) =>
  HttpApiClient.make(Api, {
    baseUrl: localAddress(config),
    transformClient: HttpClient.mapRequest((request) => {
      const signed = HttpClientRequest.bearerToken(request, adminKey)
      return user === null ? signed : HttpClientRequest.setUrlParam(signed, "user_id", user)
    })
  }).pipe(Effect.provide(FetchHttpClient.layer))

const orNone = <A, E extends { readonly _tag: string }>(effect: Effect.Effect<A, E>) =>
  effect.pipe(
    Effect.asSome,
    Effect.catchIf(
      ({ _tag }) => missing.has(_tag),
      () => Effect.succeedNone
    )
  )

/** The same by HTTP, through the typed client that the contract gives. */
const remote = Effect.fnUntraced(function* (config: ServerConfig, adminKey: Redacted.Redacted) {
  const { admin, workspace } = yield* clientOf(config, adminKey, null)
  const administrator: Administrator = {
    createUser: ({ externalId, name, workspace }) =>
      Effect.map(
        admin.createUser({
          headers: {},
          payload: {
            ...(name !== null && { name }),
            ...(workspace !== null && { workspace }),
            ...(externalId !== null && { external_id: externalId })
          }
        }),
        (user) => ({ ...given(user), workspaceId: user.workspace_id })
      ),
    users: (after, limit) =>
      Effect.map(admin.listUsers({ query: { ...(after !== null && { after }), limit } }), ({ users }) =>
        users.map((user) => ({
          id: user.user_id as UserId,
          workspaceId: user.workspace_id,
          name: user.name,
          externalId: user.external_id,
          createdAt: user.created_at
        }))
      ),
    eraseUser: (userId) =>
      orNone(
        Effect.map(admin.deleteUser({ params: { user_id: userId } }), (erased) => ({
          userId: erased.user_id,
          eventsDeleted: erased.events_deleted,
          schedulesCancelled: erased.schedules_cancelled,
          subscriptionsStopped: erased.subscription_stopped
        }))
      ),
    createKey: (userId) => orNone(Effect.map(admin.createKey({ headers: {}, params: { user_id: userId } }), given)),
    keys: (userId) =>
      orNone(
        Effect.map(admin.listKeys({ params: { user_id: userId } }), ({ keys }) =>
          keys.map((key) => ({
            id: key.key_id,
            userId: userId as UserId,
            digest: "",
            prefix: key.prefix,
            createdAt: key.created_at,
            revokedAt: key.revoked_at
          }))
        )
      ),
    revokeKey: (userId, keyId) =>
      Effect.map(orNone(admin.revokeKey({ params: { user_id: userId, key_id: keyId } })), Option.isSome),
    runJob: (job) => Effect.map(admin.runJob({ headers: {}, params: { job } }), ({ counts }) => counts),
    policy: (workspaceId) => orNone(workspace.policy({ params: { workspace_id: workspaceId } })),
    setPolicy: (workspaceId, payload) =>
      orNone(workspace.setPolicy({ params: { workspace_id: workspaceId }, payload })),
    explain: (userId, eventId) =>
      Effect.flatMap(clientOf(config, adminKey, userId), ({ events }) =>
        orNone(events.explanation({ params: { event_id: eventId } }))
      ).pipe(
        // A user that there is not is no answer of the endpoint's own, but of who asks in a user's place.
        Effect.catchIf(
          (error) => HttpClientError.isHttpClientError(error) && error.response?.status === 404,
          () => Effect.succeedNone
        )
      )
  }
  return administrator
})

/** What there is not: a user, a key, a workspace, an event. */
const missing: ReadonlySet<string> = new Set(["not_found", "workspace_not_found", "event_not_found"])

const given = (key: { readonly user_id: string; readonly key_id: string; readonly api_key: string }) => ({
  userId: key.user_id,
  keyId: key.key_id,
  apiKey: key.api_key
})
