/**
 * Attacks by what Microsoft is said to have posted, or has stored: A14 to A18, A21.
 * Decides nothing about the server: each test says what is sent and what must come back.
 */
import { assert, describe, it } from "@effect/vitest"
import { clientOf } from "../Client.ts"
import { until } from "../Processes.ts"
import { type Scene, calendar, mails } from "./Scene.ts"

const webhooks = "/webhooks/microsoft"
const proving = process.env["PROVE"] === "1"
/** Microsoft takes whoever needs longer than three seconds for slow; a machine that runs other tests beside may stall. */
const answerMillisMax = proving ? 3_000 : 30_000

export const notices = (scene: () => Scene): void => {
  describe("what Microsoft is said to have posted", () => {
    const subscriptionOf = (mail: string) => {
      const { mailboxes, subscriptions } = scene().stage.simulator.world()
      const [name] = Object.entries(mailboxes).find(([, box]) => box.userPrincipalName === mail) ?? []
      return (
        Object.values(subscriptions).find((each) => [name, mail].includes(each.mailbox)) ??
        assert.fail("no subscription")
      )
    }
    const notice = (subscriptionId: string, clientState: unknown, more: object = {}) => ({
      subscriptionId,
      clientState,
      changeType: "updated",
      resource: "Users/x/Events/y",
      ...more
    })
    const post = (value: ReadonlyArray<unknown>, path = webhooks) =>
      clientOf(scene().stage.url(), null).any("POST", path, { value })
    /** Calendars as rows, but for what their own work writes: a forged notice makes none of them due. */
    const marks = () => scene().marks()

    it("A14: the token of a handshake comes back as plain text, and as nothing else", async () => {
      const { stage } = scene()
      const nobody = clientOf(stage.url(), null)
      const token = "<script>alert(1)</script> ü+%"
      const answer = await nobody.any("POST", `${webhooks}?validationToken=${encodeURIComponent(token)}`, { value: [] })
      assert.deepStrictEqual([answer.status, answer.text], [200, token])
      assert.strictEqual(answer.headers.get("content-type"), "text/plain; charset=utf-8")
      assert.strictEqual(answer.headers.get("x-content-type-options"), "nosniff")
      assert.strictEqual((await nobody.any("POST", `${webhooks}?validationToken=${"x".repeat(2_100)}`)).status, 400)
    })

    it("A15, A16: what is forged, unknown or odd is 202 and marks nothing; each item is judged alone", async () => {
      const [mine, theirs] = [subscriptionOf(mails.adele), subscriptionOf(mails.miriam)]
      const before = await marks()
      const batches: ReadonlyArray<ReadonlyArray<unknown>> = [
        [
          notice(mine.id, "wrong"),
          notice(mine.id, undefined),
          notice(mine.id, ""),
          notice(mine.id, [mine.clientState])
        ],
        [notice(mine.id, theirs.clientState), notice(theirs.id, mine.clientState)],
        Array.from({ length: 500 }, (_, at) => notice(`unknown-${at}`, mine.clientState)),
        [null, 7, "x", [], {}, { subscriptionId: {} }]
      ]
      for (const batch of batches) assert.strictEqual((await post(batch)).status, 202)
      assert.deepStrictEqual(await marks(), before)
      assert.strictEqual((await post([notice("x".repeat(5_000_000), "")])).status, 413)
      assert.strictEqual((await post([notice("nobody", "x"), notice(mine.id, mine.clientState), null])).status, 202)
      const changed = (await marks()).filter((mark) => !before.includes(mark))
      assert.lengthOf(changed, 1, "the one calendar whose notice was good")
    })

    it("A17: a flood of good notices is answered at once and costs a bounded number of calls to Microsoft", async () => {
      const { stage } = scene()
      const mine = subscriptionOf(mails.adele)
      const before = stage.simulator.traffic().requests
      const count = proving ? 20_000 : 1_000
      const took: Array<number> = []
      const began = performance.now()
      let sent = 0
      const sender = async () => {
        while (sent < count) {
          sent += 20
          const asked = performance.now()
          const { status } = await post(Array.from({ length: 20 }, () => notice(mine.id, mine.clientState)))
          took.push(performance.now() - asked)
          assert.strictEqual(status, 202)
        }
      }
      await Promise.all(Array.from({ length: 8 }, sender))
      const seconds = (performance.now() - began) / 1_000
      process.stdout.write(
        `A17: ${count} notices in ${seconds.toFixed(1)} s, slowest answer ${Math.max(...took).toFixed(0)} ms\n`
      )
      assert.isBelow(Math.max(...took), answerMillisMax)
      // One calendar is read by one round at a time, whatever is posted meanwhile.
      assert.isBelow(stage.simulator.traffic().requests - before, Math.max(count / 10, seconds * 40))
    })

    it("A18: a lifecycle notice, forged or replayed, deletes nothing", async () => {
      const { adele, rowsOf } = scene()
      const mine = subscriptionOf(mails.adele)
      const [events, bots] = [await rowsOf("events"), await rowsOf("bots")].map((rows) => rows.length)
      for (const lifecycleEvent of ["subscriptionRemoved", "missed", "reauthorizationRequired", "somethingNew"]) {
        for (const state of ["forged", mine.clientState])
          assert.strictEqual(
            (await post([notice(mine.id, state, { lifecycleEvent })], `${webhooks}/lifecycle`)).status,
            202
          )
      }
      const healed = await until(30_000, async () => {
        const { calendars } = await adele.ok("GET", `${calendar}/connection`)
        return calendars.every((each: { subscription_id: string | null }) => each.subscription_id !== null)
          ? true
          : null
      })
      assert.isTrue(healed, "subscribed again")
      assert.strictEqual((await rowsOf("bots")).length, bots)
      assert.isAtLeast((await rowsOf("events")).length, events ?? 0)
    })

    it("A21: what a hostile calendar holds is capped, and stays text", async () => {
      const { adele, create, listed } = scene()
      const html = `<img src=x onerror=alert(1)>\u202e\u200b`
      create(mails.adele, html, {
        link: null,
        bodyHtml: `<a href="javascript:alert(1)">join</a> file:///etc/passwd https://zoom.us.evil.example/j/5551112222 ${"(a".repeat(20_000)}`,
        bodyBytes: 300_000,
        attendees: Array.from({ length: 2_000 }, (_, at) => ({ name: `A${at}`, address: `a${at}@x.example` }))
      })
      const event = await listed(adele, html)
      assert.isNull(event.meeting_url)
      assert.isTrue(event.raw_truncated)
      assert.isBelow(JSON.stringify(event.raw).length, 200_000)
    })
  })
}
