/**
 * One event by its id.
 *
 * Decides that what was deleted is answered as a success, with the word for it in `status`; that instances have ids of
 * their own; and that an instance of a series that is gone is not found.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/events/get
 */
import { instanceNamed } from "../world/Instances.ts"
import type { Calendar, Options } from "../world/World.ts"
import { type Reply, notFound, ok } from "../wire/Exchange.ts"
import { instanceJson, itemJson } from "../wire/Resource.ts"

export const eventsGet = (calendar: Calendar, id: string, options: Options): Reply => {
  const item = calendar.items.get(id)
  if (item !== undefined && item.seriesId === null) return ok(itemJson(item))
  const found = instanceNamed(calendar, id)
  return found === null ? notFound : ok(instanceJson(found.master, found.instance, options))
}
