/**
 * Writes the template beside this file, for `aws cloudformation deploy`: `node deploy/main.ts`, then
 * `npx --yes pnpm@12 format`.
 * A test compares what is written with what would be, so that neither table nor rights drift away from the code.
 */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { template } from "./Template.ts"

writeFileSync(join(import.meta.dirname, "punctual.json"), `${JSON.stringify(template, null, 2)}\n`)
