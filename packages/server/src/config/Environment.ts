/**
 * Where variables come from: the process, and `.env` in the working directory for what is not set there.
 */
import { existsSync, readFileSync } from "node:fs"
import { parseEnv } from "node:util"

const file = ".env"

export const readRecord = (): Readonly<Record<string, string | undefined>> => ({
  ...(existsSync(file) && parseEnv(readFileSync(file, "utf8"))),
  ...process.env
})
