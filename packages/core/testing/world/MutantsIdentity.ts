/**
 * Mistakes in who is who that the simulated world must notice: several connections, ids, and meetings that become another
 * thing.
 * Decides what counts as a mistake, as `MutantList.ts` does.
 */
import type { Mutant } from "./Mutant.ts"

const carrying = "src/decide/reschedule/CarryOver.ts"
const naming = "src/domain/DeterministicIds.ts"

export const identityMutants: ReadonlyArray<Mutant> = [
  {
    name: "a disconnect of one takes the other's rows too",
    file: "testing/memory/store/Connections.ts",
    search: "  return connectionsOf(tenant).some(isStanding)\n    ? eraseCalendars",
    replace: "  return connectionsOf(tenant).every(isStanding)\n    ? eraseCalendars"
  },
  {
    name: "a disconnect of one leaves its rows",
    file: "testing/memory/store/Connections.ts",
    search: "if (calendar.connectionId === connectionId) gone.add(calendar.id)",
    replace: "if (calendar.connectionId !== connectionId && false) gone.add(calendar.id)"
  },
  {
    name: "a disconnect of one ends what stands in the other",
    file: "src/usecases/connection/Disconnect.ts",
    search: "leaveCalendars(state, ({ connectionId }) => connectionId === id)",
    replace: `leaveCalendars(state, ({ connectionId }) => connectionId !== "")`
  },
  {
    name: "the credentials of one connection are erased with the other's",
    file: "testing/memory/SecretsMemory.ts",
    search: "if (ref.connectionId === upTo.id && ref.generation",
    replace: "if (ref.userId === upTo.userId && ref.generation"
  },
  {
    name: "ids of events do not name the connection",
    file: naming,
    search: "`evt_${shortName(`${namespace}\\n${providerId}`)}` as EventId",
    replace: "`evt_${shortName(`${namespace.length * 0}\\n${providerId}`)}` as EventId"
  },
  {
    name: "ids of calendars do not name the connection",
    file: naming,
    search: "`cal_${shortName(`${connection}\\n${providerId}`)}` as CalendarId",
    replace: "`cal_${shortName(`${connection.length * 0}\\n${providerId}`)}` as CalendarId"
  },
  {
    name: "UIDs are told apart by their letters' case",
    file: "src/domain/MeetingKey.ts",
    search: "`uid:${iCalUid.toLowerCase()}`",
    replace: "`uid:${iCalUid}`"
  },
  {
    name: "a split carries nothing",
    file: carrying,
    search: "const split = isYoung ? splits(slice, named, now) : noSplits\n",
    replace: "const split = isYoung && named.size < 0 ? splits(slice, named, now) : noSplits\n"
  },
  {
    name: "a conversion carries nothing",
    file: carrying,
    search: "const converted = isRetired\n",
    replace: "const converted = isRetired && named.size < 0\n"
  },
  {
    name: "families are never taken apart",
    file: carrying,
    search: "  const isApart = mayDiffer(slice)\n",
    replace: "  const isApart = mayDiffer(slice) && slice.events.length < 0\n"
  },
  {
    name: "of several events with one UID what was asked goes to the first",
    file: "src/decide/reschedule/Families.ts",
    search: "    const anchor = anchorOf(index.bots.get(meeting) ?? [], rows)\n",
    replace: "    const anchor = anchorOf(index.bots.get(meeting)?.slice(0, 0) ?? [], rows.slice(0, 1))\n"
  }
]
