/**
 * Attacks on keys, and on what belongs to somebody else: A1 to A6.
 * Decides nothing about the server: each test says what is sent and what must come back.
 */
import { assert, describe, it } from "@effect/vitest"
import { strangerLimits } from "../../../src/http/Limits.ts"
import { type Answer, clientOf } from "../Client.ts"
import { adminKey, secret } from "../Stage.ts"
import { type Scene, calendar, mails, patient, sendText } from "./Scene.ts"

const proving = process.env["PROVE"] === "1"

export const callers = (scene: () => Scene): void => {
  describe("keys", () => {
    it("A1: whatever is wrong with one, it is the same 401, and nothing of it comes back", async () => {
      const { keys, stage } = scene()
      const [good] = keys
      const wrong = ["", "Token", `Basic ${good}`, `Token ${good}x`, `token${good}`, `Token ${"x".repeat(8_000)}`]
      const bodies = new Set<string>()
      for (const authorization of wrong) {
        const answer = await clientOf(stage.url(), null).any("GET", `${calendar}/connection`, undefined, {
          authorization
        })
        assert.strictEqual(answer.status, 401)
        assert.isNotNull(answer.headers.get("www-authenticate"))
        bodies.add(answer.text)
      }
      assert.lengthOf([...bodies], 1)
    })

    it("A2: what is stored of keys is a digest and a few characters; secrets rest sealed", async () => {
      const { credentials, keys, rowsOf, tables } = scene()
      const stored = (await Promise.all((await tables()).map(rowsOf))).flat().join("\n")
      for (const word of [...keys, ...credentials, secret, adminKey]) assert.notInclude(stored, word)
      assert.isTrue(keys.every((key) => Buffer.from(key.slice(3), "base64url").length >= 32))
    })

    it("V1: who guesses is told to wait, and good keys of the same address are all answered", async () => {
      const { adele, makeUser, stage } = scene()
      const { burst, perSecond } = strangerLimits.ofOneAddress
      const count = proving ? 20_000 : 1_000
      const late = await makeUser("Late")
      const began = performance.now()
      const statuses: Array<number> = []
      let sent = 0
      const guess = async () => {
        while (sent < count) {
          const at = sent++
          const { headers, status } = await clientOf(stage.url(), `pk_guess_${at}`).any("GET", `${calendar}/connection`)
          if (status === 429) assert.isAtLeast(Number(headers.get("retry-after")), 1)
          statuses.push(status)
        }
      }
      const flood = Promise.all(Array.from({ length: 100 }, guess))
      const good: Array<number> = []
      while (statuses.length < count) good.push((await adele.any("GET", `${calendar}/auto-schedule/settings`)).status)
      // Nobody has seen this one before.
      const { status } = await late.any("GET", `${calendar}/auto-schedule/settings`)
      await flood
      const seconds = (performance.now() - began) / 1_000
      assert.deepStrictEqual([...new Set(good)], [200])
      assert.strictEqual(status, 404, "let in: has connected no calendar")
      assert.isTrue(statuses.every((status) => status === 401 || status === 429))
      const admitted = statuses.filter((status) => status === 401).length
      assert.isAtMost(admitted, burst + Math.ceil(perSecond * seconds))
      assert.isAtLeast(statuses.filter((status) => status === 429).length, count - admitted)
    })

    it("A3: a revoked key takes as long as one that never was", async () => {
      const { stage } = scene()
      const { api_key: revoked, user_id: user } = await stage.admin().ok("POST", "/api/v1/admin/users", {})
      const { keys: made } = await stage.admin().ok("GET", `/api/v1/admin/users/${user}/keys`)
      await stage.admin().ok("DELETE", `/api/v1/admin/users/${user}/keys/${made[0].key_id ?? made[0].id}`)
      const unknown = `${revoked.slice(0, -4)}AAAA`
      const difference = async () => {
        const times: [Array<number>, Array<number>] = [[], []]
        let sent = 0
        for (let probe = 0; probe < (proving ? 5_000 : 300); probe++) {
          // In turns first: whoever comes second finds warm caches, or the other's garbage.
          for (const at of probe % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
            const { status, took } = await timed(() =>
              clientOf(stage.url(), [revoked, unknown][at] ?? null).any(
                "GET",
                `${calendar}/connection`,
                undefined,
                fromAnother(Math.floor(sent++ / wrongKeysOfOneAddress))
              )
            )
            times[at].push(took)
            assert.strictEqual(status, 401)
          }
        }
        return Math.abs(welch(fastest(times[0]), fastest(times[1])))
      }
      const found: Array<number> = []
      while (found.length < looksMax && (found.at(-1) ?? Number.POSITIVE_INFINITY) >= 4.5)
        found.push(await difference())
      assert.isBelow(found.at(-1) ?? Number.POSITIVE_INFINITY, 4.5, found.join(", "))
    })
  })

  describe("whose it is", () => {
    it("A4: another's ids are nobody's ids, and nothing happens to them", async () => {
      const { adele, create, listed, miriam, rowsOf } = scene()
      create(mails.adele, "Mine")
      const event = await listed(adele, "Mine")
      const { bot_id: bot, schedule_id: schedule } = await adele.ok("POST", `${calendar}/schedule/${event.id}`)
      const before = await rowsOf("bots")
      const asks: ReadonlyArray<readonly [string, string, unknown?]> = [
        ["POST", `schedule/${event.id}`],
        ["DELETE", `schedule/${event.id}`],
        ["POST", "toggle-recurrence", { event_id: event.id, recurring_enabled: true }],
        ["POST", "auto-reschedule", { event_id: event.id }],
        ["PATCH", `scheduled_bots/${bot}`, { bot_username: "Mine" }],
        ["DELETE", `scheduled_bots/${bot}`],
        ["DELETE", `scheduled_bots/${schedule}`],
        ["PATCH", `calendars/${encodeURIComponent(event.calendar_id)}`, { selected: false }],
        ["GET", `events?calendar_id=${encodeURIComponent(event.calendar_id)}`],
        ["GET", `get_events?calendar_id=${encodeURIComponent(event.calendar_id)}`]
      ]
      for (const [method, path, body] of asks) {
        const { status, text } = await miriam.any(method, `${calendar}/${path}`, body)
        assert.strictEqual(status, 404, `${method} ${path}: ${text}`)
        for (const id of [event.id, bot, schedule]) assert.notInclude(text, id)
      }
      assert.deepStrictEqual(await rowsOf("bots"), before)
    })

    it("A5: another's user id in a body is 403", async () => {
      const { adele, listed } = scene()
      const event = await listed(adele, "Mine")
      const answer = await adele.any("POST", `${calendar}/auto-reschedule`, {
        event_id: event.id,
        user_id: "usr_other"
      })
      assert.deepStrictEqual([answer.status, answer.json.code], [403, "forbidden"])
    })

    it("A6: members that are not the caller's to set are refused, and stay plain data in open objects", async () => {
      const { adele, create, listed } = scene()
      const event = await listed(adele, "Mine")
      for (const member of ["status", "tenant", "generation", "id", "schedule_id", "__proto__", "constructor"]) {
        const body = `{"${member}":{"polluted":true}}`
        const answer = await sendText(scene(), "POST", `${calendar}/schedule/${event.id}`, body)
        assert.deepStrictEqual([answer.status, answer.json.code], [400, "invalid_request"], member)
      }
      create(mails.adele, "Open")
      const open = await listed(adele, "Open")
      const config = '{"bot_config":{"__proto__":{"polluted":true},"status":"Launched","callback_url":"http://[::1]/"}}'
      const answer = await sendText(scene(), "POST", `${calendar}/schedule/${open.id}`, config)
      assert.strictEqual(answer.status, 200, answer.text)
      assert.strictEqual(answer.json.status, "Scheduled")
      assert.include(answer.text, '"__proto__":{"polluted":true}')
      assert.notProperty({}, "polluted")
    })
  })
}

/** Fewer than the budget of one address. */
const wrongKeysOfOneAddress = 50

/** All addresses together have a budget too: who is told to wait asks again, and that one is not timed. */
const timed = async (ask: () => Promise<Answer>): Promise<{ readonly status: number; readonly took: number }> => {
  let took = 0
  const { status } = await patient(async () => {
    const began = performance.now()
    const answer = await ask()
    took = performance.now() - began
    return answer
  })
  return { status, took }
}

/** As the proxy that the stage trusts says it: for what is not about the budget of an address. */
const fromAnother = (at: number) => ({ "x-forwarded-for": `198.18.${(at >> 8) & 255}.${at & 255}` })

/** A machine that does something else meanwhile makes a difference now and then; one that is real is there every time. */
const looksMax = 3

/** The undisturbed half: what the machine did meanwhile is in the other. */
const fastest = (times: ReadonlyArray<number>): ReadonlyArray<number> =>
  times.toSorted((a, b) => a - b).slice(0, Math.floor(times.length / 2))

/** Welch's t of two samples. */
const welch = (one: ReadonlyArray<number>, other: ReadonlyArray<number>): number => {
  const mean = (all: ReadonlyArray<number>) => all.reduce((sum, value) => sum + value, 0) / all.length
  const share = (all: ReadonlyArray<number>) =>
    all.reduce((sum, value) => sum + (value - mean(all)) ** 2, 0) / (all.length - 1) / all.length
  return (mean(one) - mean(other)) / Math.sqrt(share(one) + share(other))
}
