/**
 * Attacks by what is asked, and how often: A7 to A13, A28, A33 to A35, A38, A40.
 * Decides nothing about the server: each test says what is sent and what must come back.
 */
import { assert, describe, it } from "@effect/vitest"
import type { Answer } from "../Client.ts"
import { type Scene, calendar, mails, patient, sendText } from "./Scene.ts"

const proving = process.env["PROVE"] === "1"

export const requests = (scene: () => Scene): void => {
  describe("what is asked", () => {
    it("A7: a cursor that is not as it was given is 400 invalid_cursor", async () => {
      const { adele, connectTo, create, makeUser, miriam } = scene()
      for (let at = 0; at < 3; at++) create(mails.adele, `Page ${at}`)
      const { next } = await adele.ok("GET", `${calendar}/events?sync=true&limit=1`)
      const flipped = Array.from({ length: proving ? 2_000 : 60 }, (_, at) => {
        const index = (at * 7) % next.length
        return `${next.slice(0, index)}${next[index] === "A" ? "B" : "A"}${next.slice(index + 1)}`
      })
      const forged = [
        Buffer.from('{"EventID":"evt_1"}').toString("base64"),
        '{"at":1}',
        "x".repeat(12_000),
        `${next}.${next}`
      ]
      const slow = await makeUser("Cursor")
      await connectTo(slow, mails.miriam)
      for (const [client, cursors] of [
        [adele, forged],
        [slow, [next, ...flipped.slice(0, 20)]],
        [miriam, flipped]
      ] as const) {
        for (const cursor of cursors) {
          const answer = await patient(() =>
            client.any("GET", `${calendar}/get_events?cursor=${encodeURIComponent(cursor)}`)
          )
          assert.deepStrictEqual([answer.status, answer.json?.code], [400, "invalid_cursor"], cursor.slice(0, 80))
        }
      }
      const other = await adele.any("GET", `${calendar}/get_events?cursor=${next}&include_deleted=true`)
      assert.strictEqual(other.json.code, "invalid_cursor")
      const list = await adele.any("GET", `${calendar}/scheduled_bots?cursor=${next}`)
      assert.strictEqual(list.json.code, "invalid_cursor")
    })

    it("A8: parameters out of bounds, twice, or against each other are 400", async () => {
      const { adele } = scene()
      const queries = [
        ...["0", "-1", "101", "1e9", "NaN", "[]", "", " 5", "5.0"].map((limit) => `limit=${encodeURIComponent(limit)}`),
        "limit=1&limit=2",
        "calendar_id=a&calendar_id=b",
        "time_min=2026-02-02T00:00:00Z&time_max=2026-02-01T00:00:00Z",
        "time_min=1926-01-01T00:00:00Z&time_max=2026-01-01T00:00:00Z",
        "time_min=2026-02-30T00:00:00Z",
        "time_min=now",
        "sync=1",
        "calendar_id=%00"
      ]
      for (const query of queries) {
        const answer = await adele.any("GET", `${calendar}/events?${query}`)
        assert.deepStrictEqual([answer.status, answer.json.code], [400, "invalid_request"], query)
      }
    })

    it("A9: texts of other languages are texts: stored to the letter, and no header is made of them", async () => {
      const { adele, create, listed } = scene()
      const texts = [
        `'; drop table punctual.bots; --`,
        `" or 1=1 -- $1 \${process.exit(1)} {{7*7}} %s`,
        `a\r\nSet-Cookie: x=1`,
        `attribute_exists(pk) #a :b \\u0027 \\`
      ]
      for (const [at, text] of texts.entries()) {
        create(mails.adele, `Told ${at}`)
        const event = await listed(adele, `Told ${at}`)
        const config = { bot_name: text, custom_attributes: { [text]: text }, nested: { [text]: [text] } }
        const booked = await adele.any(
          "POST",
          `${calendar}/schedule/${event.id}`,
          { bot_config: config },
          {
            "idempotency-key": text.replace(/[\r\n]/g, " ")
          }
        )
        assert.strictEqual(booked.status, 200, booked.text)
        assert.isNull(booked.headers.get("set-cookie"))
        const { scheduled_bots: bots } = await adele.ok("GET", `${calendar}/scheduled_bots?limit=100`)
        const bot = bots.find(({ bot_id: id }: { bot_id: string }) => id === booked.json.bot_id)
        assert.strictEqual(bot.bot_username, text)
        assert.strictEqual(bot.custom_attributes[text], text)
        assert.deepStrictEqual(bot.bot_config.nested, { [text]: [text] })
      }
      for (const id of [`evt_' or '1'='1`, `evt_"; select pg_sleep(9)`, "evt_%0d%0aX: 1"])
        assert.include([400, 404], (await adele.any("DELETE", `${calendar}/schedule/${encodeURIComponent(id)}`)).status)
    })

    it("A10: bodies too large, too deep, compressed or not JSON are refused before anything is made of them", async () => {
      const { adele, listed } = scene()
      const event = await listed(adele, "Mine")
      const path = `${calendar}/schedule/${event.id}`
      const config = (text: string) => `{"bot_config":${text}}`
      const cases: ReadonlyArray<readonly [string, string, number]> = [
        ["2 MB", config(`{"a":"${"x".repeat(2_000_000)}"}`), 413],
        ["100,000 deep", config("[".repeat(100_000)), 400],
        ["33 deep", config(`${'{"a":'.repeat(32)}1${"}".repeat(32)}`), 400],
        ["300,000 members", config(`{${Array.from({ length: 300_000 }, (_, at) => `"${at}":0`).join()}}`), 413],
        ["NUL", config('{"a":"\\u0000"}'), 400],
        ["half a character", config('{"a":"\\ud800"}'), 400],
        ["no JSON", "{'a':1}", 400]
      ]
      for (const [what, body, status] of cases)
        assert.strictEqual((await sendText(scene(), "POST", path, body)).status, status, what)
      const headers = { "content-encoding": "gzip" }
      assert.strictEqual((await adele.any("POST", path, {}, headers)).status, 415)
      const text = { "content-type": "text/plain" }
      assert.strictEqual((await adele.any("POST", path, {}, text)).status, 415)
      assert.strictEqual(
        (await sendText(scene(), "POST", path, config('{"a":1e400,"a":123456789012345678901}'))).status,
        409
      )
    })

    it("A12, A28, A38: odd addresses and verbs are 404 or 405; no banner, no cookie, no foreign origin", async () => {
      const { adele } = scene()
      const odd = [
        "//api/v1/calendar/connection",
        "/api//v1/calendar/connection",
        "/api/v1/%2e%2e/healthz",
        "/%00",
        "/.env"
      ]
      for (const path of odd) assert.include([400, 404], (await adele.any("GET", path)).status, path)
      assert.strictEqual((await adele.any("PUT", `${calendar}/connection`)).status, 405)
      const options = await adele.any("OPTIONS", `${calendar}/connection`, undefined, {
        origin: "https://evil.example"
      })
      assert.include([404, 405], options.status)
      for (const path of ["/healthz", "/readyz", "/docs", `${calendar}/connection`]) {
        const { headers, text } = await adele.any("GET", path, undefined, {
          origin: "https://evil.example",
          "x-forwarded-host": "evil.example",
          "x-forwarded-proto": "gopher"
        })
        for (const name of ["server", "x-powered-by", "set-cookie", "access-control-allow-origin"])
          assert.isNull(headers.get(name), `${path}: ${name}`)
        assert.strictEqual(headers.get("x-content-type-options"), "nosniff")
        assert.notInclude(text, "evil.example")
      }
      assert.deepStrictEqual((await adele.any("GET", "/healthz")).json, { status: "ok" })
    })

    it("A13: who floods gets 429 with Retry-After; the others do not notice", async () => {
      const { makeUser, miriam } = scene()
      const flooder = await makeUser("Flooder")
      const count = proving ? 5_000 : 600
      const began = performance.now()
      const flood: Array<Answer> = []
      let sent = 0
      const ask = async () => {
        while (sent++ < count) flood.push(await flooder.any("GET", `${calendar}/connection`))
      }
      // As many as one address may have connections, and some to spare for the others.
      await Promise.all(Array.from({ length: 400 }, ask))
      const seconds = (performance.now() - began) / 1_000
      const refused = flood.filter(({ status }) => status === 429)
      // Two hundred at once and fifty a second may come: a busy machine may draw out the flood until it is none.
      assert.isAtLeast(refused.length, count - 200 - Math.ceil(50 * seconds))
      assert.isTrue(refused.every(({ headers }) => Number(headers.get("retry-after")) >= 1))
      assert.strictEqual((await miriam.any("GET", `${calendar}/connection`)).status, 200)
    })

    it("A33: an idempotency key is its user's and its route's alone, and has bounds", async () => {
      const { adele, create, listed, miriam } = scene()
      create(mails.adele, "Key A")
      create(mails.miriam, "Key M")
      const [mine, theirs] = [await listed(adele, "Key A"), await listed(miriam, "Key M")]
      const key = { "idempotency-key": "the same for both" }
      const one = await adele.any("POST", `${calendar}/schedule/${mine.id}`, {}, key)
      const other = await miriam.any("POST", `${calendar}/schedule/${theirs.id}`, {}, key)
      assert.deepStrictEqual([one.status, other.status], [200, 200])
      assert.notStrictEqual(one.json.bot_id, other.json.bot_id)
      assert.strictEqual((await adele.any("POST", `${calendar}/schedule/${mine.id}`, {}, key)).text, one.text)
      const reused = await adele.any("POST", `${calendar}/schedule/${mine.id}`, { bot_config: { a: 1 } }, key)
      assert.deepStrictEqual([reused.status, reused.json.code], [422, "idempotency_key_reused"])
      for (const length of [256, 8_000])
        assert.strictEqual(
          (await adele.any("POST", `${calendar}/schedule/${mine.id}`, {}, { "idempotency-key": "k".repeat(length) }))
            .status,
          400
        )
    })

    it("A34, A40: intents without measure are refused, and only the server's own clock counts", async () => {
      const { adele, listed } = scene()
      const event = await listed(adele, "Mine")
      const { bot_id: bot } = (await adele.any("POST", `${calendar}/schedule/${event.id}`)).json
      for (const limit of [0, 367, 1e9, -1, 1.5])
        assert.strictEqual(
          (
            await adele.any("POST", `${calendar}/schedule/${event.id}`, {
              schedule_all_occurrences: true,
              occurrence_limit: limit
            })
          ).status,
          400
        )
      const at = (time: string, headers = {}) =>
        adele.any("PATCH", `${calendar}/scheduled_bots/${bot}`, { scheduled_join_time: time }, headers)
      assert.strictEqual((await at("2001-01-01T00:00:00Z")).json.code, "join_time_in_past")
      assert.strictEqual((await at("2001-01-01T00:00:00Z", { date: "Mon, 01 Jan 2001 00:00:00 GMT" })).status, 422)
      // Such a bot would never join, for its meeting ends first.
      const timeOf = async (): Promise<unknown> => {
        const { scheduled_bots: bots } = await adele.ok("GET", `${calendar}/scheduled_bots?limit=100`)
        return bots.find(({ bot_id: id }: { readonly bot_id: string }) => id === bot)?.scheduled_join_time
      }
      const before = await timeOf()
      assert.isString(before)
      assert.strictEqual((await at("9999-12-31T23:59:59Z")).json.code, "event_ended")
      assert.strictEqual(await timeOf(), before)
      assert.strictEqual((await at("99999-01-01T00:00:00Z")).status, 400)
      const far = await adele.any(
        "GET",
        `${calendar}/get_events?time_min=9998-01-01T00:00:00Z&time_max=9999-01-01T00:00:00Z`
      )
      assert.deepStrictEqual([far.status, far.json?.results], [200, []])
    })

    it("A35: of clients that remove the same bot at once, one does; a connection made and taken down at once is one or none", async () => {
      const { adele, create, listed, makeUser, stage } = scene()
      create(mails.adele, "Contended")
      const event = await listed(adele, "Contended")
      const { bot_id: bot } = await adele.ok("POST", `${calendar}/schedule/${event.id}`)
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => adele.any("DELETE", `${calendar}/scheduled_bots/${bot}`))
      )
      assert.lengthOf(
        answers.filter(({ status }) => status === 200),
        1
      )
      assert.isTrue(answers.every(({ status }) => [200, 404, 409].includes(status)))

      const torn = await makeUser("Torn")
      const given = stage.credentialsOf(mails.miriam)
      for (let round = 0; round < (proving ? 50 : 3); round++) {
        // One that came between another's steps has done its own over.
        const all = await Promise.all([
          torn.any("POST", `${calendar}/create_calendar`, given),
          torn.any("DELETE", `${calendar}/disconnect`),
          torn.any("POST", `${calendar}/create_calendar`, given)
        ])
        for (const { status, text } of all) assert.include([200, 404], status, text)
        for (const { status, text } of [all[0], all[2]]) assert.strictEqual(status, 200, text)
        const state = await torn.any("GET", `${calendar}/connection`)
        assert.include([200, 404], state.status)
        if (state.status === 200)
          assert.strictEqual((await torn.any("GET", `${calendar}/events?sync=true`)).status, 200)
      }
    })
  })
}
