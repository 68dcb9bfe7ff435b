/**
 * Hosts that read the logs of a deployment all through a test, everybody's and those of single users, and the audit of what
 * they were told against what the API says in the end. Decides when the end is: once nothing is at odds, or has been for too
 * long.
 */
import { type Counts, type LogReader, readLog } from "./LogReader.ts"
import { allBots, copyFaults, logFaults, sameLogFaults } from "./Audit.ts"
import { chanceOfRun } from "./Chance.ts"
import { until } from "./Deployment.ts"

export interface LogWatch {
  /** Reads this user's own log too, and holds the copies of their bots to their list. */
  readonly add: (user: { readonly key: string; readonly userId: string }) => void
  /** Laws that are broken by what was told up to now, whatever is still to come. */
  readonly broken: () => ReadonlyArray<string>
  /** The same once all that happened was told, and held to what the API says; with how to replay, if any. */
  readonly faults: () => Promise<ReadonlyArray<string>>
  /** What was read, in a line. */
  readonly summary: () => string
  readonly stop: () => Promise<void>
}

/** So long after the last entry nobody counts on another: DynamoDB's index, and a busy machine, have had their time. */
const silenceMillisMax = 60_000
/** Ends what would never end. */
const waitMillisMax = 600_000
const faultsShownMax = 20

export const watchLogs = (url: string, adminKey: string): LogWatch => {
  let streams = 1
  const everybodys = readLog({ url, path: "/api/v1/admin/changes", key: adminKey }, chanceOfRun(streams++))
  const users = new Map<string, { readonly key: string; readonly own: LogReader }>()
  const readers = () => [everybodys, ...[...users.values()].map(({ own }) => own)]

  const atOdds = async (): Promise<ReadonlyArray<string>> => {
    const found: Array<string> = []
    for (const [userId, { key, own }] of users) {
      const bots = await allBots(url, key)
      for (const [whose, reader] of [
        ["everybody's log", everybodys],
        ["their own log", own]
      ] as const)
        found.push(
          ...copyFaults(reader.copies.get(userId) ?? new Map(), bots).map((fault) => `${fault} (${userId}, ${whose})`)
        )
      found.push(...sameLogFaults(userId, everybodys.told, own.told))
    }
    return found
  }
  const told = () => readers().reduce((sum, reader) => sum + reader.told.length, 0)
  const broken = () => readers().flatMap(({ odd, told }) => [...odd, ...logFaults(told)])

  return {
    add: ({ key, userId }) => {
      const own = readLog({ url, path: "/api/v1/calendar/changes", key }, chanceOfRun(streams++))
      users.set(userId, { key, own })
    },
    broken: () => shown(broken()),
    faults: async () => {
      let last: ReadonlyArray<string> = []
      let [count, since] = [told(), performance.now()]
      await until("the logs to be read to their end", waitMillisMax, async () => {
        last = await atOdds()
        if (told() !== count) [count, since] = [told(), performance.now()]
        const isOver = last.length === 0 || broken().length > 0 || performance.now() - since > silenceMillisMax
        return isOver ? true : null
      })
      return shown([...broken(), ...last])
    },
    summary: () => {
      const sum = (member: keyof Counts) => readers().reduce((all, reader) => all + reader.counts()[member], 0)
      const requests = `${sum("answered")} requests were answered and ${sum("unanswered")} not`
      const died = `${readers().length} readers, which died ${sum("deaths")} times`
      return `log: ${everybodys.told.length} entries, told ${sum("told")} times to ${died}; ${requests}`
    },
    stop: async () => {
      await Promise.all(readers().map((reader) => reader.stop()))
    }
  }
}

const shown = (faults: ReadonlyArray<string>): ReadonlyArray<string> =>
  faults.length === 0 ? [] : [...faults.slice(0, faultsShownMax), `${faults.length} in all; ${replay()}`]

const replay = (): string => {
  const proving = process.env["PROVE"] === "1" ? "PROVE=1 " : ""
  return `to replay: ${proving}SEED=${process.env["SEED"] ?? 1} npx --yes pnpm@12 test --project e2e <this file>`
}
