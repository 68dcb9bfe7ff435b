/**
 * Builds what hosts load of packages whose start must cost little: few files instead of one for each idea, since a module
 * costs a host about a third of a millisecond, whatever is in it. Doors share what they have in common; dependencies stay
 * outside. Expects `dist` to be built; types stay where `tsc -b` put them. Never changes what the code does.
 */
import { rmSync } from "node:fs"
import { dirname, join } from "node:path"
import { rolldown } from "rolldown"

const core = join(dirname(import.meta.dirname), "packages/core/dist")
const doors = {
  index: "src/index.js",
  recurrence: "src/recurrence/index.js",
  links: "src/links/index.js",
  decide: "src/decide/index.js",
  accounts: "accounts/index.js",
  http: "http/index.js",
  testing: "testing/index.js",
  memory: "testing/memory/index.js"
}

const target = join(core, "doors")
rmSync(target, { recursive: true, force: true })

const bundle = await rolldown({
  input: Object.fromEntries(Object.entries(doors).map(([name, path]) => [name, join(core, path)])),
  external: (id) => !id.startsWith(".") && !id.startsWith("/"),
  treeshake: { moduleSideEffects: false }
})
await bundle.write({ dir: target, format: "es", sourcemap: true, chunkFileNames: "shared/[name].js" })
await bundle.close()
