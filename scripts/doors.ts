/**
 * Proves that what would be published can be used: packs every package, unpacks it into an empty host beside only the
 * dependencies it declares, and opens each of its doors there, once as JavaScript and once as types. Expects `dist` to be
 * built. Never installs anything and never leaves the machine: declared dependencies are linked from the workspace.
 */
import { spawnSync } from "node:child_process"
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

const leftOut: ReadonlySet<string> = new Set(["@electric-sql/pglite"])

const root = dirname(import.meta.dirname)
const host = mkdtempSync(join(tmpdir(), "punctual-doors-"))

try {
  const manifests = unpack()
  const doors = manifests.flatMap(doorsOf)
  openAsJavaScript(doors)
  openAsTypes(doors)
  console.log(`${doors.length} doors of ${manifests.length} packages open as published`)
} finally {
  rmSync(host, { recursive: true })
}

function unpack(): ReadonlyArray<Manifest> {
  const packs = join(host, "packs")
  run("pnpm", ["--recursive", "--filter", "./packages/*", "pack", "--pack-destination", packs])
  const manifests = globSync("packages/*/package.json", { cwd: root }).map((path) => {
    const { name, version } = read(join(root, path))
    const home = join(host, "node_modules", name)
    mkdirSync(home, { recursive: true })
    const tarball = join(packs, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`)
    run("tar", ["--extract", "--gzip", "--file", tarball, "--directory", home, "--strip-components", "1"])
    const packed = read(join(home, "package.json"))
    link(packed, dirname(join(root, path)), home)
    return packed
  })
  if (manifests.length === 0) throw new Error("There is no package to pack")
  return manifests
}

/**
 * Declared dependencies, as an installer would place them. Other packages of ours are found one folder up. The embedded
 * database is left out, an optional peer that every door opens without; the test runner of the testing doors is not.
 */
function link(packed: Manifest, workspace: string, home: string): void {
  for (const name of Object.keys({ ...packed.dependencies, ...packed.peerDependencies })) {
    if (name.startsWith("@punctual/") || (leftOut.has(name) && isOptional(packed, name))) continue
    const place = join(home, "node_modules", name)
    mkdirSync(dirname(place), { recursive: true })
    symlinkSync(realpathSync(join(workspace, "node_modules", name)), place, "junction")
  }
}

function isOptional({ peerDependenciesMeta }: Manifest, name: string): boolean {
  return peerDependenciesMeta?.[name]?.optional === true
}

function doorsOf({ exports, name }: Manifest): ReadonlyArray<string> {
  return Object.keys(exports)
    .filter((door) => door !== "./package.json")
    .map((door) => name + door.slice(1))
}

/**
 * Without type stripping, since a door that leads to TypeScript source is shut for a host. A door that offers nothing
 * has lost its exports on the way.
 */
function openAsJavaScript(doors: ReadonlyArray<string>): void {
  const file = join(host, "open.mjs")
  writeFileSync(
    file,
    `for (const door of ${JSON.stringify(doors)}) {
  if (Object.keys(await import(door)).length === 0) throw new Error(door + " offers nothing")
}`
  )
  run(process.execPath, ["--no-strip-types", file])
}

/** As a host at full strictness sees them. */
function openAsTypes(doors: ReadonlyArray<string>): void {
  writeFileSync(join(host, "package.json"), JSON.stringify({ type: "module" }))
  writeFileSync(
    join(host, "open.ts"),
    doors
      .map((door, at) => `import type * as door${at} from "${door}"\nexport type Names${at} = keyof typeof door${at}\n`)
      .join("")
  )
  const compilerOptions = {
    target: "ES2024",
    module: "NodeNext",
    lib: ["ES2024", "DOM"],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: []
  }
  writeFileSync(join(host, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["open.ts"] }))
  run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "--project", host])
}

function read(path: string): Manifest {
  return JSON.parse(readFileSync(path, "utf8"))
}

/** Silent unless it fails; then what it said is the message. */
function run(command: string, args: ReadonlyArray<string>): void {
  const { error, status, stderr, stdout } = spawnSync(command, args, { cwd: root, encoding: "utf8" })
  if (status !== 0) throw error ?? new Error(`${command} ${args.join(" ")}\n${stdout}${stderr}`)
}
