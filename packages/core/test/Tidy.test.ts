/**
 * The architecture and the house rules, as a test. What a linter cannot say about the whole tree is said here: which
 * folder may import which, how long a file may be, how it must begin and what it may not be called.
 *
 * Reads the files of the repository and nothing else; never runs them. Each rule lists its offenders.
 */
import { assert, describe, it } from "@effect/vitest"
import { join, relative, sep } from "node:path"
import { codeOf, filesOf, importsOf, none, root, sources, textOf } from "./SourceTree.ts"

/**
 * The rooms of `packages/core/src`, and what each may import beside itself: the rooms on the lines above its own. Rooms on
 * one line know nothing of each other. `.` is `src` itself.
 */
const rooms: ReadonlyArray<ReadonlyArray<string>> = [
  ["recurrence", "links"],
  ["domain"],
  ["mirror", "rules"],
  ["decide/state"],
  ["decide/occurrences"],
  ["decide/intents", "decide/reschedule"],
  ["decide/desired"],
  ["decide/requests", "decide/reconcile"],
  ["decide/launch"],
  ["decide"],
  ["ports"],
  ["usecases/contract"],
  ["usecases/clock"],
  ["usecases/account"],
  ["usecases/scheduling"],
  ["usecases/workspace"],
  ["usecases/connection", "usecases/sync", "usecases/launch"],
  ["usecases/queries", "usecases/worker"],
  ["."]
]

/** Doors that a host opens without paying for the Effect runtime. */
const pureDoors = ["recurrence/index.ts", "links/index.ts", "decide/index.ts"]

const linesMax = 300

/** A name that fits everything says nothing: call a file after the noun it is about. */
const namesForbidden = /^(utils?|common|helpers?|misc|types?|shared|lib)$/i

/** Whose calendars, meetings and clouds there are: the core's ports are made for all of them. */
const vendors = new Set(
  (
    "microsoft graph outlook entra exchange office365 msal google gmail icloud fastmail nextcloud zoho zoom teams " +
    "webex jitsi skype amazon aws dynamo dynamodb azure postgres postgresql pglite"
  ).split(" ")
)

/** Where the core must know them: links are some platform's, and so are addresses that anybody may have. */
const vendorRooms = /^packages\/core\/src\/(links\/|rules\/ConsumerDomains\.ts$)/

/** A path of somebody's machine, or of the research notes this repository grew from. */
const machinePath = /(?<![\w.*-])(\/(work|root|farm|Users|home)\/[\w.]|\/tmp\/\w*jobs|\.\.\/shared\/)/

const core = join(root, "packages/core/src")

const coreSources = sources.filter((path) => path.startsWith("packages/core/src/"))
const texts = filesOf("{*,.ci/*,{packages,examples,bench,scripts,docs}/**/*}").filter((path) =>
  /\.(ts|js|mjs|cjs|json|jsonl|md|ya?ml|sh|sql|html|css|txt)$|^\.ci\//.test(path)
)

describe("tidy: the core's layers", () => {
  it("imports only its own room or one on a line above", () => {
    const offenders = coreSources.flatMap((path) =>
      lineOfRoom(roomOf(path)) === -1
        ? [`${path} is in no known room`]
        : importsOf(path)
            .filter(({ target }) => target.startsWith("packages/") && !mayImport(path, target))
            .map(({ target }) => `${path} imports ${target}`)
    )
    assert.isNotEmpty(coreSources)
    none(offenders, `Rooms, from the ground up: ${rooms.map((line) => line.join(" | ")).join(" < ")}.`)
  })

  it.each(pureDoors)("opens %s without the Effect runtime", (door) => {
    none(runtimeImportsOf(`packages/core/src/${door}`), "Reached from a pure door at run time (use `import type`):")
  })

  it("names no vendor outside links/ and the table of consumer domains, in comments neither", () => {
    const offenders = coreSources
      .filter((path) => !vendorRooms.test(path))
      .flatMap((path) => vendorsIn(textOf(path)).map((word) => `${path} says ${word}`))
    none(offenders, "A second provider is an adapter and nothing else (docs/adapters.md); say it in the port's words:")
    assert.isNotEmpty(vendorsIn(textOf("packages/core/src/links/platforms/Zoom.ts")))
    assert.deepStrictEqual(vendorsIn("GraphEvent microsoft_unavailable aZoomLink"), ["graph", "microsoft", "zoom"])
    assert.deepStrictEqual(vendorsIn("a paragraph on what was exchanged, central to teamwork"), [])
  })

  it("speaks promises in Embed.ts alone", () => {
    const published = sources.filter((path) => /^packages\/core\/(src|accounts|http|testing)\//.test(path))
    const offenders = published.filter(
      (path) => path !== "packages/core/src/Embed.ts" && /\basync\b|(?<!\.)\bawait\b|Promise\b/.test(codeOf(path))
    )
    none(offenders, "The core speaks Effect:")
  })
})

describe("tidy: every file", () => {
  it("fits in a reader's head", () => {
    const offenders = sources.map((path) => [path, linesOf(path)] as const).filter(([, lines]) => lines > linesMax)
    none(
      offenders.map(([path, lines]) => `${path} has ${lines} lines`),
      `At most ${linesMax} lines:`
    )
  })

  it("opens with a comment that says what it is and decides", () => {
    none(
      sources.filter((path) => !/^(#!.*\n)?\s*\/[*/]/.test(textOf(path))),
      "These files open without one:"
    )
  })

  it("is named after a noun of its own", () => {
    none(
      sources.filter((path) => path.split("/").some((part) => namesForbidden.test(part.replace(/\..*$/, "")))),
      "These names fit everything:"
    )
  })

  it("names no path of somebody's machine", () => {
    none(
      texts.flatMap((path) => lineOf(path, machinePath)),
      "The repository stands alone:"
    )
  })
})

/** The room of a file of the core's `src`; null for what stands elsewhere. */
function roomOf(path: string): string | null {
  const inside = relative(core, join(root, path)).split(sep)
  if (inside[0] === "..") return null
  const folders = inside.slice(0, -1)
  if (folders.length === 0) return "."
  const isNested = folders[0] === "decide" || folders[0] === "usecases"
  return folders.slice(0, isNested ? 2 : 1).join("/")
}

function lineOfRoom(room: string | null): number {
  return room === null ? -1 : rooms.findIndex((line) => line.includes(room))
}

function mayImport(from: string, to: string): boolean {
  const [own, other] = [roomOf(from), roomOf(to)]
  return own === other || (lineOfRoom(other) !== -1 && lineOfRoom(other) < lineOfRoom(own))
}

function linesOf(path: string): number {
  return textOf(path).replace(/\n$/, "").split("\n").length
}

/** Names of vendors among a text's words, which are cut where identifiers are: `GraphEvent`, `microsoft_unavailable`. */
function vendorsIn(text: string): ReadonlyArray<string> {
  const words = text.match(/[A-Z]?[a-z0-9]+|[A-Z][A-Z0-9]*(?![a-z])/g) ?? []
  return [...new Set(words.map((word) => word.toLowerCase()).filter((word) => vendors.has(word)))]
}

/** Every way in which a door reaches Effect, a platform or an adapter when it is loaded. */
function runtimeImportsOf(door: string): ReadonlyArray<string> {
  const seen = new Set([door])
  const offenders: Array<string> = []
  for (const path of seen) {
    for (const { target, typeOnly } of importsOf(path)) {
      if (typeOnly) continue
      if (/^(effect|@effect|@punctual|node:)/.test(target)) offenders.push(`${path} imports ${target}`)
      else if (target.startsWith("packages/")) seen.add(target)
    }
  }
  return offenders
}

function lineOf(path: string, pattern: RegExp): ReadonlyArray<string> {
  return textOf(path)
    .split("\n")
    .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : []))
}
