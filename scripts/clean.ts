/**
 * Removes from `dist` what was built from sources that are gone: `tsc -b` leaves it behind, and no package may carry it.
 * Never touches sources, nor output that is still wanted.
 */
import { existsSync, globSync, rmSync } from "node:fs"
import { dirname, join } from "node:path"

const root = dirname(import.meta.dirname)

for (const output of globSync("packages/*/dist/**/*.{js,d.ts,map}", { cwd: root })) {
  // packages/core/dist/src/Punctual.d.ts.map was packages/core/src/Punctual.ts
  const source = output.replace(/([/\\])dist[/\\]/, "$1").replace(/(\.d\.ts|\.js)(\.map)?$/, ".ts")
  if (!existsSync(join(root, source))) rmSync(join(root, output))
}
