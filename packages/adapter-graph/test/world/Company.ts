/**
 * A host over the Graph adapter and a cloud. Decides nothing: what one is, `core/test/provider/Company.ts` says.
 */
import { Layer } from "effect"
import { HttpClient } from "effect/http"
import type { Policy } from "@punctual/core"
import { type Company, openCompany as openOn } from "../../../core/test/provider/Company.ts"
import type { Loop } from "../../../core/test/provider/Loop.ts"
import { type GraphOptions, layerNoDeps, parseNotifications } from "../../src/index.ts"
import type { Cloud } from "./Cloud.ts"

export interface CompanyOptions {
  readonly policy?: Partial<Policy>
  readonly graph?: GraphOptions
}

export const openCompany = (loop: Loop, cloud: Cloud, { graph, policy = {} }: CompanyOptions = {}): Promise<Company> =>
  openOn(loop, {
    provider: layerNoDeps(graph).pipe(Layer.provide(Layer.succeed(HttpClient.HttpClient, cloud.http))),
    policy,
    deliveries: () =>
      cloud
        .deliveries()
        .flatMap(({ body }) => parseNotifications(body) ?? [])
        .map(({ clientState, kind, subscriptionId }) => ({ clientState, kind, subscriptionId }))
  })
