/**
 * A process that follows one published feed and nothing else, with V8 set as the server sets it: connects it, tells all of it, and tells it again each time that it
 * changed. Says by how many MiB it ever stood above what it took before, and how many items it was told.
 */
import { existsSync, readFileSync } from "node:fs"
import { BlockList } from "node:net"
import { CalendarProvider, type ConnectionId, type UserId } from "@punctual/core"
import { Effect, Redacted, Stream } from "effect"
import { feedCalendarId, feedCredentials, keepReadingShortLived, layer, newFeed } from "@punctual/adapter-ics/feed"

const [origin = "", from = "0", to = "0", passes = "0"] = process.argv.slice(2)
const window = { from: Number(from), to: Number(to) }
const mebibyte = 1024 * 1024
const allowed = new BlockList()
allowed.addSubnet("127.0.0.0", 8, "ipv4")
const ref = { userId: "usr_a" as UserId, connectionId: "ics_feed_usr_a" as ConnectionId, generation: 1, version: 1 }

const follow = Effect.fnUntraced(function* (path: string, again: number) {
  const provider = yield* CalendarProvider
  const feed = newFeed(Redacted.make(origin + path), { emails: ["me@example.com"] })
  const { credentials } = yield* provider.verify(feedCredentials([feed], 0))
  const session = yield* provider.open({ ref, credentials, notBefore: null, onRotated: () => Effect.void })
  const pass = (start: { readonly window: typeof window } | { readonly cursor: string }) =>
    Stream.runFold(
      session.changes(feedCalendarId(feed), start),
      () => ({ items: 0, cursor: "" }),
      (told, page) => ({ items: told.items + page.items.length, cursor: page.cursor ?? told.cursor })
    )
  const told = [yield* pass({ window })]
  for (let n = 0; n < again; n++) told.push(yield* pass({ cursor: told.at(-1)?.cursor ?? "" }))
  return told.map(({ items }) => items)
})

/**
 * Its own, where the system tells it: `maxRSS` begins at what the process that started this one took, since a child is a copy of
 * it until it runs another program.
 */
const peakBytes = (): number => {
  const status = existsSync("/proc/self/status") ? readFileSync("/proc/self/status", "utf8") : ""
  const own = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return (own === undefined ? process.resourceUsage().maxRSS : Number(own)) * 1024
}

keepReadingShortLived()
const told = await Effect.runPromise(
  Effect.gen(function* () {
    // What the code itself takes is no feed's.
    yield* follow("/small.ics", 1)
    const restBytes = process.memoryUsage.rss()
    const items = yield* follow("/large.ics", Number(passes))
    return { aboveRest: (peakBytes() - restBytes) / mebibyte, items }
  }).pipe(Effect.provide(layer({ allowed })))
)
process.stdout.write(JSON.stringify(told))
