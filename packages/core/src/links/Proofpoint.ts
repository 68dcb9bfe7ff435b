/**
 * Proofpoint URL Defense, versions 2 and 3: both write the target with some characters replaced, each in its own way.
 * The rules are those of Proofpoint's published decoder. Text that does not follow them decodes to nothing.
 */
import { decodeBase64, decodeOnce } from "./address/Parameter.ts"

/** Version 2 writes "%" as "-" and "/" as "_". */
export const proofpointV2 = (encoded: string | null): string | null =>
  decodeOnce(encoded?.replaceAll("-", "%").replaceAll("_", "/") ?? null)

/**
 * Version 3, from the path on: `/v3/__<target>__;<replaced>!…`, where each "*" of the target stands for the next of the
 * replaced characters, and "**" with a letter for a run of them.
 */
export const proofpointV3 = (raw: string): string | null => {
  if (!raw.startsWith(opening)) return null
  const end = raw.indexOf(closing, opening.length)
  if (end < 0) return null
  const encoded = raw.slice(opening.length, end)
  const afterTarget = raw.slice(end + closing.length)
  const length = afterTarget.indexOf("!")
  const replaced = decodeBase64(length < 0 ? null : afterTarget.slice(0, length))
  if (replaced === null) return null
  const target = putBack(encoded, replaced)
  return target === null ? null : repairSlashes(target)
}

/** Some gateways merge the two slashes after the scheme. */
export const repairSlashes = (address: string): string => address.replace(/^(https?:)\/(?!\/)/i, "$1//")

const opening = "/v3/__"
const closing = "__;"

/** The length of a run, from 2 on, is written as a letter of this row. */
const runLengths = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/** Null when tokens and replaced characters do not come out even with each other. */
const putBack = (encoded: string, replaced: string): string | null => {
  let used = 0
  let isSound = true
  const target = encoded.replace(/\*(?:\*(.))?/gs, (_token, letter: string | undefined) => {
    const run = letter === undefined ? 1 : 2 + runLengths.indexOf(letter)
    const characters = replaced.slice(used, used + run)
    // A letter outside the row gives a run of 1 where at least 2 were announced.
    if (characters.length < run || (letter !== undefined && run < 2)) isSound = false
    used += run
    return characters
  })
  return isSound ? target : null
}
