/**
 * Which addresses there are, for what the router can't say: the name of a route in counters, and the methods that an
 * address does take when it was asked for with another.
 */
import { FindMyWay } from "effect/http"
import { type HttpApi, HttpApi as HttpApis } from "effect/http-api"
import type { Api } from "../api/Api.ts"

export interface Routes {
  /** `GET /api/v1/calendar/events`, with parameters as patterns; null: no such route. */
  readonly nameOf: (method: string, url: string) => string | null
  /** The ids in the address by their parameters' names; none where there is no such route. */
  readonly idsOf: (method: string, url: string) => Readonly<Record<string, string>>
  /** Every method that the address takes. */
  readonly methodsOf: (url: string) => ReadonlyArray<string>
}

/** Ids of calendars are long. */
export const routerConfig: Partial<FindMyWay.RouterConfig> = { maxParamLength: 1_024, ignoreDuplicateSlashes: false }

/** Whatever else stands in an address is not repeated in a log. */
const looksLikeId = /^[\w.=+:-]{1,256}$/

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const

/** The routes of the contract and those beside it, given as method and path. */
export const makeRoutes = (api: typeof Api, beside: ReadonlyArray<readonly [string, FindMyWay.PathInput]>): Routes => {
  const router = FindMyWay.make<string>(routerConfig)
  const add = (method: string, path: FindMyWay.PathInput) => router.on(method, path, `${method} ${path}`)
  // What is looked at here any API has; the type of this one names all its groups, which `Top` does not take.
  HttpApis.reflect(api as unknown as HttpApi.Top, {
    onGroup: () => {},
    onEndpoint: ({ endpoint }) => add(endpoint.method, endpoint.path as FindMyWay.PathInput)
  })
  for (const [method, path] of beside) add(method, path)
  const nameOf = (method: string, url: string) =>
    (router.find(method, url) ?? (method === "HEAD" ? router.find("GET", url) : undefined))?.handler ?? null
  const idsOf = (method: string, url: string) =>
    Object.fromEntries(
      Object.entries(router.find(method, url)?.params ?? {}).flatMap(([name, value]) =>
        name.endsWith("_id") && value !== undefined && looksLikeId.test(value) ? [[name, value]] : []
      )
    )
  return { nameOf, idsOf, methodsOf: (url) => methods.filter((method) => router.find(method, url) !== undefined) }
}
