/**
 * A bot that was handed over and is to be withdrawn, while the server dies: the real process, and a bot service that
 * speaks Recall's words and does not answer just then.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { apiKey, fake } from "../launchers/Fakes.ts"
import { stop, until } from "./Processes.ts"
import { makeStage } from "./Stage.ts"

const calendar = "/api/v1/calendar"
const mailbox = "adele@contoso.example"
const zoom = "https://zoom.us/j/5551112222"
const teams = "https://teams.microsoft.com/meet/744337110262323?p=a"
/** A look every fifteen seconds, and what a busy machine adds. */
const waitMillisMax = 90_000

const stageWith = (url: URL) =>
  Effect.acquireRelease(
    Effect.promise(() =>
      makeStage({ PUNCTUAL_LAUNCHER: "recall", PUNCTUAL_LAUNCHER_URL: url.href, PUNCTUAL_LAUNCHER_SECRET: apiKey })
    ),
    (stage) => Effect.promise(() => stage.close())
  )

/** Two meetings that go on now, with a bot in each. */
const inMeetings = Effect.gen(function* () {
  const service = yield* fake("recall")
  const stage = yield* stageWith(service.url)
  const waited = <A>(what: string, look: () => Promise<A | null>) =>
    Effect.promise(async () => (await until(waitMillisMax, look)) ?? assert.fail(`never: ${what}\n${stage.output()}`))
  const adele = yield* Effect.promise(() => stage.makeUser("Adele"))
  yield* Effect.promise(() => adele.ok("POST", `${calendar}/create_calendar`, stage.credentialsOf(mailbox)))
  const start = new Date(Math.floor(Date.now() / 1_000) * 1_000 - 60_000).toISOString()
  const end = new Date(Date.now() + 3_600_000).toISOString()
  for (const subject of ["Cancelled", "Elsewhere"]) {
    stage.simulator.edit({ type: "createEvent", mailbox, start, end, details: { subject, link: zoom } })
  }
  const rows = async (more = "") => (await adele.ok("GET", `${calendar}/events?sync=true${more}`)).results
  const found = yield* waited("two events", async () => {
    const results = await rows()
    return results.length === 2 ? results : null
  })
  for (const { id } of found) yield* Effect.promise(() => adele.ok("POST", `${calendar}/schedule/${id}`))
  yield* waited("two bots in meetings", async () => (service.bots.length === 2 ? true : null))
  // Handed over is what the server knows to be: the answer is written down.
  yield* waited("two launched", async () =>
    (await rows()).every(({ bots: [bot] }: { bots: ReadonlyArray<{ status: string }> }) => bot?.status === "Launched")
      ? true
      : null
  )
  const eventOf = (subject: string): string =>
    found.find((row: { readonly subject: string }) => row.subject === subject).platform_id
  return { eventOf, rows, service, stage, waited }
})

describe("a bot to be withdrawn", { timeout: 300_000 }, () => {
  it.live("is withdrawn by the next process when the one that tried was killed; a new link gets a new bot", () =>
    Effect.gen(function* () {
      const { eventOf, rows, service, stage, waited } = yield* inMeetings
      service.setDeaf(true)
      stage.simulator.edit({ type: "cancelEvent", mailbox, event: eventOf("Cancelled") })
      stage.simulator.edit({ type: "changeLink", mailbox, event: eventOf("Elsewhere"), link: teams })
      yield* waited("both asked back, and nobody answered", async () => (service.unheard.size === 2 ? true : null))
      assert.isNull((yield* Effect.promise(() => stop(stage.server(), "SIGKILL"))).code)
      assert.isTrue(service.bots.every(({ hasLeft }) => !hasLeft))
      service.setDeaf(false)
      yield* Effect.promise(stage.restart)
      yield* waited("the bot at the new link", async () => (service.bots.length === 3 ? true : null))
      yield* waited("both taken out", async () =>
        service.bots.filter(({ hasLeft }) => hasLeft).length === 2 ? true : null
      )
      assert.deepStrictEqual(
        service.bots.map(({ body, hasLeft }) => [body["meeting_url"], hasLeft]),
        [
          [zoom, true],
          [zoom, true],
          [teams, false]
        ]
      )
      const reasons = yield* waited("reasons", async () => {
        const all = (await rows("&include_deleted=true")).flatMap(
          ({ bots }: { bots: ReadonlyArray<{ status_reason: string | null }> }) => bots.map((bot) => bot.status_reason)
        )
        return all.includes("link_changed") ? all : null
      })
      // An organizer's own copy goes when the meeting is cancelled.
      assert.sameMembers(reasons, ["meeting_deleted", "link_changed", null])
    }).pipe(Effect.scoped)
  )
})
