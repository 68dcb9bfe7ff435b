/**
 * Runs the benchmarks of every package and prints their tables: `npx --yes pnpm@12 bench`, or
 * `npx --yes pnpm@12 bench links` for those whose path holds a word. A benchmark is a file
 * `packages/<name>/bench/*.ts` that exports `run`; what it measures and against whom is its own affair. Never compares
 * runs: figures of two machines are not alike.
 */
import { globSync } from "node:fs"
import { availableParallelism, cpus, totalmem } from "node:os"
import { dirname, join } from "node:path"
import { type Row, type Table, printTable } from "./Table.ts"

type Result = Table | ReadonlyArray<Table> | ReadonlyArray<Row>

const root = dirname(import.meta.dirname)
const words = process.argv.slice(2)

const paths = globSync("packages/*/bench/*.ts", { cwd: root })
  .filter((path) => words.every((word) => path.includes(word)))
  .toSorted()

console.log(`${cpus()[0]?.model ?? "unknown processor"}, ${availableParallelism()} cores, ${gibibytes(totalmem())} GiB`)
console.log(`Node ${process.version}, ${process.platform} ${process.arch}\n`)

let failed = paths.length === 0
if (failed) console.error(`No benchmark matches ${words.join(" ")}.`)

// One after the other: two at once would measure each other.
for (const path of paths) {
  try {
    const module: Record<string, unknown> = await import(join(root, path))
    if (!isRun(module["run"])) continue
    for (const table of tablesOf(path, await module["run"]())) printTable(table)
  } catch (cause) {
    failed = true
    console.error(`${path} failed:`, cause)
  }
}

process.exitCode = failed ? 1 : 0

/** A file without `run` is a part of another benchmark. */
function isRun(value: unknown): value is () => Result | Promise<Result> {
  return typeof value === "function"
}

/** Tables as they come; bare rows get the path as their title. */
function tablesOf(path: string, result: Result): ReadonlyArray<Table> {
  if (isTable(result)) return [result]
  const tables = result.filter(isTable)
  return tables.length === result.length && tables.length > 0 ? tables : [{ title: path, rows: rowsOf(result) }]
}

function rowsOf(result: ReadonlyArray<Table> | ReadonlyArray<Row>): ReadonlyArray<Row> {
  return result.filter((item): item is Row => !isTable(item))
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && "rows" in value && Array.isArray(value.rows)
}

function gibibytes(bytes: number): string {
  return (bytes / 1024 ** 3).toFixed(1)
}
