/**
 * /{tenant}/oauth2/v2.0/authorize: signing in and consenting.
 *
 * Decides what the page offers (an account to sign in as, the permissions asked for, Accept and Cancel, or "Approval
 * required" where users may not consent) and what goes back to the client's redirect address. A request that names an
 * unknown app or address is never redirected: that is how Entra keeps codes from strangers.
 */
import { escaped } from "../wire/Body.ts"
import { hexFrom } from "../world/Chance.ts"
import { type Outcome, type Reply, type Request, replied } from "../wire/Exchange.ts"
import { clientInfo } from "../world/Grant.ts"
import { type App, type Mailbox, type World, findMailbox } from "../world/World.ts"
import { shortScopes } from "./Token.ts"

interface Intent {
  readonly app: App
  readonly redirectUri: string
  readonly scopes: ReadonlyArray<string>
  readonly fields: URLSearchParams
}

export const authorize = (world: World, request: Request, now: number): Outcome => {
  const fields = new URLSearchParams(request.method === "POST" ? request.body : request.query)
  const intent = readIntent(world, fields)
  if ("status" in intent) return replied(world, intent)
  if (fields.get("response_type") !== "code") {
    return replied(
      world,
      back(intent, {
        error: "unsupported_response_type",
        error_description: "AADSTS70007: The response_type is not supported."
      })
    )
  }
  if (request.method !== "POST")
    return replied(world, html(intent.app.adminConsentRequired ? approvalPage(intent) : consentPage(world, intent)))
  if (fields.get("decision") !== "accept") return replied(world, declined(intent))
  if (intent.app.adminConsentRequired) return replied(world, html(approvalPage(intent)))
  const mailbox = findMailbox(world, fields.get("account") ?? "")
  return mailbox === null ? replied(world, html(consentPage(world, intent))) : accepted(world, intent, mailbox, now)
}

const readIntent = (world: World, fields: URLSearchParams): Intent | Reply => {
  const app = world.apps[fields.get("client_id") ?? ""]
  if (app === undefined)
    return failure(
      `AADSTS700016: Application with identifier '${fields.get("client_id") ?? ""}' was not found in the directory.`
    )
  const redirectUri = fields.get("redirect_uri") ?? ""
  if (!URL.canParse(redirectUri) || (app.redirectUris.length > 0 && !app.redirectUris.includes(redirectUri))) {
    return failure(
      `AADSTS50011: The redirect URI '${redirectUri}' specified in the request does not match the redirect URIs configured for the application.`
    )
  }
  return { app, redirectUri, scopes: shortScopes(fields.get("scope") ?? ""), fields }
}

const accepted = (world: World, intent: Intent, mailbox: Mailbox, now: number): Outcome => {
  const code = `0.AX${hexFrom(`code ${world.seed} ${world.tick} ${now}`, 60)}`
  const method = intent.fields.get("code_challenge_method")
  const issued = {
    mailbox: mailbox.id,
    clientId: intent.app.clientId,
    redirectUri: intent.redirectUri,
    scopes: intent.scopes,
    challenge: method === "S256" ? intent.fields.get("code_challenge") : null,
    nonce: intent.fields.get("nonce"),
    issuedAt: now,
    redeemed: false
  }
  const answer = {
    code,
    ...(intent.fields.get("client_info") === "1" ? { client_info: clientInfo(mailbox) } : {}),
    session_state: hexFrom(`session ${world.tick}`, 32)
  }
  return replied({ ...world, codes: { ...world.codes, [code]: issued } }, back(intent, answer))
}

const declined = (intent: Intent): Reply =>
  back(intent, {
    error: "access_denied",
    error_subcode: "cancel",
    error_description: "AADSTS65004: User declined to consent to access the app."
  })

const back = (intent: Intent, answer: Readonly<Record<string, string>>): Reply => {
  const state = intent.fields.get("state")
  const values = { ...answer, ...(state === null ? {} : { state }) }
  if (intent.fields.get("response_mode") === "form_post") {
    const inputs = Object.entries(values).map(
      ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`
    )
    return html(
      `<form method="post" action="${escaped(intent.redirectUri)}">${inputs.join("")}<button>Continue</button></form>`
    )
  }
  const url = new URL(intent.redirectUri)
  for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value)
  return { status: 302, headers: { location: url.href, "cache-control": "no-store" }, body: null }
}

const consentPage = (world: World, intent: Intent): string => {
  const hint = intent.fields.get("login_hint")?.toLowerCase()
  const accounts = Object.values(world.mailboxes).map((mailbox, index) => {
    const isChosen = hint === undefined ? index === 0 : mailbox.userPrincipalName.toLowerCase() === hint
    return `<label><input type="radio" name="account" value="${escaped(mailbox.id)}"${isChosen ? " checked" : ""}> ${escaped(mailbox.displayName)} (${escaped(mailbox.userPrincipalName)})</label><br>`
  })
  const scopes = intent.scopes.map((scope) => `<li>${escaped(scope)}</li>`)
  return [
    `<h1>Pick an account</h1><form method="post">${hidden(intent)}${accounts.join("\n")}`,
    `<h2>Permissions requested</h2><p>App ${escaped(intent.app.clientId)} would like to:</p><ul>${scopes.join("")}</ul>`,
    '<button name="decision" value="cancel">Cancel</button> <button name="decision" value="accept">Accept</button></form>'
  ].join("\n")
}

const approvalPage = (intent: Intent): string =>
  [
    "<h1>Approval required</h1><p>This app requires your admin's approval.</p>",
    `<form method="post">${hidden(intent)}<button name="decision" value="cancel">Return to the application without granting consent</button></form>`
  ].join("\n")

const hidden = (intent: Intent): string =>
  [...intent.fields]
    .filter(([name]) => name !== "decision" && name !== "account")
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`)
    .join("\n")

const failure = (message: string): Reply => ({
  ...html(`<h1>Sorry, but we're having trouble signing you in.</h1><p>${escaped(message)}</p>`),
  status: 400
})

const html = (body: string): Reply => ({
  status: 200,
  headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" },
  body: `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Sign in (simulated)</title></head><body>\n${body}\n</body></html>\n`
})
