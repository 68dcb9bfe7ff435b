/**
 * C: what a connection says of itself, through the whole stack. What will not pass is told as such and noticed later too;
 * what stopped working is noticed and mended.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { pasted } from "../../../core/test/provider/Company.ts"
import { type Home, addresses, at, day, hour, meeting, openHome, user } from "./Home.ts"

const refusals = [
  ["a tenant without Exchange", 401, "OrganizationFromTenantGuidNotFound", /Exchange Online/],
  ["an account without a mailbox, or a guest", 404, "ErrorInvalidUser", /guest.*licence/],
  ["an account without an address", 400, "ErrorMissingEmailAddress", /licence/],
  ["a mailbox on the organisation's own server", 404, "MailboxNotEnabledForRESTAPI", /own server/]
] as const

const answer = (status: number, code: string) => ({
  type: "answer" as const,
  status,
  body: { error: { code, message: "m" } }
})

const connectionOf = (home: Home) => [...home.company.tenant(user).connections.values()][0]

describe("C: refusals that will not pass", () => {
  it.each(refusals)("%s is told at connecting (%i %s)", async (_, status, code, says) => {
    const home = await openHome()
    home.cloud.setFaults([{ path: "/me/calendars$", answer: answer(status, code) }])
    home.asked()
    const refusal = await home.company.ask((punctual) => Effect.flip(punctual.connect(user, pasted(home.given))))
    if (refusal._tag !== "Refusal") return assert.fail(refusal._tag)
    assert.deepStrictEqual([refusal.code, refusal.providerError], ["mailbox_unavailable", code])
    assert.match(refusal.detail, says)
    assert.lengthOf(
      home.asked().filter((each) => each.includes("/me/calendars")),
      1,
      "asking again would not help"
    )
  })

  it.each(refusals)("%s later is noticed on the connection, and it heals (%i %s)", async (_, status, code, says) => {
    const home = await openHome()
    home.cloud.setFaults([{ path: "/v1.0/me", answer: answer(status, code) }])
    await home.loop.advance(hour)
    await home.read()
    assert.deepInclude(connectionOf(home), { status: "error", statusReason: "mailbox_unavailable" })
    assert.match(connectionOf(home)?.statusMessage ?? "", says)
    await home.company.ask((punctual) => punctual.renewUser(user))
    assert.strictEqual(connectionOf(home)?.status, "error")
    home.cloud.setFaults([])
    home.edit(meeting("Review", 30))
    await home.company.ask((punctual) => punctual.renewUser(user))
    assert.deepInclude(connectionOf(home), { status: "active", statusReason: null, statusMessage: null })
    await home.loop.advance(2 * hour)
    await home.read()
    assert.strictEqual(home.row("Review").start, Date.parse(at(30)))
  })
})

describe("C: what works is kept, and what does not is noticed", () => {
  it("with the list of calendars at 500 the daily renewal still renews what is known", async () => {
    const home = await openHome({ mailbox: { calendars: ["Side"] } })
    const before = home.subscriptions().map(({ expiresAt }) => expiresAt)
    await home.loop.advance(5.5 * day)
    home.cloud.setFaults([{ path: "/me/calendars$", answer: { type: "unavailable", status: 500 } }])
    const counts = await home.company.ask((punctual) => punctual.renewUser(user))
    assert.deepInclude(counts, { renewed: 2, failed: 0 })
    for (const { expiresAt } of home.subscriptions()) assert.isAbove(expiresAt, Math.max(...before))
  })

  it("subscriptions made for an address that this server no longer has are made again for the one it has", async () => {
    for (const duplicates of ["accept", "conflict"] as const) {
      const home = await openHome({ mailbox: { calendars: ["Side"] } })
      home.cloud.configure({ subscriptions: { duplicates } })
      // As after a restart under another public address: the rows are there, the addresses differ.
      home.cloud.alter((world) => ({
        ...world,
        subscriptions: Object.fromEntries(
          Object.entries(world.subscriptions).map(([id, each]) => [
            id,
            { ...each, notificationUrl: "https://old.example/webhooks/microsoft" }
          ])
        )
      }))
      const counts = await home.company.ask((punctual) => punctual.renewUser(user))
      assert.deepInclude(counts, { recreated: 2, failed: 0 })
      assert.deepStrictEqual(
        home.subscriptions().map(({ notificationUrl }) => notificationUrl),
        [addresses.notificationUrl, addresses.notificationUrl]
      )
    }
  })
})
