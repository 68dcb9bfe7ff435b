/**
 * One word for one thing: words that gave way to another do not come back, in names, comments or pages.
 *
 * Decides where a word counts as gone: in the whole repository, or in the core's `src` and the documentation. A name is
 * cut into its words (`pokeSoon` says "poke"), and what stands in backticks on a page is code and is not judged there.
 * `docs/glossary.md` says what the words mean.
 */
import { assert, describe, it } from "@effect/vitest"
import { basename } from "node:path"
import { filesOf, none, sources, textOf } from "./SourceTree.ts"

/** Words in lower case, and what to say in their place. A name is also looked up whole: `botsOfSlice`. */
type Gone = Readonly<Record<string, string>>

const goneEverywhere: Gone = {
  attire: "appearance",
  arranged: "indexed (`indexState`, `StateIndex`)",
  botsofslice: "relevantBots",
  callersrule: "FallbackRule",
  coveringintent: "winningIntent",
  decidewith: "decideAndCommit",
  inparts: "splitCommit",
  roundnotes: "SyncProgress"
}

const goneInTheCore: Gone = {
  ...each("wish wishes wished wishing", "intent; of the user: asks for, wants"),
  ...each("poke pokes poked poking", "notify, wake up (`WakeSignal`)"),
  ...each("arrange arranges", "index"),
  projected: "virtual (occurrence), beyond the window",
  ...each("round rounds", "pass (of a sync)"),
  ...each("stray strays", "orphaned (subscription), unknown (schedule)"),
  holder: "canonical copy"
}

/** Said in several words, in a name or across lines. */
const phrasesGone: ReadonlyArray<readonly [phrase: RegExp, instead: string]> = [
  [/\bcall(s|ed|ing)?( \w+)? back\b/i, "withdraw"],
  [/\bcalled off\b/i, "cancelled, withdrawn"],
  [/\bfar occurrences?\b/i, "virtual occurrence"]
]

/** What files are called no more, by where they stood, and what to call them: where the name itself is a word elsewhere. */
const filesGone: Readonly<Record<string, Gone>> = {
  "packages/core/src/": {
    Apply: "BotTransitions",
    Arranged: "StateIndex",
    CallBack: "WithdrawBots",
    Contended: "RetryOnConflict",
    Coverage: "AutoCoverage, Exclusions or SeriesSpan",
    Covering: "Precedence",
    Deciding: "DecideAndCommit",
    DedupKey: "MeetingKey",
    Gathering: "GroupCommit",
    Given: "CallerHints",
    Holder: "CanonicalCopy",
    Latest: "IntentOrder",
    Launching: "LaunchPool",
    Naming: "DeterministicIds",
    Parts: "CommitBatches",
    Project: "BeyondWindow",
    Questions: "ConfirmDeletions",
    Reach: "IntentReach",
    Round: "SyncPass",
    Session: "OpenAccount",
    Settle: "SeriesChange",
    Shift: "DateMapping",
    Shown: "VirtualRows",
    Strays: "OrphanedSubscriptions",
    Targets: "ResolveOccurrence",
    Work: "Worker"
  },
  "packages/adapter-aws/src/": {
    Asking: "DynamoRetry",
    Calling: "AwsRetry",
    Lately: "RecentSchedules",
    Pace: "RateLimiter",
    Reach: "SliceClosure",
    Resting: "NameCooldown",
    Turns: "KeyedMutex",
    Undisturbed: "OptimisticRetry"
  },
  "packages/adapter-graph/src/": {
    Clean: "SanitizeJson",
    Item: "GraphItem",
    Moment: "DateTimeTimeZone",
    Patience: "RedeemRetry",
    Reading: "Json",
    Refused: "SubscriptionErrors",
    Remembered: "IdleCache",
    Wire: "GraphContext"
  },
  "packages/adapter-postgres/src/": { Census: "Gauges", Places: "SealedColumns" },
  "packages/server/src/": {
    Gate: "ErrorBoundary",
    JsonText: "JsonGuard",
    Reach: "AdminTarget",
    Reading: "RequestValidation",
    Refusing: "RefusalToProblem",
    Rerun: "IdempotentReplay",
    Tidied: "OpenApiTransform",
    Working: "BackgroundLoops"
  }
}

/** Names that still have to change, and words that mean something else there: path and word. */
const known = new Set([
  // The rounds of a search, and of a number.
  "packages/core/src/decide/occurrences/BeyondWindow.ts round",
  "packages/core/src/decide/occurrences/BeyondWindow.ts rounds",
  // Names to change.
  "packages/core/src/decide/occurrences/Upcoming.ts projected",
  "packages/core/src/decide/reconcile/Command.ts holder",
  "packages/core/src/decide/reconcile/Reconcile.ts holder",
  "packages/core/src/domain/schema/Bot.ts Call Back",
  "packages/core/src/ports/Store.ts round",
  "packages/core/src/usecases/launch/WithdrawBots.ts called back",
  "packages/core/src/usecases/scheduling/AuditSchedules.ts strays",
  "packages/core/src/usecases/sync/ConfirmDeletions.ts wished",
  "packages/core/src/usecases/sync/SyncCalendar.ts round",
  "packages/core/src/usecases/worker/Worker.ts poke",
  // What the HTTP API calls it, in a member of its answer.
  "packages/core/src/usecases/connection/OrphanedSubscriptions.ts strays",
  "packages/core/src/usecases/connection/RenewSubscriptions.ts strays",
  "packages/core/src/usecases/contract/Contract.ts strays"
])

const itself = "packages/core/test/TidyWords.test.ts"
const inTheCore = sources.filter((path) => path.startsWith("packages/core/src/"))
const pages = filesOf("{*.md,docs/**/*.md,packages/*/*.md}")

/** Names, and the words that names and sentences are made of, in lower case. */
const wordsOf = (text: string): ReadonlySet<string> => {
  const names = text.match(/[A-Za-z][A-Za-z0-9]*/g) ?? []
  const parts = names.flatMap((name) => name.match(/[A-Z]?[a-z0-9]+|[A-Z][A-Z0-9]*(?![a-z])/g) ?? [])
  return new Set([...names, ...parts].map((word) => word.toLowerCase()))
}

/** A text with its lines joined and its names cut, so that a phrase is found across both. */
const joined = (text: string): string =>
  text.replaceAll(/\s+(\*|\/\/)?\s*/g, " ").replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")

const proseOf = (path: string): string =>
  textOf(path)
    .replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, "")
    .replaceAll(/`[^`\n]*`|\]\([^)\s]*\)/g, "")

const offendersIn = (path: string, text: string, gone: Gone): ReadonlyArray<string> =>
  [...wordsOf(text)].flatMap((word) =>
    Object.hasOwn(gone, word) && !known.has(`${path} ${word}`) ? [`${path} says "${word}": ${gone[word]}`] : []
  )

const phrasesIn = (path: string, text: string): ReadonlyArray<string> =>
  phrasesGone.flatMap(([pattern, instead]) => {
    const found = pattern.exec(joined(text))
    return found === null || known.has(`${path} ${found[0]}`) ? [] : [`${path} says "${found[0]}": ${instead}`]
  })

/** The forms of a word, all with the same word in their place. */
function each(words: string, instead: string): Gone {
  return Object.fromEntries(words.split(" ").map((word) => [word, instead]))
}

describe("tidy: words", () => {
  it("are found in names and sentences, in their parts, and across lines", () => {
    assert.deepStrictEqual(offendersIn("a.ts", "const pokeSoon = 1", goneInTheCore), [
      'a.ts says "poke": notify, wake up (`WakeSignal`)'
    ])
    assert.deepStrictEqual(offendersIn("a.ts", "decideWith(x)", goneEverywhere), [
      'a.ts says "decidewith": decideAndCommit'
    ])
    assert.lengthOf(phrasesIn("a.ts", "/** It is called\n * back. */"), 1)
    assert.lengthOf(phrasesIn("a.ts", "callBackAll(bots)"), 1)
    assert.deepStrictEqual(offendersIn("a.ts", "what was spoken of; background; around", goneInTheCore), [])
  })

  it("that are gone stay gone", () => {
    const offenders = sources
      .filter((path) => path !== itself)
      .flatMap((path) => offendersIn(path, textOf(path), goneEverywhere))
    none(offenders, "Words that gave way to others (docs/glossary.md):")
  })

  it("that are gone from the core stay gone from it", () => {
    const offenders = inTheCore.flatMap((path) => [
      ...offendersIn(path, textOf(path), goneInTheCore),
      ...phrasesIn(path, textOf(path))
    ])
    assert.isNotEmpty(inTheCore)
    none(offenders, "Words that gave way to others (docs/glossary.md):")
  })

  it("that named files name none", () => {
    const offenders = Object.entries(filesGone).flatMap(([folder, gone]) =>
      sources
        .filter((path) => path.startsWith(folder))
        .flatMap((path) => {
          const name = basename(path, ".ts")
          return Object.hasOwn(gone, name) ? [`${path}: ${gone[name]}`] : []
        })
    )
    none(offenders, "Files under names that gave way to others:")
  })

  it("that are gone are gone from the documentation", () => {
    const offenders = pages.flatMap((path) => [
      ...offendersIn(path, proseOf(path), { ...goneEverywhere, ...goneInTheCore }),
      ...phrasesIn(path, proseOf(path))
    ])
    none(offenders, "Words that gave way to others (docs/glossary.md):")
  })
})
