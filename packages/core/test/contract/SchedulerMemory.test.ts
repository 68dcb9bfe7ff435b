/** The in-memory scheduler passes the contract that every scheduler passes, on a virtual clock. */
import * as SchedulerContract from "../../testing/contract/SchedulerContract.ts"
import * as SchedulerMemory from "../../testing/memory/SchedulerMemory.ts"

SchedulerContract.suite("memory", SchedulerMemory.layer, {
  redeliversWithinMillis: 30_000,
  refuse: (isRefused) => SchedulerMemory.SchedulerProbe.use((probe) => probe.refuse(({ name }) => isRefused(name)))
})

SchedulerContract.suite("memory, to the minute", SchedulerMemory.layerWith({ precisionMillis: 60_000, putMax: 7 }), {
  redeliversWithinMillis: 30_000
})
