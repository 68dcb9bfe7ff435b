/**
 * The top of the hour: bots of many users due in the same second, launched by the real server in one or more processes on
 * PostgreSQL; beside the least loop that could do it by hand, in the same run on the same database and with the same bot
 * service, which is a process of its own. Measures lateness, rate and the processor's time of a launch.
 *
 * `STORE=pglite`: one server on the embedded database, and no loop beside it. `SERVERS` (1), `USERS` (400), `BOTS` (5, of
 * each user), `PROFILE` (a folder: a CPU profile of each server goes there), `KILL` (a part of all bots, as 0.3: when so many
 * have come, one of the servers is killed).
 */
import { type ChildProcess, fork, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { join } from "node:path"
import { startSimulator } from "@punctual/adapter-graph/simulator"
import { PGlite } from "@electric-sql/pglite"
import { Client } from "pg"
import type { Row, Table } from "../../../bench/Table.ts"
import { makeDatabase, stopEngine } from "../../adapter-postgres/test/PostgresEngine.ts"
import { type Querying, connectOne, fillCrowd, templateOf } from "../test/e2e/BurstFill.ts"
import { bare, dataDir, freePort, until } from "../test/e2e/Processes.ts"
import { cpuMillisOfProcess, cpuMillisOfServer, postmasterOf } from "../test/e2e/Processor.ts"

const isEmbedded = process.env["STORE"] === "pglite"
const servers = Number(process.env["SERVERS"] ?? 1)
const users = Number(process.env["USERS"] ?? 400)
const botsEach = Number(process.env["BOTS"] ?? 5)
const killPart = Number(process.env["KILL"] ?? 0)
const profileFolder = process.env["PROFILE"]
const leadMillis = 2_000
/**
 * Before the instant: everything that is read ahead is read by then, and nothing before this is counted. Where one is to be
 * killed each server has looked at what is due before its next look (a minute), as it has where bots were made long before.
 */
const aheadMillis = killPart > 0 ? 70_000 : 32_000
const waitMillisMax = 180_000
const adminKey = "an-admin-key-of-a-bench"

export const run = async (): Promise<ReadonlyArray<Table>> => {
  if (killPart > 0 && (isEmbedded || servers < 2)) throw new Error("KILL needs SERVERS=2 or more, on PostgreSQL")
  const data = await dataDir()
  const simulator = await startSimulator({ seed: 1 })
  const database = isEmbedded ? null : await makeDatabase()
  const sink = await startSink()
  const children: Array<ChildProcess> = []
  try {
    const env = {
      ...(database !== null && { DATABASE_URL: database.url }),
      PUNCTUAL_DATA_DIR: data.path,
      PUNCTUAL_MASTER_KEY: randomBytes(32).toString("base64"),
      PUNCTUAL_ADMIN_KEY: adminKey,
      PUNCTUAL_LAUNCHER: "webhook",
      PUNCTUAL_LAUNCHER_URL: sink.url,
      PUNCTUAL_LAUNCHER_SECRET: `whsec_${randomBytes(24).toString("base64")}`,
      PUNCTUAL_JOIN_LEAD: `${leadMillis} millis`,
      PUNCTUAL_RATE_LIMIT: "0",
      MICROSOFT_GRAPH_URL: simulator.url,
      MICROSOFT_LOGIN_URL: simulator.url
    }
    const first = await startServer(env)
    children.push(first.child)
    const userId = await connectOne({ url: first.url, adminKey, simulator })
    // An embedded database is its server's alone: it is filled while that is down.
    if (database === null) await ended(first.child)
    else for (let more = 1; more < servers; more++) children.push((await startServer(env)).child)
    const postmaster = database === null ? null : await postmasterOf(database.url)
    const count = users * botsEach
    // As long as filling and starting take, and what comes before the instant.
    const joinAt = Math.ceil((Date.now() + aheadMillis + (isEmbedded ? 30_000 : 5_000) + count * 2) / 1_000) * 1_000
    const crowd = { users, botsEach, start: joinAt + leadMillis, leadMillis }
    await withDatabase(database?.url ?? null, data.path, async (client) =>
      fillCrowd(client, await templateOf(client, userId), crowd)
    )
    if (database === null) children.splice(0, 1, (await startServer(env)).child)
    if (Date.now() > joinAt - aheadMillis) throw new Error("the machine was too slow to fill the database in time")
    await later(joinAt - aheadMillis - Date.now())
    const cpu = () => ({
      product: sum(children.map(({ pid }) => cpuMillisOfProcess(pid) ?? Number.NaN)),
      postgres: database === null ? 0 : (cpuMillisOfServer(postmaster) ?? Number.NaN)
    })
    const before = cpu()
    const victim = killPart > 0 ? children.at(-1) : undefined
    if (victim !== undefined) await killWhen(sink.url, count * killPart, victim)
    const { seen, twice } = await allArrived(sink.url, count)
    // Of a bot that the dead server had called for when it died, nobody knows: it is called for again, by the same id.
    if (twice > 0 && victim === undefined) throw new Error(`${twice} of ${count} bots were called for twice`)
    const after = cpu()
    const late = seen.map((at) => at - joinAt).toSorted((one, other) => one - other)
    const share = (part: number) => late[Math.min(late.length - 1, Math.floor(part * late.length))] ?? Number.NaN
    const each = (millis: number) => Math.round((millis / count) * 100) / 100
    const product = after.product - before.product
    const postgres = after.postgres - before.postgres
    const ours: Row = {
      "": isEmbedded ? "1 server, PGlite" : `${servers} server${servers === 1 ? "" : "s"}`,
      bots: count,
      users,
      "a second": Math.round((count / share(1)) * 1_000),
      "earliest ms": share(0),
      "p50 ms": share(0.5),
      "p99 ms": share(0.99),
      "latest ms": share(1),
      // What the dead one took is not known.
      ...(victim === undefined
        ? {
            "product CPU ms": each(product),
            "PostgreSQL CPU ms": each(postgres),
            "CPU ms": each(product + postgres)
          }
        : { "late by over 10 s": late.filter((millis) => millis > 10_000).length, "called for again": twice })
    }
    for (const child of children.splice(0)) await ended(child)
    const loop = database === null ? [] : [await byHand(database.url, sink.url, count, postmaster)]
    return [
      {
        title: "The top of the hour",
        note: `All due in the same second; processor's time from ${aheadMillis / 1_000} s before, for each launch; the bot service and the simulated Microsoft apart.`,
        rows: [ours, ...loop]
      }
    ]
  } finally {
    for (const child of children) await ended(child)
    sink.child.kill()
    await simulator.close()
    await database?.drop()
    if (database !== null) await stopEngine()
    await data.remove()
  }
}

const withDatabase = async (
  url: string | null,
  dataDir: string,
  use: (client: Querying) => Promise<unknown>
): Promise<void> => {
  const client = url === null ? await PGlite.create(join(dataDir, "db")) : new Client({ connectionString: url })
  if (client instanceof Client) await client.connect()
  try {
    await use(client)
  } finally {
    await (client instanceof Client ? client.end() : client.close())
  }
}

interface Arrived {
  readonly first: ReadonlyArray<readonly [string, number]>
  readonly twice: number
}

const arrived = async (sinkUrl: string): Promise<Arrived> => (await (await fetch(sinkUrl)).json()) as Arrived

/** When each bot's call came first, once all have come, and how many were called for more than once. */
const allArrived = async (
  sinkUrl: string,
  count: number
): Promise<{ readonly seen: ReadonlyArray<number>; readonly twice: number }> => {
  await until(waitMillisMax, async () => {
    if ((await arrived(sinkUrl)).first.length >= count) return true
    await later(500)
    return null
  })
  // What is written and decided once the burst is over is part of it.
  await later(5_000)
  const { first, twice } = await arrived(sinkUrl)
  if (first.length !== count) throw new Error(`${first.length} of ${count} bots were launched`)
  return { seen: first.map(([, at]) => at), twice }
}

/** Kills a server once so many bots have come, and returns when it is gone. */
const killWhen = async (sinkUrl: string, count: number, victim: ChildProcess): Promise<void> => {
  const came = await until(waitMillisMax, async () =>
    Number(await (await fetch(`${sinkUrl}/count`)).text()) >= count ? true : null
  )
  if (came === null) throw new Error(`not even ${count} bots were launched before the kill`)
  const gone = new Promise((resolve) => victim.once("exit", resolve))
  victim.kill("SIGKILL")
  await gone
}

const byHand = async (databaseUrl: string, sinkUrl: string, rows: number, postmaster: number | null): Promise<Row> => {
  await fetch(sinkUrl, { method: "DELETE" })
  const child = fork(join(import.meta.dirname, "BurstLoop.ts"), {
    env: bare({ DATABASE_URL: databaseUrl, SINK: sinkUrl, ROWS: String(rows) })
  })
  const said = (kind: string) =>
    new Promise<{ readonly tookMillis: number; readonly cpuMillis: number }>((resolve) =>
      child.on("message", (message: { kind: string; tookMillis: number; cpuMillis: number }) => {
        if (message.kind === kind) resolve(message)
      })
    )
  await said("ready")
  const before = cpuMillisOfServer(postmaster) ?? Number.NaN
  const done = said("done")
  child.send("go")
  const { cpuMillis, tookMillis } = await done
  const postgres = (cpuMillisOfServer(postmaster) ?? Number.NaN) - before
  const each = (millis: number) => Math.round((millis / rows) * 100) / 100
  return {
    "": "by hand",
    bots: rows,
    users: 1,
    "a second": Math.round((rows / tookMillis) * 1_000),
    "latest ms": tookMillis,
    "product CPU ms": each(cpuMillis),
    "PostgreSQL CPU ms": each(postgres),
    "CPU ms": each(cpuMillis + postgres)
  }
}

interface Started {
  readonly url: string
  readonly child: ChildProcess
}

const startServer = async (env: Readonly<Record<string, string>>): Promise<Started> => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const profiling = profileFolder === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`]
  const child = spawn(process.execPath, [...profiling, join(import.meta.dirname, "../src/main.ts")], {
    env: bare({ ...env, PUNCTUAL_PORT: String(port), PUNCTUAL_PUBLIC_URL: url }),
    stdio: ["ignore", process.env["SHOW"] === undefined ? "ignore" : "inherit", "inherit"]
  })
  await up(`${url}/readyz`)
  return { url, child }
}

const startSink = async (): Promise<Started> => {
  const port = await freePort()
  const child = spawn(process.execPath, [join(import.meta.dirname, "BurstSink.ts")], {
    env: bare({ PORT: String(port) }),
    stdio: ["ignore", "inherit", "inherit"]
  })
  const url = `http://127.0.0.1:${port}/bots`
  await up(url)
  return { url, child }
}

const up = async (url: string): Promise<void> => {
  const isUp = await until(90_000, () =>
    fetch(url).then(
      ({ ok }) => (ok ? true : null),
      () => null
    )
  )
  if (isUp === null) throw new Error(`nothing came up at ${url}`)
}

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once("exit", resolve))
  child.kill()
  await gone
}

const later = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, millis)))

const sum = (numbers: ReadonlyArray<number>): number => numbers.reduce((all, each) => all + each, 0)
