/**
 * A command of the command line as it is typed here: in an image it is on the path, in a checkout pnpm runs it.
 */
import { existsSync } from "node:fs"
import { delimiter, join } from "node:path"

export const typed = (command: string, path: string = process.env["PATH"] ?? ""): string => {
  const isOnPath = path.split(delimiter).some((folder) => folder !== "" && existsSync(join(folder, "punctual")))
  return `${isOnPath ? "" : "npx --yes pnpm@12 "}punctual ${command}`
}
