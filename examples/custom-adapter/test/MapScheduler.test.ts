/** An adapter is one that passes the contract. */
import { SchedulerContract } from "@punctual/core/testing"
import * as MapScheduler from "../src/MapScheduler.ts"

SchedulerContract.suite("a map", MapScheduler.layer, { redeliversWithinMillis: 30_000 })
