/**
 * Says in the OpenAPI document that a request body may be left out. Decides nothing about how it is read.
 */
import type { Context } from "effect"
import { OpenApi } from "effect/http-api"

/** For `endpoint.annotateMerge`. */
export const bodyMayBeLeftOut: Context.Context<never> = OpenApi.annotations({
  transform: (operation) =>
    "requestBody" in operation && typeof operation["requestBody"] === "object"
      ? { ...operation, requestBody: { ...operation["requestBody"], required: false } }
      : operation
})
