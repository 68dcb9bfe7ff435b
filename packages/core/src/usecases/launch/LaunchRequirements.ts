/**
 * What launching needs of the outside world. Shapes alone.
 */
import type { Launcher } from "../../ports/Launcher.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import type { Store } from "../../ports/Store.ts"

export type LaunchRequirements = Launcher | Scheduler | Store
