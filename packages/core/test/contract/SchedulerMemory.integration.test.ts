/** The same on the machine's clock: what adapters with engines of their own run. */
import * as SchedulerContract from "../../testing/contract/SchedulerContract.ts"
import * as SchedulerMemory from "../../testing/memory/SchedulerMemory.ts"

SchedulerContract.suite("memory, real time", SchedulerMemory.layerWith({ redeliverAfterMillis: 500 }), {
  time: "live",
  redeliversWithinMillis: 500
})
