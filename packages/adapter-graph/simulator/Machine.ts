/**
 * The one mutable place: a world, a clock, and the notifications on their way.
 *
 * Holds the current world, lets rules replace it, and carries out what they cannot: asking addresses to validate
 * themselves and posting notifications. It decides nothing about Graph; Rules.ts and Delivery.ts do.
 */
import { dispatched, nextDueAt, received, type Parcel } from "./Delivery.ts"
import type { Outcome, Reply, Validation, ValidationResult } from "./Exchange.ts"
import { noTraffic, type Traffic } from "./Traffic.ts"
import type { World } from "./World.ts"

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
  readonly settled: () => Promise<void>
  readonly traffic: () => Traffic
  readonly note: (change: (traffic: Traffic) => Traffic) => void
  readonly stop: () => void
}

export const makeMachine = (initial: World, clock: () => number): Machine => {
  let world = initial
  let traffic: Traffic = noTraffic
  let offset = 0
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  const underWay = new Set<Promise<void>>()
  const now = (): number => clock() + offset

  const deliver = async (parcels: ReadonlyArray<Parcel>): Promise<void> => {
    for (const parcel of parcels) {
      const began = performance.now()
      const status = await post(parcel)
      if (isStopped) return
      world = received(world, { parcel, status, tookMillis: performance.now() - began }, now())
      const isGood = status !== null && status >= 200 && status < 300
      const count = parcel.deliveries.length
      traffic = isGood
        ? { ...traffic, notificationsSent: traffic.notificationsSent + count }
        : { ...traffic, notificationsFailed: traffic.notificationsFailed + count }
    }
  }

  const pump = (): void => {
    clearTimeout(timer)
    if (isStopped) return
    const out = dispatched(world, now())
    world = out.world
    // One address gets one request at a time; different addresses do not wait for each other.
    for (const parcels of Map.groupBy(out.parcels, (parcel) => parcel.url).values()) {
      const delivery = deliver(parcels).finally(() => {
        underWay.delete(delivery)
        pump()
      })
      underWay.add(delivery)
    }
    const due = nextDueAt(world)
    if (due !== null) timer = setTimeout(pump, Math.min(Math.max(0, due - now()), timerMax)).unref()
  }

  const settled = async (): Promise<void> => {
    pump()
    while (underWay.size > 0) await Promise.all(underWay)
  }

  const update = (change: (world: World, now: number) => World): void => {
    world = change(world, now())
    if (world.outbox.length > 0) queueMicrotask(pump)
  }

  const finish = async (outcome: Outcome): Promise<Reply> => {
    let current = outcome
    update(() => current.world)
    while (current._tag === "Validate") {
      const result = await validated(current.validation)
      current = current.validation.resume(world, result, now())
      update(() => current.world)
    }
    return current.reply
  }

  return {
    world: () => world,
    update,
    now,
    advance: (millis) => {
      offset += millis
      pump()
    },
    finish,
    settled,
    traffic: () => traffic,
    note: (change) => {
      traffic = change(traffic)
    },
    stop: () => {
      isStopped = true
      clearTimeout(timer)
    }
  }
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
