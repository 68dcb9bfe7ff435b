/** What subscriptions hear, how it travels, and what an answer means for the next attempt. */
import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import { type Parcel, dispatched, received } from "../../simulator/index.ts"
import { type Client, type Json, hour, makeClient, minute, text } from "./Client.ts"
import { meeting, subscribe } from "./Meetings.ts"
import { differences, payload } from "./Payloads.ts"

const kinds = (items: ReadonlyArray<Json>) => items.map((item) => item["changeType"])

describe("a notification", () => {
  it("has the shape of a real one and names no calendar", () => {
    const client = makeClient()
    const id = subscribe(client)
    const { eventId } = meeting(client)
    const [item] = client.delivered()
    assert.deepStrictEqual(differences(payload("notification.event.shape"), { value: [item] }), [])
    assert.strictEqual(item?.["subscriptionId"], id)
    assert.strictEqual(item?.["clientState"], "secret")
    assert.match(text(item, "resource"), /^Users\/[0-9a-f-]{36}\/Events\//)
    assert.strictEqual(text(item?.["resourceData"] as Json, "id"), eventId)
  })

  it("of a creation comes as created and as updated too; an update once, a deletion once", () => {
    const client = makeClient()
    subscribe(client)
    const { eventId } = meeting(client)
    assert.deepStrictEqual(kinds(client.delivered()), ["created", "updated"])
    client.edit({ type: "changeEvent", event: String(eventId), details: { subject: "New" } })
    assert.deepStrictEqual(kinds(client.delivered()), ["updated"])
    client.edit({ type: "deleteEvent", event: String(eventId) })
    assert.deepStrictEqual(kinds(client.delivered()), ["deleted"])
  })

  it("goes to those who watch the calendar or the whole mailbox, for the change types they asked for", () => {
    const client = makeClient({ calendars: ["Other"] })
    const whole = subscribe(client, { changeType: "created" })
    const other = subscribe(client, {
      resource: `/me/calendars/${client.calendarId("Other")}/events`,
      changeType: "created"
    })
    meeting(client)
    assert.deepStrictEqual(
      client.delivered().map((item) => item["subscriptionId"]),
      [whole]
    )
    meeting(client, "Other")
    assert.sameMembers(
      client.delivered().map((item) => item["subscriptionId"]),
      [whole, other]
    )
  })

  it("carries immutable ids where the subscription asked for them", () => {
    const client = makeClient()
    subscribe(client, {}, 'IdType="ImmutableId"')
    const { immutableId } = meeting(client)
    assert.strictEqual(text(client.delivered()[0]?.["resourceData"] as Json, "id"), immutableId)
  })

  it("names the occurrence that changed", () => {
    const client = makeClient()
    subscribe(client)
    const { eventId } = client.edit({
      type: "createSeries",
      start: "2026-11-24T09:00Z",
      end: "2026-11-24T10:00Z",
      pattern: { type: "daily" }
    })
    client.delivered()
    client.edit({ type: "moveOccurrence", series: String(eventId), date: "2026-11-26", start: "2026-11-26T12:00Z" })
    const id = text(client.delivered()[0]?.["resourceData"] as Json, "id")
    assert.strictEqual(text(client.get(`/v1.0/me/events/${encodeURIComponent(id)}`), "type"), "exception")
  })
})

describe("on a rough road", () => {
  it("all are lost, or all come twice", () => {
    for (const [change, count] of [
      [{ lost: 1 }, 0],
      [{ duplicated: 1 }, 4]
    ] as const) {
      const client = makeClient({}, { notifications: change })
      subscribe(client)
      meeting(client)
      assert.strictEqual(client.delivered().length, count)
    }
  })

  it("they come late", () => {
    const client = makeClient({}, { notifications: { delayMillis: hour } })
    subscribe(client)
    meeting(client)
    assert.deepStrictEqual(client.delivered(), [])
    client.now += hour
    assert.strictEqual(client.delivered().length, 2)
  })

  it("several subscriptions' travel in one request, up to the most that do", () => {
    const client = makeClient({}, { notifications: { batchMax: 3, createdAlsoUpdated: 0 } })
    for (const _ of [1, 2, 3, 4]) subscribe(client)
    meeting(client)
    const { parcels } = dispatched(client.world, client.now)
    assert.deepStrictEqual(
      parcels.map((parcel) => parcel.body.value.length),
      [3, 1]
    )
    assert.strictEqual(
      new Set(parcels.flatMap((parcel) => parcel.body.value.map((item) => item["subscriptionId"]))).size,
      4
    )
  })

  it("never more, never fewer than were sent, in whatever order", () => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.nat(),
        FastCheck.integer({ min: 1, max: 5 }),
        FastCheck.integer({ min: 1, max: 12 }),
        (seed, batchMax, count) => {
          const client = makeClient({}, { notifications: { reordered: 1, batchMax, createdAlsoUpdated: 0 } })
          subscribe(client)
          client.world = { ...client.world, seed }
          const ids = Array.from({ length: count }, () => String(meeting(client).eventId))
          const { parcels, world } = dispatched(client.world, client.now)
          assert.sameMembers(
            parcels.flatMap((parcel) => parcel.body.value.map((item) => text(item["resourceData"] as Json, "id"))),
            ids
          )
          assert.isTrue(parcels.every((parcel) => parcel.deliveries.length <= batchMax))
          assert.deepStrictEqual(world.outbox, [])
        }
      )
    )
  })
})

describe("an answer", () => {
  const failed = (client: Client, parcel: Parcel | undefined, status: number | null = 500) => {
    if (parcel === undefined) throw new Error("nothing was due")
    client.world = received(client.world, { parcel, status, tookMillis: 10 }, client.now)
  }

  const due = (client: Client): ReadonlyArray<Parcel> => {
    const out = dispatched(client.world, client.now)
    client.world = out.world
    return out.parcels
  }

  it("of 2xx ends the matter", () => {
    const client = makeClient()
    subscribe(client)
    meeting(client)
    failed(client, due(client)[0], 202)
    assert.deepStrictEqual(client.world.outbox, [])
  })

  it("of anything else, or none, brings it again with growing pauses for four hours", () => {
    for (const status of [302, 400, 500, null]) {
      const client = makeClient()
      subscribe(client, { expirationDateTime: new Date(client.now + 9_000 * minute).toISOString() })
      meeting(client)
      const began = client.now
      const pauses: Array<number> = []
      for (let parcels = due(client); parcels.length > 0; parcels = due(client)) {
        failed(client, parcels[0], status)
        const next = client.world.outbox[0]
        if (next === undefined) break
        pauses.push(next.dueAt - client.now)
        client.now = next.dueAt
      }
      assert.isAtLeast(pauses.length, 5)
      assert.isTrue(pauses.every((pause, index) => index === 0 || pause > (pauses[index - 1] ?? 0)))
      assert.isAtMost(client.now - began, 4 * hour)
      assert.isAbove(client.now - began, hour)
    }
  })

  it("has three seconds the first time and ten afterwards", () => {
    const client = makeClient()
    subscribe(client)
    meeting(client)
    const [first] = due(client)
    assert.strictEqual(first?.withinMillis, 3_000)
    failed(client, first)
    client.now += minute
    assert.strictEqual(due(client)[0]?.withinMillis, 10_000)
  })

  const slowly = (client: Client, tookMillis: number): void => {
    for (let count = 0; count < 12; count++) {
      meeting(client)
      for (const parcel of due(client))
        client.world = received(client.world, { parcel, status: 202, tookMillis }, client.now)
    }
  }

  it("that keeps coming after three seconds slows the address down by ten minutes", () => {
    const client = makeClient()
    subscribe(client)
    slowly(client, 4_000)
    meeting(client)
    assert.deepStrictEqual(due(client), [])
    client.now += 10 * minute
    assert.strictEqual(due(client).length, 1)
  })

  it("that keeps coming after ten seconds has notifications dropped for ten minutes", () => {
    const client = makeClient()
    subscribe(client)
    slowly(client, 11_000)
    meeting(client)
    assert.deepStrictEqual(due(client), [])
    assert.deepStrictEqual(client.world.outbox, [])
    client.now += 11 * minute
    meeting(client)
    assert.strictEqual(due(client).length, 1)
  })
})
