/**
 * Chance as data: a seed in, a number and the next seed out.
 *
 * The only randomness of the simulator, so that one seed replays one history. It never touches Math.random.
 */
import { createHash } from "node:crypto"

/** One draw in [0, 1), and the seed for the next (mulberry32). */
const draw = (seed: number): readonly [number, number] => {
  const next = (seed + 0x6d2b79f5) | 0
  let mixed = Math.imul(next ^ (next >>> 15), 1 | next)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return [((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296, next]
}

/** Whether something with this probability happens. 0 and 1 draw nothing, so that a quiet world keeps its seed. */
export const happens = (seed: number, probability: number): readonly [boolean, number] => {
  if (probability <= 0) return [false, seed]
  if (probability >= 1) return [true, seed]
  const [value, next] = draw(seed)
  return [value < probability, next]
}

/** The items in another order. */
export const shuffled = <A>(seed: number, items: ReadonlyArray<A>): readonly [ReadonlyArray<A>, number] => {
  const keyed: Array<readonly [number, A]> = []
  let current = seed
  for (const item of items) {
    const [value, next] = draw(current)
    keyed.push([value, item])
    current = next
  }
  return [keyed.toSorted((one, other) => one[0] - other[0]).map(([, item]) => item), current]
}

/** Bytes that depend on the text alone: the same name gives the same id in every run. */
export const bytesFrom = (text: string): Uint8Array => createHash("sha256").update(text).digest()

export const hexFrom = (text: string, length: number): string =>
  Buffer.from(bytesFrom(text)).toString("hex").slice(0, length)

/** A version 4 shaped GUID that depends on the text alone. */
export const guidFrom = (text: string): string => {
  const hex = hexFrom(text, 32)
  const variant = "89ab"[Number.parseInt(hex.slice(16, 17), 16) % 4] ?? "8"
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
