/**
 * What the servers of a deployment take of the machine, as Linux tells it. Decides nothing; elsewhere it knows nothing.
 */
import { readFileSync, writeFileSync } from "node:fs"
import type { Deployment } from "./Deployment.ts"

type Servers = Pick<Deployment, "replicas">

const tickMillis = 10
const kibibytes = 1_024

/** Processor's time of all of them since they began; null: unknown. */
export const cpuMillisOf = ({ replicas }: Servers): number | null =>
  known(() =>
    sum(
      replicas.map(({ pid }) => {
        // The name of the command, in brackets, may hold spaces.
        const fields = readFileSync(`/proc/${pid()}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? []
        return (Number(fields[11]) + Number(fields[12])) * tickMillis
      })
    )
  )

/** Resident memory in MiB, now or at its highest; null: unknown. */
export const memoryOf = ({ replicas }: Servers, line: "VmRSS" | "VmHWM"): number | null =>
  known(() =>
    sum(
      replicas.map(({ pid }) => {
        const found = new RegExp(`${line}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid()}/status`, "utf8"))
        return Math.round(Number(found?.[1]) / kibibytes)
      })
    )
  )

/** What a process took while it started is not asked about: the highest begins with what it takes now. */
export const forgetPeak = ({ replicas }: Servers): void => {
  known(() => replicas.map(({ pid }) => writeFileSync(`/proc/${pid()}/clear_refs`, "5")))
}

const sum = (numbers: ReadonlyArray<number>): number => numbers.reduce((all, each) => all + each, 0)

const known = <A>(look: () => A): A | null => {
  try {
    return look()
  } catch {
    return null
  }
}
