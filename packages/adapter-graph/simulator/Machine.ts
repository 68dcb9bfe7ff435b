/**
 * The one mutable place: a world, a clock, and the notifications on their way.
 *
 * Holds the current world, lets rules replace it, and carries out what they cannot: asking addresses to validate
 * themselves and posting notifications. It decides nothing about Graph; Rules.ts and Delivery.ts do.
 */
import { type Parcel, dispatched, nextDueAt, received } from "./notifications/Delivery.ts"
import type { Outcome, Reply, Validation, ValidationResult } from "./wire/Exchange.ts"
import { type Traffic, noTraffic } from "./Traffic.ts"
import type { World } from "./world/World.ts"

export interface Machine {
  readonly world: () => World
  /** Replaces the world by what `change` makes of it; due notifications leave afterwards. */
  readonly update: (change: (world: World, now: number) => World) => void
  readonly now: () => number
  /** Moves the clock on; what becomes due leaves. */
  readonly advance: (millis: number) => void
  /** Carries an outcome through its callbacks to a reply. */
  readonly finish: (outcome: Outcome) => Promise<Reply>
  /** Resolves when nothing that is due is still on its way. */
  readonly delivered: () => Promise<void>
  readonly traffic: () => Traffic
  readonly note: (change: (traffic: Traffic) => Traffic) => void
  readonly stop: () => void
}

export const makeMachine = (initial: World, clock: () => number): Machine => {
  const cell: Cell = { world: initial, traffic: noTraffic, isStopped: false }
  let offset = 0
  const now = (): number => clock() + offset
  const courier = makeCourier(cell, now)

  const update = (change: (world: World, now: number) => World): void => {
    cell.world = change(cell.world, now())
    if (cell.world.outbox.length > 0) queueMicrotask(courier.pump)
  }

  const finish = async (outcome: Outcome): Promise<Reply> => {
    let current = outcome
    update(() => current.world)
    while (current._tag === "Validate") {
      const result = await validated(current.validation)
      current = current.validation.resume(cell.world, result, now())
      update(() => current.world)
    }
    return current.reply
  }

  return {
    world: () => cell.world,
    update,
    now,
    advance: (millis) => {
      offset += millis
      courier.pump()
    },
    finish,
    delivered: courier.delivered,
    traffic: () => cell.traffic,
    note: (change) => {
      cell.traffic = change(cell.traffic)
    },
    stop: () => {
      cell.isStopped = true
      courier.rest()
    }
  }
}

/** What changes. Everything else here is a function of it. */
interface Cell {
  world: World
  traffic: Traffic
  isStopped: boolean
}

interface Courier {
  /** Sends what is due, and wakes up for what is due next. */
  readonly pump: () => void
  readonly delivered: () => Promise<void>
  readonly rest: () => void
}

const makeCourier = (cell: Cell, now: () => number): Courier => {
  let timer: NodeJS.Timeout | undefined
  const underWay = new Set<Promise<void>>()

  const deliver = async (parcels: ReadonlyArray<Parcel>): Promise<void> => {
    for (const parcel of parcels) {
      const began = performance.now()
      const status = await post(parcel)
      if (cell.isStopped) return
      cell.world = received(cell.world, { parcel, status, tookMillis: performance.now() - began }, now())
      cell.traffic = counted(cell.traffic, parcel, status)
    }
  }

  const pump = (): void => {
    clearTimeout(timer)
    if (cell.isStopped) return
    const out = dispatched(cell.world, now())
    cell.world = out.world
    // What leaves together for one address goes one after the other; addresses do not wait for each other.
    for (const parcels of Map.groupBy(out.parcels, (parcel) => parcel.url).values()) {
      const delivery = deliver(parcels).finally(() => {
        underWay.delete(delivery)
        pump()
      })
      underWay.add(delivery)
    }
    const due = nextDueAt(cell.world)
    if (due !== null) timer = setTimeout(pump, Math.min(Math.max(0, due - now()), timerMax)).unref()
  }

  const delivered = async (): Promise<void> => {
    pump()
    while (underWay.size > 0) await Promise.all(underWay)
  }

  return { pump, delivered, rest: () => clearTimeout(timer) }
}

const counted = (traffic: Traffic, parcel: Parcel, status: number | null): Traffic => {
  const count = parcel.deliveries.length
  const isGood = status !== null && status >= 200 && status < 300
  return isGood
    ? { ...traffic, notificationsSent: traffic.notificationsSent + count }
    : { ...traffic, notificationsFailed: traffic.notificationsFailed + count }
}

// The longest a timer of the runtime can wait.
const timerMax = 2_147_483_647

const post = async (parcel: Parcel): Promise<number | null> => {
  try {
    const response = await fetch(parcel.url, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify(parcel.body),
      redirect: "manual",
      signal: AbortSignal.timeout(parcel.withinMillis)
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return null // no connection, or no answer in time: both are tried again
  }
}

const validated = async (validation: Validation): Promise<ValidationResult> => {
  const results = await Promise.all(validation.urls.map((url) => echoed(url, validation)))
  return results.find((result) => result !== "ok") ?? "ok"
}

const echoed = async (address: string, validation: Validation): Promise<ValidationResult> => {
  const joint = address.includes("?") ? "&" : "?"
  try {
    const response = await fetch(`${address}${joint}validationToken=${encodeURIComponent(validation.token)}`, {
      method: "POST",
      headers: { "content-type": "text/plain; charset=utf-8" },
      body: "",
      redirect: "manual",
      signal: AbortSignal.timeout(validation.withinMillis)
    })
    const text = await response.text()
    const isPlain = response.headers.get("content-type")?.toLowerCase().startsWith("text/plain") === true
    return response.status === 200 && isPlain && text === validation.token ? "ok" : "refused"
  } catch (error) {
    return error instanceof DOMException && error.name === "TimeoutError" ? "timeout" : "refused"
  }
}
