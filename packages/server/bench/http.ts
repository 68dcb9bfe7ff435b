/**
 * How many pages a second the server lists, and how long the slowest of a hundred takes, with few and with many events
 * stored: beside a minimal handler (fastify and pg) that looks up the same key, reads the same rows and answers the
 * same members, in the same run and on the same PostgreSQL. Decides nothing about what is fast enough.
 *
 * How: both servers are processes of their own, asked in turn by one generator, several rounds each; the medians of the
 * rounds are compared. The machine's cores carry generator, server and database together, for both alike.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import autocannon from "autocannon"
import type { Table } from "../../../bench/Table.ts"
import { onPostgres } from "../test/e2e/Place.ts"
import { freePort, until } from "../test/e2e/Processes.ts"
import { makeStage } from "../test/e2e/Stage.ts"
import { type Filled, fill } from "./HttpFill.ts"

const rounds = 3
const roundSeconds = 2
const connections = 16
const counts = [100, 100_000]
const paths = [
  ["get_events", "/api/v1/calendar/get_events?limit=50"],
  ["scheduled_bots", "/api/v1/calendar/scheduled_bots?limit=50"]
] as const

export const run = async (): Promise<ReadonlyArray<Table>> => {
  const stage = await makeStage(
    // Nothing is due while this runs; the rate limiter counts, and never says no.
    { PUNCTUAL_RATE_LIMIT: "1000000", PUNCTUAL_SAFETY_POLL_INTERVAL: "1 day" },
    { ...onPostgres(1), name: "bench" }
  )
  const databaseUrl = stage.env["DATABASE_URL"] ?? ""
  const filled: Array<Filled> = []
  for (const count of counts) filled.push(await fill(stage, databaseUrl, count))
  const peer = await startPeer(databaseUrl)
  const atRest = await mebibytes(stage.server().child)
  const rows: Array<Record<string, string | number>> = []
  try {
    for (const [name, path] of paths) {
      for (const { count, key } of filled) {
        const ours = { url: stage.url() + path, child: stage.server().child }
        rows.push(await compare(name, count, key, ours, { url: peer.url + path, child: peer.child }))
      }
    }
    const memory = [
      { "": "at rest, with both users connected", "resident memory, MiB": atRest },
      { "": "after all of the above", "resident memory, MiB": await mebibytes(stage.server().child) },
      { "": "the minimal handler, after all of the above", "resident memory, MiB": await mebibytes(peer.child) }
    ]
    const note = `${connections} connections, ${rounds} rounds of ${roundSeconds} s each in turn, medians; p99 in milliseconds.`
    return [
      { title: "Listing over HTTP, beside a minimal fastify + pg handler", note, rows },
      { title: "Memory of the server", rows: memory }
    ]
  } finally {
    peer.child.kill()
    await stage.close()
  }
}

const compare = async (name: string, count: number, key: string, ours: Asked, theirs: Asked) => {
  await sameAnswer(ours.url, theirs.url, key)
  const [mine, others]: [Array<Shot>, Array<Shot>] = [[], []]
  // The first round warms both up.
  for (let round = 0; round <= rounds; round++) {
    const one = await shoot(ours, key)
    const other = await shoot(theirs, key)
    if (round === 0) continue
    mine.push(one)
    others.push(other)
  }
  const rate = median(mine.map((shot) => shot.rate))
  const peerRate = median(others.map((shot) => shot.rate))
  const cpu = median(mine.map((shot) => shot.cpuMillis))
  const peerCpu = median(others.map((shot) => shot.cpuMillis))
  return {
    endpoint: name,
    "events stored": count,
    "requests/s": Math.round(rate),
    p99: median(mine.map(({ p99 }) => p99)),
    "minimal, requests/s": Math.round(peerRate),
    "minimal, p99": median(others.map(({ p99 }) => p99)),
    ratio: hundredths(rate / peerRate),
    "CPU ms a request": hundredths(cpu),
    "minimal, CPU ms": hundredths(peerCpu)
  }
}

interface Shot {
  readonly rate: number
  readonly p99: number
  /** Of the server's process alone; says the same on a machine that has other work as well. */
  readonly cpuMillis: number
}

interface Asked {
  readonly url: string
  readonly child: ChildProcess
}

const shoot = async ({ child, url }: Asked, key: string): Promise<Shot> => {
  const before = await cpuMillis(child)
  const shot = await autocannon({
    url,
    connections,
    duration: roundSeconds,
    headers: { authorization: `Token ${key}` }
  })
  if (shot.non2xx > 0 || shot.errors > 0) throw new Error(`${url}: ${shot.non2xx} refused, ${shot.errors} failed`)
  const spent = (await cpuMillis(child)) - before
  return { rate: shot.requests.average, p99: shot.latency.p99, cpuMillis: spent / shot.requests.total }
}

/** The two are compared only where they do the same: same rows, same members, same values. */
const sameAnswer = async (ours: string, theirs: string, key: string): Promise<void> => {
  const [mine, other] = await Promise.all(
    [ours, theirs].map(async (url) => {
      const answer = await fetch(url, { headers: { authorization: `Token ${key}` } })
      const { next: _next, ...page } = (await answer.json()) as Record<string, unknown>
      return JSON.stringify(page)
    })
  )
  if (mine !== other) throw new Error(`the answers differ:\n${mine?.slice(0, 4_000)}\n${other?.slice(0, 4_000)}`)
}

const startPeer = async (databaseUrl: string): Promise<{ readonly url: string; readonly child: ChildProcess }> => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, [join(import.meta.dirname, "HttpPeer.ts")], {
    env: { PATH: process.env["PATH"], PORT: String(port), DATABASE_URL: databaseUrl },
    stdio: ["ignore", "inherit", "inherit"]
  })
  const isUp = await until(10_000, () =>
    fetch(url).then(
      () => true,
      () => null
    )
  )
  if (isUp === null) throw new Error("the minimal handler did not come up")
  return { url, child }
}

const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

const hundredths = (value: number): number => Math.round(value * 100) / 100

/** User and system time of a process, on Linux in hundredths of a second after its name in parentheses. */
const cpuMillis = async ({ pid }: ChildProcess): Promise<number> => {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** Linux says it of any process. */
const mebibytes = async ({ pid }: ChildProcess): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "")
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1_024)
}
