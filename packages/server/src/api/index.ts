/**
 * The contract, for clients: `HttpApiClient.make(Api, …)` gives a typed one. No server code is met from here.
 */
export type { JobName } from "./AdminApi.ts"
export { Api } from "./Api.ts"
export { AdminOnly, Authorization, Caller } from "./Middleware.ts"
export * as Problems from "./Problems.ts"
export { formatInstant, parseInstant } from "./Time.ts"
