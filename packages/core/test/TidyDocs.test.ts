/**
 * What the documentation points at exists: links, paths in backticks, decisions in their index, code that runs.
 *
 * Decides what counts as a path: a name of a file with its ending, or a place that begins with a package or a folder at
 * the root. It may be short (`Judge.ts`, `decide/desired`): some file or folder has to end so. Comments in the sources
 * are held to the same.
 */
import { assert, describe, it } from "@effect/vitest"
import { existsSync, readFileSync } from "node:fs"
import { basename, dirname, join, resolve } from "node:path"
import { filesOf, none, root, sources, textOf } from "./SourceTree.ts"

const documents = filesOf("{*.md,{docs,packages,examples}/**/*.md}")

/** Every file, and every folder with something in it, from the root. */
const places: ReadonlySet<string> = new Set(
  filesOf("{*,.*,{.ci,docs,packages,examples,bench,scripts}/**/*}").flatMap((path) => {
    const parts = path.split("/")
    return parts.map((_, index) => parts.slice(0, index + 1).join("/"))
  })
)

/** How places end, from each of their folders on; of files also without their endings, one by one: `X.sim`, `X`. */
const endings: ReadonlySet<string> = new Set(
  [...places].flatMap((place) => {
    const parts = place.split("/")
    return parts.map((_, index) => parts.slice(index).join("/")).flatMap(shortened)
  })
)

/** A file by its name, or a place by where it begins. */
const filePath = /^(?:\.{1,2}\/)*(?:[\w@-][\w.@-]*\/)*[\w-][\w.-]*\.(?:ts|mjs|md|jsonl?|jsonc|ya?ml|html|sql)$/
const placePath =
  /^(?:packages|docs|examples|bench|scripts|core|server|adapter-[a-z]+|decide|usecases|ports)\/[\w@-][\w./@-]*$/

const decisions = "docs/decisions"

describe("tidy: documentation", () => {
  it("links only to files and headings that exist", () => {
    none(
      documents.flatMap((path) =>
        linksOf(path)
          .filter((link) => !leadsSomewhere(path, link))
          .map((l) => `${path}: ${l}`)
      ),
      "These links lead nowhere:"
    )
  })

  it("names only files and folders that exist, in comments too", () => {
    assert.deepStrictEqual(
      pathsIn("`decide/Decide.ts` `adapter-graph/test/links` `a.b` `x/y` `ports/Nowhere.ts` `GET /v1/a.json?b`"),
      ["decide/Decide.ts", "adapter-graph/test/links", "ports/Nowhere.ts"]
    )
    assert.deepStrictEqual(
      [
        "decide/Decide.ts",
        "Decide.ts",
        "server/test/aws/Kill",
        "server/test/aws/Kill.e2e",
        "ports/Nowhere.ts",
        "cide.ts"
      ].filter(isNowhere),
      ["ports/Nowhere.ts", "cide.ts"]
    )
    const offenders = [
      ...documents.flatMap((path) => pathsIn(withoutBlocks(textOf(path))).map((named) => [path, named] as const)),
      ...sources.flatMap((path) => pathsIn(commentsOf(textOf(path))).map((named) => [path, named] as const))
    ].filter(([, named]) => isNowhere(named))
    none(
      offenders.map(([path, named]) => `${path} names ${named}`),
      "These paths lead nowhere:"
    )
  })
})

describe("tidy: first pages", () => {
  const packages = filesOf("packages/*/package.json").map(dirname)

  it("stand in every package", () => {
    assert.isNotEmpty(packages)
    none(
      packages.map((folder) => `${folder}/README.md`).filter((path) => !places.has(path)),
      "A newcomer begins with a README:"
    )
  })

  it("show code that runs: each piece stands in a source, a test or an example, to the letter", () => {
    const run = filesOf("{packages/*/{src,test},examples/*}/**/*.ts").map((path) => flat(textOf(path)))
    const shown = filesOf("{README.md,packages/*/README.md,docs/*.md}").flatMap((path) =>
      [...textOf(path).matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = ""]) => [path, code] as const)
    )
    assert.isNotEmpty(shown)
    none(
      shown
        .filter(([, code]) => !run.some((text) => text.includes(flat(code))))
        .map(([path, code]) => `${path}: ${code.split("\n")[0]} …`),
      "Nothing runs this:"
    )
  })
})

describe("tidy: commands", () => {
  it("are written so that none waits for an answer: `npx --yes`", () => {
    const asking = /(?<!npx --yes )\bpnpm@\d+/
    assert.match("npx pnpm@12 test", asking)
    const written = filesOf("{*,.*,.ci/*,{docs,packages,examples,bench,scripts}/**/*.{md,ts,mjs,json,yaml}}")
    none(
      [...new Set(written)].filter((path) => !path.includes("core/test/Tidy") && asking.test(textOf(path))),
      "Without `--yes` npx asks whether to proceed:"
    )
  })

  it("run on one Node.js, against which packages are held: no warning about the one that starts them", () => {
    const pinned = /"node": "([\d.]+)"/.exec(textOf("package.json"))?.[1]
    assert.isDefined(pinned)
    assert.match(textOf("pnpm-workspace.yaml"), new RegExp(`^nodeVersion: ${pinned}$`, "m"))
    assert.include(textOf("Dockerfile"), `FROM node:${pinned}-`)
  })
})

describe("tidy: decisions", () => {
  const records = filesOf(`${decisions}/*.md`).filter((path) => basename(path) !== "README.md")

  it("are numbered, without a gap and none twice", () => {
    none(
      records.flatMap((path, index) => {
        const number = String(index + 1).padStart(4, "0")
        return basename(path).startsWith(`${number}-`) ? [] : [`${path} should be ${number}`]
      }),
      "Numbers follow each other:"
    )
  })

  it("say what they are, whether they hold and since when", () => {
    none(
      records.filter((path) => recordOf(path) === null),
      'A record begins with "# 0001: Title", then "Status: accepted, 2026-11-24" or "Status: superseded by 0002, 2026-11-24":'
    )
    none(
      records.flatMap((path) => {
        const successor = /^superseded by (\d{4})$/.exec(recordOf(path)?.status ?? "")?.[1]
        const isThere = records.some((other) => basename(other).startsWith(`${successor}-`))
        return successor === undefined || isThere ? [] : [`${path}: ${successor}`]
      }),
      "Superseded by no record:"
    )
  })

  it("stand in the index, one row each, as they say", () => {
    const rows = records.map((path) => {
      const { date, number, status, title } = recordOf(path) ?? nothing
      return `| [${number}](${basename(path)}) | ${title} | ${status} | ${date} |`
    })
    const index = textOf(`${decisions}/README.md`)
      .split("\n")
      .filter((line) => /^\| \[\d/.test(line))
    none(
      [...rows.filter((row) => !index.includes(row)), ...index.filter((row) => !rows.includes(row))],
      "In a record or in the index (docs/decisions/README.md), not in both:"
    )
  })
})

interface DecisionRecord {
  readonly number: string
  readonly title: string
  readonly status: string
  readonly date: string
}

const nothing: DecisionRecord = { number: "", title: "", status: "", date: "" }

/** What a record says of itself; null: not in the form that the index reads. */
function recordOf(path: string): DecisionRecord | null {
  const found = /^# (\d{4}): (.+)\n\nStatus: (accepted|superseded by \d{4}), (\d{4}-\d\d-\d\d)\n/.exec(textOf(path))
  if (found === null || !basename(path).startsWith(`${found[1]}-`)) return null
  const [, number = "", title = "", status = "", date = ""] = found
  return { number, title, status, date }
}

/** Code without its indentation, so that it is found inside a function too. */
function flat(code: string): string {
  return code.replaceAll(/^\s+/gm, "").trim()
}

function shortened(place: string): ReadonlyArray<string> {
  const shorter = place.replace(/(?<=[^/])\.[^./]*$/, "")
  return shorter === place ? [place] : [place, ...shortened(shorter)]
}

function withoutBlocks(text: string): string {
  return text.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, "")
}

function commentsOf(text: string): string {
  return [...text.matchAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm)].map(([comment]) => comment).join("\n")
}

/** Paths among what stands in backticks. */
function pathsIn(text: string): ReadonlyArray<string> {
  return [...text.matchAll(/`([^`\n]+)`/g)]
    .map(([, code = ""]) => code)
    .filter((code) => filePath.test(code) || placePath.test(code))
}

function isNowhere(path: string): boolean {
  return !endings.has(path.replace(/^(\.{1,2}\/)+/, "").replace(/\/$/, ""))
}

/** Links of a page to places in the repository; addresses on the web are for whoever follows them. */
function linksOf(path: string): ReadonlyArray<string> {
  const prose = withoutBlocks(textOf(path)).replaceAll(/`[^`\n]*`/g, "")
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g), ...prose.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z][a-z+.-]*:/i.test(target))
}

function leadsSomewhere(from: string, link: string): boolean {
  const [file = "", anchor] = decodeURI(link).split("#")
  const target =
    file === "" ? join(root, from) : file.startsWith("/") ? join(root, file) : resolve(root, dirname(from), file)
  if (!existsSync(target)) return false
  if (anchor === undefined || !target.endsWith(".md")) return true
  return headingsOf(readFileSync(target, "utf8")).includes(anchor)
}

/** Headings as the addresses that GitHub gives them. */
function headingsOf(text: string): ReadonlyArray<string> {
  return [...text.matchAll(/^#+\s+(.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-")
  )
}
