/**
 * The handshake by which Graph checks a notification address.
 *
 * Decides whether a request is one and what to answer: the token, decoded, as plain text. Never as HTML: the token is
 * whatever its sender likes.
 *
 * https://learn.microsoft.com/graph/change-notifications-delivery-webhooks#notificationurl-validation
 */

/** Graph's own are a few hundred characters. */
export const validationTokenLengthMax = 2_048

export type Validation =
  /** No handshake: a notification. */
  | { readonly kind: "none" }
  /** Answer 200 with this text and these headers, within ten seconds. */
  | { readonly kind: "answer"; readonly token: string; readonly headers: Readonly<Record<string, string>> }
  /** Answer 400. */
  | { readonly kind: "refuse" }

/** `token` is the decoded `validationToken` of the query, null where there is none. */
export const validate = (token: string | null): Validation => {
  if (token === null) return { kind: "none" }
  if (token === "" || token.length > validationTokenLengthMax) return { kind: "refuse" }
  return { kind: "answer", token, headers: answerHeaders }
}

const answerHeaders: Readonly<Record<string, string>> = {
  "content-type": "text/plain; charset=utf-8",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store"
}
