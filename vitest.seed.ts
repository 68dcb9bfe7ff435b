/**
 * Loaded in every worker before its tests: gives both generators of random values the seed of this run (SEED, chosen and
 * printed by vitest.config.ts) and their default number of tries. Never decides what a test tries; a test that names a
 * seed or a number of its own keeps it.
 */
import * as Arbitrary from "effect/Arbitrary"
import * as FastCheck from "fast-check"

/** Tries per property, where the test names no number. `PROVE=1`: the full counts that the documentation claims. */
const runs = process.env["PROVE"] === "1" ? 1000 : 100
const seed = Number(process.env["SEED"])

Arbitrary.configureGlobal({ check: { seed, runs } })
FastCheck.configureGlobal({ seed, numRuns: runs })
