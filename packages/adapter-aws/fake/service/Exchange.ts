/**
 * One request and what is answered, without a socket.
 * Decides how AWS words an error on each of its two protocols. Never decides whether there is one.
 */

export interface Request {
  readonly method: string
  /** As it came: still percent-encoded. */
  readonly path: string
  readonly query: URLSearchParams
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type Reply =
  | {
      readonly kind: "answer"
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
    }
  /** The connection is destroyed; the client never hears. */
  | { readonly kind: "reset" }
  /** The connection stays open; the client hears nothing, for as long as it likes to wait. */
  | { readonly kind: "silence" }

/** What a service refuses, by the name its model gives it. */
export class Refusal extends Error {
  override readonly name: string
  readonly status: number

  constructor(name: string, status: number, message: string) {
    super(message)
    this.name = name
    this.status = status
  }
}

export const invalid = (message: string): Refusal => new Refusal("ValidationException", 400, message)
export const throttled = (message: string): Refusal => new Refusal("ThrottlingException", 429, message)

/** The two protocols: rest-json for EventBridge Scheduler, awsJson for SQS (1.0) and SSM (1.1). */
export type Protocol = "rest-json" | "json-1.0" | "json-1.1"

const contentTypes: Readonly<Record<Protocol, string>> = {
  "rest-json": "application/json",
  "json-1.0": "application/x-amz-json-1.0",
  "json-1.1": "application/x-amz-json-1.1"
}

export const answer = (protocol: Protocol, body: unknown): Reply => ({
  kind: "answer",
  status: 200,
  headers: { "content-type": contentTypes[protocol] },
  body: JSON.stringify(body)
})

/** rest-json names the error in a header, with an address behind it now and then; awsJson in the body. */
export const refused = (protocol: Protocol, { message, name, status }: Refusal): Reply => ({
  kind: "answer",
  // awsJson knows no other status for what the client did wrong.
  status: protocol === "rest-json" || status >= 500 ? status : 400,
  headers: {
    "content-type": contentTypes[protocol],
    ...(protocol === "rest-json" && { "x-amzn-errortype": `${name}:http://internal.amazon.com/coral/` })
  },
  body: JSON.stringify(
    protocol === "rest-json" ? { Message: message } : { __type: namespaced(protocol, name), message }
  )
})

const namespaced = (protocol: Protocol, name: string): string =>
  protocol === "json-1.0" ? `com.amazonaws.sqs#${name}` : name

/** What a load balancer in front of a service answers when there is no service behind it. */
export const page: Reply = {
  kind: "answer",
  status: 500,
  headers: { "content-type": "text/html" },
  body: "<html><head><title>500</title></head><body><h1>Internal Server Error</h1></body></html>"
}
