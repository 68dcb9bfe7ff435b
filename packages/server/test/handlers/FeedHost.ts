/** A host that follows published calendars, as a client meets it: the real core, the real adapter, and stores in memory. */
import { type Fetched, layer as feeds } from "@punctual/adapter-ics/feed"
import { CalendarProvider, CalendarProviders, CurrentPolicy, Punctual, Secrets, defaultPolicy } from "@punctual/core"
import { CalendarMemory, LauncherMemory, SchedulerMemory, SecretsMemory, StoreMemory } from "@punctual/core/testing"
import { Context, Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { serve } from "../Kit.ts"
import { base, noon } from "../Whole.ts"

export const published = (uid: string, more = ""): string =>
  `BEGIN:VCALENDAR\nX-WR-CALNAME:Anna's\nX-WR-TIMEZONE:Europe/Berlin\nBEGIN:VEVENT\nUID:${uid}\nSUMMARY:Review\n` +
  `DTSTART:20260311T100000Z\nDURATION:PT30M\nLOCATION:https://zoom.us/j/1234567890?pwd=abc\n${more}END:VEVENT\nEND:VCALENDAR\n`

export const feedHost = Effect.gen(function* () {
  yield* TestClock.setTime(noon)
  const answers = new Map<string, string | Fetched>()
  const asked: Array<string> = []
  const fetched = (address: string): Fetched => {
    asked.push(address)
    const found = answers.get(address) ?? { kind: "failed", message: "It answered with 404.", retryAfterMillis: null }
    if (typeof found !== "string") return found
    return { kind: "whole", bytes: Buffer.from(found), validators: { etag: null, lastModified: null } }
  }
  const memory = yield* Layer.build(
    Layer.mergeAll(
      CalendarMemory.layerWith({ platforms: ["outlook_calendar"] }),
      StoreMemory.layer,
      SchedulerMemory.layer,
      SecretsMemory.layer,
      LauncherMemory.layer
    )
  )
  const context = yield* Layer.build(
    Punctual.layer.pipe(
      Layer.provide(
        Layer.merge(
          Layer.succeedContext(memory),
          CalendarProviders.layer(
            Layer.succeed(CalendarProvider, Context.get(memory, CalendarProvider)),
            feeds({ fetch: (address) => Promise.resolve(fetched(address)), limits: { backoffMinMillis: 0 } })
          )
        )
      ),
      Layer.provide(Layer.succeed(CurrentPolicy, { ...defaultPolicy, settleMillis: 0 }))
    )
  )
  const punctual = Context.get(context, Punctual)
  const { call } = yield* serve({ punctual: Layer.succeed(Punctual, punctual) })
  const connect = (body: unknown) => call("POST", `${base}/create_calendar`, { body })
  const sync: Effect.Effect<void, unknown> = Effect.flatMap(punctual.syncNext, (read) =>
    Option.isNone(read) ? Effect.void : sync
  )
  const get = (path: string) => Effect.map(call("GET", `${base}${path}`), ({ json }) => json)
  const control = Context.get(memory, CalendarMemory.CalendarControl)
  const connectOutlook = Effect.gen(function* () {
    const { accountId, clientId, clientSecret, refreshToken } = yield* control.addAccount({
      email: "adele@example.com"
    })
    yield* control.addCalendar(accountId)
    return yield* connect({
      microsoft_client_id: clientId,
      microsoft_client_secret: clientSecret,
      microsoft_refresh_token: refreshToken
    })
  })
  /** Whoever kept the credentials has lost them. */
  const loseCredentials = Effect.gen(function* () {
    const secrets = Context.get(memory, Secrets)
    for (const ref of yield* Context.get(memory, SecretsMemory.SecretsProbe).refs) yield* secrets.erase(ref)
  })
  const { failNext } = Context.get(memory, StoreMemory.StoreProbe)
  /** `fetched`: the addresses that were, in turn. */
  const hands = { connect, connectOutlook, failNext, loseCredentials, sweep: punctual.sweep, sync }
  return { answers, call, fetched: asked, get, ...hands }
})
