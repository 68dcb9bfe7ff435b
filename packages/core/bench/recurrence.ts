/**
 * How fast the next occurrence and the next 52 of a five-year-old rule are found, beside other libraries and a
 * hand-written lower bound, all in one run. Answers are compared before anything is timed. Decides how time is taken; the
 * contenders are in `RecurrencePeers.ts`.
 *
 * `node packages/core/bench/recurrence.ts`; `BENCH_MILLIS` sets the processor time given to each measurement (40 ms).
 */
import { type BenchRule, type Contender, type Library, libraries, rules, startOf, zone } from "./RecurrencePeers.ts"
import { zoneTable } from "./RecurrenceBound.ts"
import { type RecurringSeries, expand, next } from "../src/recurrence/index.ts"

type Row = Readonly<Record<string, string | number>>

interface Table {
  readonly title: string
  readonly note: string
  readonly rows: ReadonlyArray<Row>
}

const now = Date.parse("2026-11-22T12:00:00Z")
const occurrences = 52
const rounds = 5
const sliceMillis = Number(process.env["BENCH_MILLIS"] ?? 40)

/** Each call asks about another instant, a minute on: what a library remembers of the last answer helps it little. */
const instants = Array.from({ length: 8192 }, (_, i) => now + i * 61_000)
const instantAt = (i: number): number => instants[i & 8191] as number

export const run = (): ReadonlyArray<Table> => {
  const built = libraries.map((library) => ({ library, contenders: rules.map((rule) => library.build(rule, table)) }))
  const agreement = new Map(built.map(({ library, contenders }) => [library.name, verify(library, contenders)]))
  const firsts = measureAll(built, (contender) => (i) => contender.first(instantAt(i)))
  const manys = measureAll(built, (contender) => (i) => contender.many(instantAt(i), occurrences).length)
  return [
    comparison(`next occurrence of a five-year-old rule`, firsts, agreement),
    comparison(`the ${occurrences} occurrences from now on`, manys, agreement),
    ages(),
    zones()
  ]
}

const table = zoneTable(zone)

/** How many of the sampled answers are those of the lower bound. A library that must not err and does ends the run. */
const verify = (library: Library, contenders: ReadonlyArray<Contender>): string => {
  const reference = libraries[0] as Library
  // The slowest take a quarter of a second for one answer.
  const samples = library.mayErr === true ? [0, 4000] : Array.from({ length: 16 }, (_, i) => i * 509)
  let right = 0
  let asked = 0
  contenders.forEach((contender, r) => {
    const rule = rules[r] as BenchRule
    const truth = reference.build(rule, table)
    for (const sample of samples) {
      const after = instantAt(sample)
      const isRight =
        contender.first(after) === truth.first(after) &&
        `${contender.many(after, occurrences).map(startOf)}` === `${truth.many(after, occurrences).map(startOf)}`
      if (!isRight && library.mayErr !== true) throw new Error(`${library.name} errs on ${rule.name} after ${after}`)
      asked++
      if (isRight) right++
    }
  })
  return `${right} of ${asked}`
}

type Call = (i: number) => number
type Built = ReadonlyArray<{ readonly library: Library; readonly contenders: ReadonlyArray<Contender> }>

/** Calls a second by library and rule: the best of interleaved rounds, so that a noisy moment hits nobody alone. */
const measureAll = (built: Built, callOf: (contender: Contender) => Call): Map<string, Array<number>> => {
  const best = new Map(built.map(({ library }) => [library.name, rules.map(() => 0)]))
  for (let round = 0; round < rounds; round++) {
    rules.forEach((_, r) => {
      for (const { library, contenders } of built) {
        const figures = best.get(library.name) ?? []
        figures[r] = Math.max(figures[r] ?? 0, callsPerSecond(callOf(contenders[r] as Contender)))
      }
    })
  }
  return best
}

let sink = 0

const callsPerSecond = (call: Call): number => {
  let calls = 0
  let batch = 1
  const start = cpuMillis()
  let elapsed = 0
  while (elapsed < sliceMillis) {
    for (let i = 0; i < batch; i++) sink += call(calls + i)
    calls += batch
    elapsed = cpuMillis() - start
    // Batches long enough that reading the clock is not what is measured.
    if (elapsed < sliceMillis / 8) batch *= 2
  }
  return (calls / elapsed) * 1000
}

/** Time the processor spent on this process: what else the machine does costs it nothing. */
const cpuMillis = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

const geometricMean = (figures: ReadonlyArray<number>): number =>
  Math.exp(figures.reduce((sum, figure) => sum + Math.log(figure), 0) / figures.length)

const digits = (figure: number): number => (figure < 100 ? Math.round(figure * 10) / 10 : Math.round(figure))

const comparison = (title: string, best: Map<string, Array<number>>, agreement: Map<string, string>): Table => {
  const means = [...best].map(([name, figures]) => ({ name, figures, mean: geometricMean(figures) }))
  const bound = means[0]?.mean ?? Number.NaN
  const own = means.find(({ name }) => name === "punctual")?.mean ?? Number.NaN
  const fastestPeer = Math.max(...means.filter(({ name }) => !/^punctual|^integer/.test(name)).map(({ mean }) => mean))
  return {
    title: `Recurrence: ${title}, a second`,
    note: `${zone}, Node ${process.version}, tzdata ${process.versions["tz"]}. Geometric mean of five rules; best of ${rounds} interleaved rounds, by processor time. punctual is ${digits(own / fastestPeer)} times the fastest peer and within ${digits(bound / own)} times of the bound.`,
    rows: means.map(({ name, figures, mean }) => ({
      library: name,
      mean: digits(mean),
      "times slower than the bound": digits(bound / mean),
      ...Object.fromEntries(rules.map((rule, r) => [rule.name, digits(figures[r] ?? 0)])),
      "answers right": agreement.get(name) ?? ""
    }))
  }
}

const dailySince = (startDate: string, inZone: string): RecurringSeries => ({
  rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "noEnd" } },
  startDate,
  startTime: 36_000_000,
  durationMillis: 1_800_000,
  zone: inZone
})

/** The age of a series must not be felt. */
const ages = (): Table => ({
  title: "Recurrence: next occurrence by the age of a daily series, a second",
  note: "Skipping ahead costs the same from yesterday as from a century ago.",
  rows: ["2026-11-21", "2016-11-21", "1926-11-21"].map((startDate) => {
    const series = dailySince(startDate, zone)
    const rate = Math.max(...[0, 1, 2].map(() => callsPerSecond((i) => next(series, instantAt(i))?.start ?? 0)))
    return { "daily since": startDate, "next a second": digits(rate) }
  })
})

/** What the first question in a zone costs, when its transitions are looked for. */
const zones = (): Table => {
  const fresh = Intl.supportedValuesOf("timeZone")
    .filter((name) => name.startsWith("Europe/"))
    .slice(0, 40)
  const costs = fresh.map((name) => {
    const start = performance.now()
    sink += expand(dailySince("2026-11-01", name), now, Infinity, 1).length
    return performance.now() - start
  })
  const median = costs.toSorted((a, b) => a - b)[Math.floor(costs.length / 2)] ?? 0
  return {
    title: "Recurrence: the first question in a zone, milliseconds",
    note: `Making the zone's formatter and finding the transitions of one span of 397 days; ${fresh.length} zones.`,
    rows: [{ median: Math.round(median * 100) / 100, most: Math.round(Math.max(...costs) * 100) / 100 }]
  }
}

if (import.meta.main) {
  for (const { title, note, rows } of run()) {
    console.log(`\n${title}\n${note}`)
    console.table(rows)
  }
}
