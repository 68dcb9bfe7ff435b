/**
 * How the memory that reading a large feed takes is given back in time: a setting of V8 for the whole process.
 * Decides nothing by itself; whoever owns the process calls it once, before feeds are read.
 */
import { setFlagsFromString } from "node:v8"

/**
 * Keeps V8 from taking what reading makes for long-lived. It learns by places in the code which objects live long, from those
 * alive at the end of a collection; of work in slices whatever the last slices read can be, by chance, and is put from then on
 * where V8 seldom collects. A feed of 20 MiB then stands up to 330 MiB above rest, without a bound on the heap, and not above
 * 200 once this was called.
 *
 * @example
 * ```ts
 * import { keepReadingShortLived } from "@punctual/adapter-ics/feed"
 *
 * keepReadingShortLived()
 * ```
 */
export const keepReadingShortLived = (): void => setFlagsFromString("--no-allocation-site-pretenuring")
