/** O: the line that a request leaves: whose it was, what it was about, what it was answered with. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Logger, References } from "effect"
import { Refusal, StoreError, StoreUnavailable } from "@punctual/core"
import { adele, adminKey, serve } from "../Kit.ts"

const base = "/api/v1/calendar"

const listening = Effect.sync(() => {
  const lines: Array<Readonly<Record<string, unknown>>> = []
  const logger = Logger.make(({ fiber, logLevel, message }) => {
    lines.push({ message, level: logLevel, ...fiber.getRef(References.CurrentLogAnnotations) })
  })
  const requests = () => lines.splice(0).filter(({ message }) => String(message) === "request")
  return { logger, lines, requests }
})

const withLines = <A, E, R>(story: (heard: Effect.Success<typeof listening>) => Effect.Effect<A, E, R>) =>
  Effect.flatMap(listening, (heard) => story(heard).pipe(Effect.provide(Logger.layer([heard.logger]))))

describe("O: the line of a request", () => {
  it.effect("carries route, status, code, ids, and whose key it was", () =>
    withLines(
      Effect.fnUntraced(function* ({ lines, requests }) {
        const { accounts, call } = yield* serve({
          core: {
            removeBot: () => Effect.fail(new Refusal({ code: "bot_not_found", detail: "No such bot." })),
            schedule: () => Effect.die(new Error("a fault of ours"))
          }
        })
        const answer = yield* call("DELETE", `${base}/scheduled_bots/bot_1`)
        const [key] = yield* accounts.keys(adele)
        assert.deepInclude(requests()[0], {
          route: "DELETE /api/v1/calendar/scheduled_bots/:bot_id",
          status: 404,
          code: "bot_not_found",
          bot_id: "bot_1",
          caller: adele,
          key_id: key?.id,
          request_id: answer.headers.get("x-request-id")
        })
        yield* call("POST", `${base}/schedule/evt_1`, { body: {} })
        const fault = lines.find(({ level }) => level === "Error")
        assert.deepInclude(fault, { caller: adele }, "so do the lines before it")
        assert.deepInclude(requests()[0], { status: 500, code: "internal_error", event_id: "evt_1" })
        yield* call("POST", "/api/v1/admin/users/usr_1/keys", { key: adminKey })
        assert.deepInclude(requests()[0], { caller: "admin", user_id: "usr_1", code: "not_found" })
        yield* call("POST", `${base}/schedule/${encodeURIComponent("evt 1\nlevel=ERROR")}`, { body: {} })
        const [odd] = requests()
        assert.deepInclude(odd, { route: "POST /api/v1/calendar/schedule/:event_id", caller: adele })
        assert.notProperty(odd, "event_id", "what is no id is not repeated")
      })
    )
  )

  it.effect("is left out where storage is away: that has a line of its own", () =>
    withLines(
      Effect.fnUntraced(function* ({ requests }) {
        const reason = new StoreUnavailable({ message: "connect ECONNREFUSED" })
        const { call } = yield* serve({
          core: { disconnect: () => Effect.fail(new StoreError({ operation: "connection", reason })) }
        })
        assert.strictEqual((yield* call("DELETE", `${base}/disconnect`)).status, 503)
        assert.deepStrictEqual(requests(), [])
      })
    )
  )
})
