/**
 * `/_sim`: what the handle of a running simulator can do, for other processes.
 *
 * Decides the paths, and that an edit which names what is not there, or lacks what it needs, is refused with a sentence. It
 * is no part of Google, and it is not protected: the simulator listens on loopback.
 */
import { type Edit, EditRefused } from "./edits/Edit.ts"
import type { Reply, Request } from "./wire/Exchange.ts"
import type { World } from "./world/World.ts"

export interface Handle {
  /** Does what an edit says; answers the id of what was made. */
  readonly edit: (edit: Edit) => string
  readonly world: () => World
  /** Every request, as `GET /calendar/v3/…`, without its query. */
  readonly requests: () => ReadonlyArray<string>
}

export const control = (handle: Handle, { body, method, path }: Request): Reply => {
  const route = routes[`${method} /${path.join("/")}`]
  return route === undefined
    ? { status: 404, body: { error: `no ${method} /${path.join("/")}`, routes: Object.keys(routes) } }
    : route(handle, body)
}

const routes: Readonly<Record<string, (handle: Handle, body: string) => Reply>> = {
  "GET /_sim": () => ({ status: 200, body: { routes: Object.keys(routes) } }),
  "GET /_sim/requests": (handle) => ({ status: 200, body: handle.requests() }),
  "POST /_sim/edits": (handle, body) => edited(handle, body)
}

/** One edit, or several in order up to the first that is refused; answers the id of what each made. */
const edited = (handle: Handle, body: string): Reply => {
  try {
    const given: unknown = JSON.parse(body)
    // An edit that lacks something is found out by what it is applied to.
    const edits = (Array.isArray(given) ? given : [given]) as ReadonlyArray<Edit>
    const ids = edits.map((edit) => handle.edit(edit))
    return { status: 200, body: Array.isArray(given) ? ids.map((id) => ({ id })) : { id: ids[0] } }
  } catch (error) {
    const said = error instanceof EditRefused ? error.message : `not an edit: ${String(error)}`
    return { status: 400, body: { error: said } }
  }
}
