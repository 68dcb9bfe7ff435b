#!/usr/bin/env node
/**
 * The sign-in tool of the guide's first section: `npx --yes pnpm@12 oauth`, or `oauth --provider google`.
 *
 * Decides where it listens, on this machine's two loopback addresses and nowhere else, and when it ends: once someone
 * has a refresh token. Prints what the guide shows, and no token.
 */
import { createServer } from "node:http"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Cause, Console, Effect, References, type Scope } from "effect"
import { HttpClient } from "effect/http"
import { ConfigFault, lineOf } from "../../config/ConfigFault.ts"
import { readRecord } from "../../config/Environment.ts"
import * as RedirectFree from "../../http/client/RedirectFree.ts"
import { makeRedeem } from "../../oauth/CodeFlow.ts"
import { type SignInTool, makeSignInTool } from "./SignInTool.ts"
import { settingsFrom } from "./Settings.ts"
import { toolWords } from "./ToolWords.ts"

/** For the page with the tokens to reach the browser, which may hold other connections open that it never uses. */
const drainMillisMax = 1_000

const addresses = ["127.0.0.1", "::1"] as const

/** A machine without IPv6 has one loopback address. */
const absent: ReadonlySet<string> = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT"])

const listen = (host: string, port: number, handle: SignInTool["handle"]) =>
  Effect.gen(function* () {
    const sockets = createServer()
    const server = yield* NodeHttpServer.make(() => sockets, { host, port, gracefulShutdownTimeout: drainMillisMax })
    // Once the page has had its time: closing would wait for connections on which nothing was ever asked, as long as the
    // browser keeps them.
    yield* Effect.addFinalizer(() => Effect.sync(() => sockets.closeAllConnections()))
    yield* server.serve(handle)
  }).pipe(
    Effect.catchTag("ServeError", ({ cause }): Effect.Effect<void, ConfigFault> => {
      const code = codeOf(cause)
      if (host === "::1" && absent.has(code)) return Effect.void
      const message =
        code === "EADDRINUSE"
          ? "In use by another program. Stop it, or choose another port with --port and register that redirect address."
          : `Can't be listened on (${code}).`
      return Effect.fail(new ConfigFault({ variable: `port ${port} of ${host}`, message }))
    })
  )

const codeOf = (cause: unknown): string =>
  typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "unknown"

const tool: Effect.Effect<void, ConfigFault, Scope.Scope | HttpClient.HttpClient> = Effect.gen(function* () {
  const settings = yield* settingsFrom(readRecord(), process.argv.slice(2))
  const { beforehand, whereRegistered } = toolWords[settings.app.service.provider]
  const redeem = makeRedeem(yield* HttpClient.HttpClient, settings.app)
  const { done, handle } = yield* makeSignInTool(settings, redeem, (line) => Console.error(`Not signed in: ${line}`))
  for (const address of addresses) yield* listen(address, settings.port, handle)
  yield* Console.log(`Open ${settings.origin} to start the OAuth flow
Redirect URI: ${settings.app.redirectUri}

Make sure this redirect URI is added in ${whereRegistered}`)
  if (beforehand !== null) yield* Console.log(`\n${beforehand}`)
  yield* done
  yield* Console.log("\nSigned in. The tokens are on the page in your browser; nothing was written to disk.")
})

tool.pipe(
  Effect.scoped,
  Effect.provide(RedirectFree.layer),
  Effect.tapCause((cause) =>
    Cause.hasInterruptsOnly(cause) ? Effect.void : Console.error(`oauth: ${lineOf(Cause.squash(cause))}`)
  ),
  Effect.provideService(References.MinimumLogLevel, "Error"),
  NodeRuntime.runMain({ disableErrorReporting: true })
)
