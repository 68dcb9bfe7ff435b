/**
 * The simulated Google without a socket: its rules behind an `HttpClient`, on the clock of whoever asks. Decides nothing:
 * what is answered is the rules' to say.
 */
import { Clock, Effect } from "effect"
import { HttpClient, type HttpClientRequest, HttpClientResponse } from "effect/http"
import {
  type Edit,
  type Options,
  type Parcel,
  type World,
  applyEdit,
  emptyWorld,
  step
} from "@punctual/adapter-google/simulator"
import { told } from "../../simulator/rules/Channels.ts"

export interface Cloud {
  readonly http: HttpClient.HttpClient
  readonly world: () => World
  /** Throws `EditRefused`. */
  readonly edit: (edit: Edit, now: number) => string
  /** What is to be posted, taken out. */
  readonly takeParcels: () => ReadonlyArray<Parcel>
}

/** `onRequest` is told of each request before it is answered: there people may edit. */
export const makeCloud = (options: Partial<Options>, onRequest: (now: number) => void = () => undefined): Cloud => {
  let world = emptyWorld(options)
  let parcels: Array<Parcel> = []
  const http = HttpClient.make((request, url) =>
    Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      onRequest(now)
      const outcome = step(
        world,
        {
          method: request.method,
          path: url.pathname.split("/").slice(1).map(decodeURIComponent),
          query: url.searchParams,
          headers: request.headers,
          body: bodyOf(request)
        },
        now
      )
      world = outcome.world
      parcels.push(...outcome.parcels)
      const { body, headers = {}, status } = outcome.reply
      const text = body === undefined ? null : JSON.stringify(body)
      return HttpClientResponse.fromWeb(request, new Response(text, { status, headers }))
    })
  )
  return {
    http,
    world: () => world,
    edit: (edit, now) => {
      const edited = applyEdit(world, edit, now)
      const next =
        edited.calendar === null ? { world: edited.world, parcels: [] } : told(edited.world, edited.calendar, now)
      world = next.world
      parcels.push(...next.parcels)
      return edited.id
    },
    takeParcels: () => {
      const taken = parcels
      parcels = []
      return taken
    }
  }
}

const bodyOf = (request: HttpClientRequest.HttpClientRequest): string =>
  request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : ""
