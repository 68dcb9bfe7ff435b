/**
 * Collections: $select, $orderby, $top, $skip and the next link.
 *
 * Decides which query options a collection takes and refuses the others, as Graph does with a 400. Every answer may
 * be a page, so a client that ignores the next link loses items here too.
 */
import { type Call, type Reply, isRecord, ok, parameter, refusal } from "../wire/Exchange.ts"
import type { Wire } from "../wire/EventWire.ts"

/** What Graph gives when $top is not asked for. */
const pageSizeDefault = 10
const topMax = 1_000

const known = new Set(["$select", "$top", "$skip", "$orderby", "$expand", "$count", "startdatetime", "enddatetime"])

/** One page of a collection. `context` is what stands after `$metadata#`. */
export const page = (call: Call, context: string, items: ReadonlyArray<Wire>): Reply => {
  const refused = refuseQuery(call)
  if (refused !== null) return refused
  const ordered = inOrder(items, parameter(call.query, "$orderby"))
  const skip = count(parameter(call.query, "$skip")) ?? 0
  const top = Math.min(topMax, count(parameter(call.query, "$top")) ?? call.prefer.pageSize ?? pageSizeDefault)
  const select = selectionOf(call)
  const counted = parameter(call.query, "$count") === "true" ? { "@odata.count": items.length } : {}
  const more = skip + top < ordered.length
  return ok({
    "@odata.context": contextOf(call, context),
    ...counted,
    ...(more ? { "@odata.nextLink": nextLink(call, skip + top) } : {}),
    value: ordered.slice(skip, skip + top).map((item) => selected(item, select))
  })
}

/** One entity, with $select. */
export const entity = (call: Call, context: string, item: Wire): Reply =>
  refuseQuery(call) ??
  ok({ "@odata.context": contextOf(call, `${context}/$entity`), ...selected(item, selectionOf(call)) })

export const contextOf = (call: Call, context: string): string => `${call.request.origin}/v1.0/$metadata#${context}`

/** Names asked for with $select or $expand, in lower case; null is everything. */
export const selectionOf = (call: Call): ReadonlySet<string> | null => {
  const text = parameter(call.query, "$select")
  if (text === null) return null
  const expanded = (parameter(call.query, "$expand") ?? "").replaceAll(/\([^)]*\)/g, "")
  return new Set(`${text},${expanded}`.split(",").map((name) => name.trim().toLowerCase()))
}

const refuseQuery = (call: Call): Reply | null => {
  for (const [name, value] of call.query) {
    const lower = name.toLowerCase()
    if (lower === "$filter" || lower === "$search") {
      return refusal(call, 501, "NotImplemented", "This operation target is not yet supported.")
    }
    if (lower.startsWith("$") && !known.has(lower)) {
      return refusal(call, 400, "BadRequest", `Invalid query option '${name}' specified.`)
    }
    if ((lower === "$top" || lower === "$skip") && count(value) === null) {
      return refusal(call, 400, "BadRequest", `Invalid value '${value}' for $${lower.slice(1)} query option found.`)
    }
  }
  return null
}

const count = (text: string | null): number | null => (text !== null && /^\d+$/.test(text) ? Number(text) : null)

// Without an order asked for, Graph promises none; by start is what it mostly gives.
const inOrder = (items: ReadonlyArray<Wire>, orderBy: string | null): ReadonlyArray<Wire> => {
  if (orderBy === null) return items
  const [path = "", direction = "asc"] = orderBy.trim().split(/\s+/)
  const sign = direction.toLowerCase() === "desc" ? -1 : 1
  return items.toSorted((one, other) => sign * compare(valueAt(one, path), valueAt(other, path)))
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

const valueAt = (item: Wire, path: string): string => {
  const found = path.split("/").reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), item)
  return typeof found === "string" ? found : JSON.stringify(found ?? "")
}

const always = new Set(["id", "@odata.etag", "@odata.id", "@odata.type"])

const selected = (item: Wire, select: ReadonlySet<string> | null): Wire =>
  select === null
    ? item
    : Object.fromEntries(Object.entries(item).filter(([name]) => always.has(name) || select.has(name.toLowerCase())))

const nextLink = (call: Call, skip: number): string => {
  const query = new URLSearchParams()
  for (const [name, value] of call.query) if (name.toLowerCase() !== "$skip") query.append(name, value)
  query.append("$skip", String(skip))
  return `${call.request.origin}${call.request.path}?${query.toString().replaceAll("%24", "$")}`
}
