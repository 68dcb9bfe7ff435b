/**
 * A client under whose feet the server dies: it schedules and unschedules as fast as it is answered, and remembers what
 * it was promised. What was asked but never answered is in doubt, and may have happened or not. Decides nothing about
 * whether a promise was kept.
 */
import type { Deployment } from "./Deployment.ts"

/** What the client may rely on for one event. */
export type Promised =
  | { readonly kind: "bot"; readonly botId: string }
  | { readonly kind: "none" }
  /** Asked, and not answered. */
  | { readonly kind: "doubt" }

export interface Promising {
  readonly promised: ReadonlyMap<string, Promised>
  /** Answers that were promises, and requests that were never answered. */
  readonly counts: () => { readonly kept: number; readonly doubtful: number }
  /** Answers that the contract does not know, for the failure message. */
  readonly odd: ReadonlyArray<string>
  /** Ends the loop, and resolves when its last request has ended. */
  readonly stop: () => Promise<void>
}

/** Waits so long after a refused connection, so that a dead server is not all that is asked. */
const restMillis = 20

export const keepPromising = (
  { call }: Deployment,
  key: string,
  events: ReadonlyArray<string>,
  random: () => number,
  clients: number
): Promising => {
  const promised = new Map<string, Promised>(events.map((event) => [event, { kind: "none" }]))
  const busy = new Set<string>()
  const odd: Array<string> = []
  let [kept, doubtful] = [0, 0]
  const over = new AbortController()
  const promise = (event: string, answer: Promised): void => {
    promised.set(event, answer)
    kept += 1
  }
  const ask = async (event: string): Promise<void> => {
    const before = promised.get(event)
    // In doubt until answered: the server may die between doing and saying.
    promised.set(event, { kind: "doubt" })
    const isToGo = before?.kind === "bot" && random() < 0.5
    const { body, status } = await call(isToGo ? "DELETE" : "POST", `/api/v1/calendar/schedule/${event}`, {
      key,
      ...(!isToGo && { body: {} })
    })
    // Nobody behind the front, or storage out of reach: done or not done, the contract does not say.
    if (status === 502 || status === 503) throw new Error("not answered")
    if (isToGo && status === 200) promise(event, { kind: "none" })
    else if (!isToGo && (status === 200 || status === 201 || status === 409)) {
      promise(event, { kind: "bot", botId: String(body.bot_id) })
      if (before?.kind === "bot" && before.botId !== String(body.bot_id))
        odd.push(`D1: ${event} had ${before.botId} and now ${body.bot_id}`)
      if (before?.kind === "none" && status === 409) odd.push(`D1: ${event} had no bot, yet it is answered 409`)
    } else odd.push(`${isToGo ? "DELETE" : "POST"} ${event} answered ${status}: ${JSON.stringify(body)}`)
  }
  const loop = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const free = events.filter((event) => !busy.has(event))
      const event = free[Math.floor(random() * free.length)]
      if (event === undefined) return
      busy.add(event)
      await ask(event)
        .catch(async () => {
          doubtful += 1
          await new Promise((resolve) => setTimeout(resolve, restMillis))
        })
        .finally(() => busy.delete(event))
    }
  }
  const loops = Array.from({ length: clients }, loop)
  return {
    promised,
    counts: () => ({ kept, doubtful }),
    odd,
    stop: async () => {
      over.abort()
      await Promise.all(loops)
    }
  }
}
