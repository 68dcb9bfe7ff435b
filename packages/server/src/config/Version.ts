/**
 * Which version this is: what stands in the package's own file, found from the sources and from what is built of them.
 */
import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"

const name = "@punctual/server"

const versionFrom = (folder: string): string => {
  const file = join(folder, "package.json")
  if (existsSync(file)) {
    const found = JSON.parse(readFileSync(file, "utf8")) as { readonly name?: string; readonly version?: string }
    if (found.name === name) return found.version ?? "unknown"
  }
  const parent = dirname(folder)
  return parent === folder ? "unknown" : versionFrom(parent)
}

export const version: string = versionFrom(import.meta.dirname)
