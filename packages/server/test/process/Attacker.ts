/**
 * A process that attacks a server as it is told, held to a fifth of a core whatever it does, until its input ends. Then it
 * prints what came back. Reads its orders as JSON from its arguments.
 * Decides nothing about the server.
 */
import { connect } from "node:net"

export interface AttackOrders {
  readonly url: string
  readonly kind: "V1 docs" | "V1 keys" | "V2 series" | "V3 history" | "V4 mailboxes" | "V5 syncs"
  /** The attackers' own, taken in turn. */
  readonly keys: ReadonlyArray<string>
  /** A series of the attacker's, by one of its events. */
  readonly event: string
}

export interface AttackReport {
  /** Answers by status and code, such as `429 rate_limited`. */
  readonly answers: Readonly<Record<string, number>>
  /** Requests that got none, or not to its end. */
  readonly broken: number
  readonly cpuShare: number
}

const cpuShareMax = 0.2
const atOnce = {
  "V1 docs": 16,
  "V1 keys": 16,
  "V2 series": 8,
  "V3 history": 4,
  "V4 mailboxes": 64,
  "V5 syncs": 64
} as const
const slowReaders = 150

const orders = JSON.parse(process.argv[2] ?? "") as AttackOrders
const { event, keys, kind, url } = orders
const calendar = `${url}/api/v1/calendar`
const answers: Record<string, number> = {}
const began = performance.now()
let broken = 0
let sent = 0
const state = { isOver: false }

const shareOf = (): number => {
  const { system, user } = process.cpuUsage()
  return (user + system) / 1_000 / Math.max(1, performance.now() - began)
}

/** As long as one request for so many occurrences may bring. */
const occurrences = 366
const configuration = { text: "x".repeat(Math.floor(1_048_576 / occurrences) - 20) }

const next = (): Promise<Response> => {
  const number = sent++
  const headers = { authorization: `Token ${kind === "V1 keys" ? `pk_guess_${number}` : keys[number % keys.length]}` }
  switch (kind) {
    case "V1 docs":
      return fetch(`${url}/docs`)
    case "V1 keys":
      return fetch(`${calendar}/connection`, { headers })
    case "V3 history":
      // It disconnects, and wants to know when that is done.
      return fetch(`${calendar}/${number === 0 ? "disconnect" : "connection"}`, {
        method: number === 0 ? "DELETE" : "GET",
        headers
      })
    case "V4 mailboxes":
    case "V5 syncs":
      return fetch(`${calendar}/events?sync=true`, { headers })
    case "V2 series":
      return fetch(`${calendar}/schedule/${event}`, {
        method: number % 2 === 0 ? "POST" : "DELETE",
        headers: { ...headers, "content-type": "application/json", "idempotency-key": `attack ${began} ${number}` },
        body: JSON.stringify(
          number % 2 === 0
            ? { bot_config: configuration, schedule_all_occurrences: true, occurrence_limit: occurrences }
            : { cancel_all_occurrences: true }
        )
      })
  }
}

/** Also where the answer is no JSON: one that is not of the contract must be seen. */
const codeOf = (text: string): string => {
  const none = "without a code"
  try {
    return (JSON.parse(text) as { readonly code?: string } | null)?.code ?? none
  } catch {
    return none
  }
}

const work = async (): Promise<void> => {
  while (!state.isOver) {
    const answer = await next()
      .then(async (given) => ({ given, text: await given.text() }))
      .catch(() => null)
    if (answer === null) broken += 1
    else {
      const name = answer.given.ok ? `${answer.given.status}` : `${answer.given.status} ${codeOf(answer.text)}`
      answers[name] = (answers[name] ?? 0) + 1
    }
    while (!state.isOver && shareOf() > cpuShareMax) await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Asks for a page and takes nothing of it. */
const readSlowly = (): void => {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on("error", () => {})
  socket.pause()
  socket.write("GET /docs HTTP/1.1\r\nhost: x\r\n\r\n")
}

if (kind === "V1 docs") for (let n = 0; n < slowReaders; n++) readSlowly()
process.stdin.resume()
process.stdin.once("end", () => {
  state.isOver = true
  const report: AttackReport = { answers, broken, cpuShare: shareOf() }
  process.stdout.write(JSON.stringify(report), () => process.exit(0))
})
void Promise.all(Array.from({ length: atOnce[kind] }, work))
