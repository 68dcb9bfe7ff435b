/**
 * Numbers between 0 and 1 for tests that draw what happens next. Decides that they are the same ones again for the seed that
 * the run prints.
 */
export type Chance = () => number

/** `stream`: of whoever draws beside others and must not change what those draw. */
export const chanceOfRun = (stream = 0): Chance => {
  let state = (Number(process.env["SEED"] ?? 1) + Math.imul(stream, 0x9e37_79b9)) >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
