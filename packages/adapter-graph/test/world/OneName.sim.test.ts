/**
 * B4, through the whole stack: a meeting that Outlook makes recurring in place keeps its id, and is told as a series from
 * then on. Nothing of what it was may be left, neither rows nor bots.
 */
import { assert, describe, it } from "@effect/vitest"
import { type Home, at, meeting, openHome, user } from "./Home.ts"

const starts = (home: Home): ReadonlyArray<string> =>
  home
    .rows()
    .filter((row) => !row.isDeleted && !row.isVirtual)
    .map((row) => new Date(row.start).toISOString())
    .toSorted()

const joins = (home: Home): ReadonlyArray<string> =>
  home
    .bots()
    .filter((bot) => bot.status === "Scheduled")
    .map((bot) => new Date(bot.start).toISOString())

const opened = async (): Promise<Home & { readonly event: string }> => {
  const home = await openHome()
  await home.company.ask((punctual) => punctual.enableAuto(user, {}))
  const event = home.edit(meeting("Review", 6))
  await home.read()
  assert.deepStrictEqual([starts(home), joins(home)], [[at(6)], [at(6)]])
  return { ...home, event }
}

const thrice = { pattern: { type: "daily" }, range: { type: "numbered", numberOfOccurrences: 3 } } as const

describe("B4: one provider id names one thing", () => {
  it.each([
    ["in the round that tells it", false],
    ["in a full round", true]
  ])("a meeting made recurring has one row and one bot for its time, %s", async (_, isFull) => {
    const home = await opened()
    home.edit({ type: "makeRecurring", event: home.event, ...thrice })
    if (isFull) home.edit({ type: "loseSyncState" })
    await home.read()
    assert.deepStrictEqual(starts(home), [at(6), at(30), at(54)])
    assert.deepStrictEqual(joins(home), [at(6)])
  })

  it("and where the master is not told with it", async () => {
    const home = await opened()
    home.cloud.configure({ delta: { masterMissing: 1 } })
    home.edit({ type: "makeRecurring", event: home.event, ...thrice })
    await home.read()
    assert.deepStrictEqual([starts(home), joins(home)], [[at(6), at(30), at(54)], [at(6)]])
  })

  it.each([
    ["in the round that tells it", false],
    ["in a full round", true]
  ])("a series made a single meeting leaves no phantom, %s", async (_, isFull) => {
    const home = await opened()
    home.edit({ type: "makeRecurring", event: home.event, ...thrice })
    await home.read()
    home.edit({ type: "makeSingle", series: home.event, start: at(8), end: at(9) })
    if (isFull) home.edit({ type: "loseSyncState" })
    await home.read()
    assert.deepStrictEqual([starts(home), joins(home)], [[at(8)], [at(8)]])
    assert.isTrue([...home.company.tenant(user).series.values()].every(({ row }) => row.isDeleted))
  })
})
