/**
 * The reference server's parts, for hosts that want some of them in a process of their own.
 * `main.ts` shows how they are put together. The list is hand-written; nothing else is public.
 */

// ---- the HTTP application, to be served by whatever the host serves with
export { app } from "./App.ts"
export * as Administration from "./auth/Administration.ts"
export * as Authorizing from "./auth/Authorizing.ts"
export * as Idempotency from "./http/Idempotency.ts"
export * as RateLimiting from "./http/RateLimiting.ts"
export { type Signing, type SigningKeys, makeSigning } from "./auth/Signing.ts"
export { Cursors } from "./handlers/CursorService.ts"
export { NotificationReader } from "./handlers/WebhooksHandlers.ts"
export * as Consent from "./oauth/Consent.ts"
export { type App, type Exchange, makeExchange } from "./oauth/CodeFlow.ts"

// ---- bot services
export * as Launchers from "./launchers/index.ts"
export * as WebhookLauncher from "./launchers/Webhook.ts"

// ---- what runs by itself
export * as BackgroundLoops from "./workers/BackgroundLoops.ts"

// ---- configuration
export { type ServerConfig, load, parse } from "./config/Config.ts"
export { ConfigFault } from "./config/ConfigFault.ts"
