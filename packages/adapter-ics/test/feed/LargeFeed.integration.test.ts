/** What it costs to follow a feed as large as one may be: memory, told by a process that does nothing else. */
import { assert, describe, it } from "@effect/vitest"
import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"
import { Effect } from "effect"
import { feedServer } from "./FeedServer.ts"
import { agenda, greekAgenda, largeFeed } from "./LargeFeed.ts"

const mebibyte = 1024 * 1024
const day = 86_400_000
const from = Date.UTC(2027, 11, 1)
const program = join(import.meta.dirname, "../process/FollowFeed.ts")
const run = promisify(execFile)
const aboveRestMax = 256
/** The one that takes most: the gate follows it alone. */
const greek = ["20,000 meetings in Greek", 20_000, greekAgenda, 400] as const
const feeds = [["20,000 meetings", 20_000, agenda, 660], greek, ["2,000 long ones", 2_000, agenda, 9_600]] as const

describe("a feed of 20 MiB", () => {
  it.effect.each(process.env["PROVE"] === "1" ? feeds : [greek])(
    "is followed within 256 MiB above rest: %s",
    ([, entries, prose, characters]) =>
      Effect.gen(function* () {
        const server = yield* feedServer
        const text = largeFeed(entries, from, prose, characters)
        assert.isAbove(Buffer.byteLength(text), 17 * mebibyte)
        assert.isBelow(Buffer.byteLength(text), 20 * mebibyte)
        server.at("/small.ics").text = largeFeed(200, from, prose, characters)
        const large = server.at("/large.ics")
        large.edits = ["Meeting 7", "Edited 1", "Edited 2", "Edited 3"].map((subject) =>
          text.replace("SUMMARY:Meeting 7\r", `SUMMARY:${subject}\r`)
        )
        large.text = text
        const { stdout } = yield* Effect.promise(() =>
          run(process.execPath, [program, server.origin, `${from}`, `${from + 31 * day}`, "3"])
        )
        const { aboveRest, items } = JSON.parse(stdout) as { readonly aboveRest: number; readonly items: unknown }
        assert.deepStrictEqual(items, [entries, 1, 1, 1])
        assert.isBelow(aboveRest, aboveRestMax)
      }).pipe(Effect.scoped)
  )
})
