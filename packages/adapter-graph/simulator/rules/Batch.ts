/**
 * POST /$batch: several requests in one.
 *
 * Decides that each part is judged by itself and that at most twenty are taken. Creating a subscription needs a
 * callback and is not done in a batch here: that part answers 501.
 */
import {
  type Call,
  type Outcome,
  type Reply,
  isRecord,
  jsonObject,
  ok,
  parsePrefer,
  refusal,
  replied,
  segmentsOf
} from "../wire/Exchange.ts"
import type { World } from "../world/World.ts"

const partsMax = 20

export const batch = (call: Call, route: (call: Call) => Outcome): Outcome => {
  const parts = jsonObject(call.request.body)?.["requests"]
  if (call.request.method !== "POST" || !Array.isArray(parts)) {
    return replied(call.world, refusal(call, 400, "BadRequest", "Invalid batch payload format."))
  }
  if (parts.length > partsMax) {
    return replied(
      call.world,
      refusal(call, 400, "BadRequest", `Number of batch request steps exceeds the maximum value of ${partsMax}.`)
    )
  }
  let world: World = call.world
  const responses: Array<unknown> = []
  for (const part of parts as ReadonlyArray<unknown>) {
    const [next, response] = answered({ ...call, world }, part, route)
    world = next
    responses.push(response)
  }
  return replied(world, ok({ responses }))
}

const answered = (call: Call, part: unknown, route: (call: Call) => Outcome): readonly [World, unknown] => {
  const id = isRecord(part) && typeof part["id"] === "string" ? part["id"] : null
  const url = isRecord(part) && typeof part["url"] === "string" ? part["url"] : null
  const method = isRecord(part) && typeof part["method"] === "string" ? part["method"].toUpperCase() : null
  if (!isRecord(part) || id === null || url === null || method === null) {
    return [
      call.world,
      { id, status: 400, body: refusal(call, 400, "BadRequest", "Invalid batch payload format.").body }
    ]
  }
  const [path = "", query = ""] = url.split("?", 2)
  const [head, second, ...rest] = segmentsOf(path)
  const headers = isRecord(part["headers"]) ? part["headers"] : {}
  const prefer = Object.entries(headers).find(([name]) => name.toLowerCase() === "prefer")?.[1]
  const inner: Call = {
    ...call,
    request: {
      ...call.request,
      method,
      path: `/v1.0/${path.replace(/^\//, "")}`,
      query,
      body: JSON.stringify(part["body"] ?? null)
    },
    query: new URLSearchParams(query),
    prefer: parsePrefer(typeof prefer === "string" ? prefer : undefined),
    segments:
      head === "me"
        ? segmentsOf(path).slice(1)
        : head === "users" && second === call.mailbox.id
          ? rest
          : segmentsOf(path)
  }
  const outcome = inner.segments[0] === "$batch" ? null : route(inner)
  if (outcome === null || outcome._tag === "Validate") {
    const reply = refusal(call, 501, "NotImplemented", "This operation target is not yet supported.")
    return [call.world, responseOf(id, reply)]
  }
  return [outcome.world, responseOf(id, outcome.reply)]
}

const responseOf = (id: string, reply: Reply): unknown => ({
  id,
  status: reply.status,
  headers: { "Content-Type": "application/json", ...reply.headers },
  body: reply.body
})
