import * as fc from "fast-check"
import { keysApart, movedOccurrence, pair, stableUnderMoves, told, total } from "./RowLaws.ts"
import { code } from "./Code.ts"
const [, , w, runs = "50", seed = "1"] = process.argv
const laws: any = { k: [pair, keysApart], m: [movedOccurrence, stableUnderMoves], t: [told, total] }
const [arb, law] = laws[w!]
let i = 0
const t0 = Date.now()
const r = fc.check(fc.property(arb, (m: any) => { i++; const t = Date.now(); law.holds(code, m); const d = Date.now() - t; if (d > 200) console.log("slow", i, d, JSON.stringify(m).slice(0, 600)) }), { numRuns: Number(runs), seed: Number(seed) })
console.log(r.failed ? [String((r.errorInstance as any)?.message).slice(0, 500), JSON.stringify(r.counterexample).slice(0, 1000)] : "ok", Date.now() - t0)
