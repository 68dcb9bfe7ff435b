/**
 * The command `simulate`: replays one seed with its trace, runs many, or runs the mutants.
 *
 *   --seed N           one seed, with its trace; --steps S as many steps
 *   --seeds N --from M that many seeds from M on
 *   --mutants          every mutant until it is caught; --only NAME one of them
 */
/* oxlint-disable no-console -- a program whose product is what it prints */
import { parseArgs } from "node:util" // oxlint-disable-line no-restricted-imports -- a program, not published code
import { addMarks, noMarks, unmarked } from "./Marks.ts"
import { equivalents } from "./MutantList.ts"
import { runMutants } from "./Mutants.ts"
import { defaultSteps, simulate } from "./World.ts"

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    seeds: { type: "string" },
    from: { type: "string", default: "1" },
    steps: { type: "string", default: String(defaultSteps) },
    mutants: { type: "boolean", default: false },
    only: { type: "string" }
  }
})
const steps = Number(values.steps)

const replay = (seed: number): boolean => {
  const report = simulate(seed, { steps, print: (line) => console.log(line) })
  console.log(`seed ${seed}: hash ${report.hash}, ${report.tasks} tasks, ${report.failures.length} failures`)
  for (const failure of report.failures) console.log(failure)
  return report.failures.length === 0
}

/** About a minute. */
const seedsBetweenProgress = 100

const many = (count: number, from: number): boolean => {
  const marks = noMarks()
  const began = process.hrtime.bigint()
  const cpu = process.cpuUsage()
  let failed = 0
  let simulated = 0
  let tasks = 0
  for (let seed = from; seed < from + count; seed++) {
    const report = simulate(seed, { steps })
    addMarks(marks, report.marks)
    simulated += report.simulatedMillis
    tasks += report.tasks
    if (report.failures.length > 0) {
      failed += 1
      console.log(`seed ${seed}: ${report.failures[0] ?? ""}\n  npx --yes pnpm@12 simulate --seed ${seed}`)
    }
    const done = seed - from + 1
    if (done % seedsBetweenProgress === 0) console.error(`${done} of ${count} seeds, ${failed} failed`)
  }
  const { system, user } = process.cpuUsage(cpu)
  const processorSeconds = (user + system) / 1e6
  const seconds = Number(process.hrtime.bigint() - began) / 1e9
  console.log(marks)
  console.log(`never: ${unmarked(marks).join(", ") || "none"}`)
  console.log(
    `${count} seeds, ${failed} failed, ${(simulated / 86_400_000).toFixed(1)} simulated days, ${tasks} tasks, ` +
      `${seconds.toFixed(1)} s, ${(count / seconds).toFixed(1)} seeds/s, ${(count / processorSeconds).toFixed(1)} seeds/s of processor`
  )
  return failed === 0
}

if (values.mutants)
  for (const { name, proof } of equivalents) console.log(`not run, nothing can notice it: ${name}. ${proof}`)

const isFine = values.mutants
  ? runMutants({
      only: values.only ?? null,
      steps,
      seedsMax: Number(values.seeds ?? "2000"),
      say: (line) => console.log(line)
    })
  : values.seed !== undefined
    ? replay(Number(values.seed))
    : many(Number(values.seeds ?? "100"), Number(values.from))
process.exitCode = isFine ? 0 : 1
