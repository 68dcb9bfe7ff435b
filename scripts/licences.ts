/**
 * Decides whether Punctual may be shipped with its production dependencies: each must allow use under one of the
 * permissive licences below, or be named there. Reads what `pnpm -r licenses list --prod --json` says on stdin; never looks anything up.
 *
 * Known limit: it trusts what packages declare.
 */
import { text } from "node:stream/consumers"

const permissive = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "PostgreSQL",
  "Unicode-3.0",
  "Unlicense"
])

/** Copyleft of their own files alone, and used as they were published: nothing of ours falls under them (decision 0014). */
const named = new Map([["ical.js", "MPL-2.0"]])

/** One of pnpm's entries; it groups them by licence. */
interface Dependency {
  readonly name: string
  readonly versions: ReadonlyArray<string>
}

const groups: Record<string, ReadonlyArray<Dependency>> = JSON.parse(await text(process.stdin))
const refused = Object.entries(groups)
  .filter(([licence]) => !allows(licence))
  .map(([licence, all]) => [licence, all.filter(({ name }) => named.get(name) !== licence)] as const)
  .filter(([, left]) => left.length > 0)
const count = Object.values(groups).flat().length

for (const [licence, dependencies] of refused) {
  for (const { name, versions } of dependencies) console.error(`${name} ${versions.join(", ")}: ${licence}`)
}
if (count === 0) console.error("No production dependency was listed: that is a mistake in the list, not good news.")
else console.log(`${count} production dependencies, licences ${Object.keys(groups).toSorted().join(", ")}`)
process.exitCode = refused.length > 0 || count === 0 ? 1 : 0

/** An SPDX expression: with OR one licence suffices, with AND all must do. What is nested deeper is refused. */
function allows(expression: string): boolean {
  const bare = expression.replace(/^\((.*)\)$/, "$1")
  return bare.split(" OR ").some((choice) => choice.split(" AND ").every((licence) => permissive.has(licence)))
}
