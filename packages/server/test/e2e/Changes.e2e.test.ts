/**
 * Waiting for the log at real servers: two of them over one PostgreSQL, what one writes and the other is asked for, clients
 * that go away, and a server that is asked to stop meanwhile.
 */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { heldLimits } from "../../src/http/Limits.ts"
import { type Client, clientOf } from "./Client.ts"
import { onPostgres } from "./Place.ts"
import { stop, until } from "./Processes.ts"
import { type Stage, makeStage } from "./Stage.ts"

const calendar = "/api/v1/calendar"
const mailbox = "adele@contoso.example"
/** What a busy machine may take for what is done at once. */
const waitMillisMax = 60_000

/** Nothing of the kind happens here: what the servers tell meanwhile ends no wait. */
const never = "types=bot.failed"

let stage: Stage
let key: string
/** By the address of both. */
let adele: Client

beforeAll(async () => {
  stage = await makeStage({}, onPostgres(2))
  key = (await stage.admin().ok("POST", "/api/v1/admin/users", { name: "Adele" })).api_key
  adele = clientOf(stage.url(), key)
  await adele.ok("POST", `${calendar}/create_calendar`, stage.credentialsOf(mailbox))
  const start = new Date(Date.now() + 3_600_000).toISOString()
  const end = new Date(Date.now() + 7_200_000).toISOString()
  stage.simulator.edit({
    type: "createEvent",
    mailbox,
    start,
    end,
    details: { subject: "Soon", link: "https://zoom.us/j/5551112222" }
  })
  await until(waitMillisMax, async () =>
    (await adele.ok("GET", `${calendar}/events?sync=true`)).results.length > 0 ? true : null
  )
}, waitMillisMax * 2)

afterAll(() => stage.close())

const endOfLog = async (): Promise<string> => {
  let page = await adele.ok("GET", `${calendar}/changes`)
  while (page.has_more === true) page = await adele.ok("GET", `${calendar}/changes?cursor=${page.next}`)
  return page.next
}

/**
 * Asks until it is let in: a look at whether all places are taken takes the last one where they are not yet, and whoever comes
 * for it meanwhile is refused.
 */
const letIn = <Answer extends { readonly status: number }>(ask: () => Promise<Answer>): Promise<Answer | null> =>
  until(waitMillisMax, async () => {
    const answer = await ask()
    return answer.status === 429 ? null : answer
  })

describe("waiting for the log", { timeout: waitMillisMax * 3 }, () => {
  it("ends at both servers when one of them writes, long before its time", async () => {
    const cursor = await endOfLog()
    const { results } = await adele.ok("GET", `${calendar}/get_events`)
    // By turns at one server and the other.
    const waiting = Array.from({ length: 6 }, () =>
      adele.ok("GET", `${calendar}/changes?wait=30&types=bot.*&cursor=${cursor}`)
    )
    const everybodys = Array.from({ length: 2 }, () =>
      stage.admin().ok("GET", "/api/v1/admin/changes?wait=30&types=bot.*")
    )
    const { bot_id: botId } = await adele.ok("POST", `${calendar}/schedule/${results[0].id}`)
    const began = performance.now()
    for (const page of await Promise.all([...waiting, ...everybodys])) {
      assert.deepStrictEqual(
        page.changes.map((change: { readonly type: string; readonly bot_id: string }) => [change.type, change.bot_id]),
        [["bot.scheduled", botId]]
      )
    }
    // Whoever looks again by themselves does so after five seconds; the signal of another process takes one.
    assert.isBelow(performance.now() - began, process.env["PROVE"] === "1" ? 2_500 : 25_000)
  })

  it("takes no room any more when the client goes away", async () => {
    const cursor = await endOfLog()
    const gone = new AbortController()
    const { url } = stage.server()
    const wait = (signal?: AbortSignal, seconds = 30) =>
      fetch(`${url}${calendar}/changes?wait=${seconds}&${never}&cursor=${cursor}`, {
        headers: { authorization: `Token ${key}` },
        ...(signal !== undefined && { signal })
      })
    const held = Array.from({ length: heldLimits.ofOneMax }, () => letIn(() => wait(gone.signal)).catch(() => null))
    const isFull = async () => (await wait(undefined, 1)).status === 429
    assert.isTrue(await until(waitMillisMax, async () => ((await isFull()) ? true : null)))
    gone.abort()
    assert.deepStrictEqual(
      await Promise.all(held),
      held.map(() => null)
    )
    assert.isTrue(await until(waitMillisMax, async () => ((await isFull()) ? null : true)))
  })

  it("is answered when the server is asked to stop, which waits for none of it", async () => {
    const cursor = await endOfLog()
    const { url } = stage.server()
    const one = clientOf(url, key)
    // Whoever comes later than these is refused: then they are held.
    const held = Array.from({ length: heldLimits.ofOneMax }, () =>
      letIn(() => one.any("GET", `${calendar}/changes?wait=30&${never}&cursor=${cursor}`))
    )
    assert.isTrue(
      await until(waitMillisMax, async () =>
        (await one.any("GET", `${calendar}/changes?wait=1&${never}&cursor=${cursor}`)).status === 429 ? true : null
      )
    )
    const ended = await stop(stage.server())
    assert.strictEqual(ended.code, 0, ended.output)
    for (const answer of await Promise.all(held)) {
      assert.strictEqual(answer?.status, 200)
      assert.deepStrictEqual([answer?.json.changes, answer?.json.has_more], [[], false])
      assert.isString(answer?.json.next)
    }
  })
})
