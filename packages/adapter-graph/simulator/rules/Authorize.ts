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

interface Wish {
  readonly app: App
  readonly redirectUri: string
  readonly scopes: ReadonlyArray<string>
  readonly fields: URLSearchParams
}

export const authorize = (world: World, request: Request, now: number): Outcome => {
  const fields = new URLSearchParams(request.method === "POST" ? request.body : request.query)
  const wish = readWish(world, fields)
  if ("status" in wish) return replied(world, wish)
  if (fields.get("response_type") !== "code") {
    return replied(
      world,
      back(wish, {
        error: "unsupported_response_type",
        error_description: "AADSTS70007: The response_type is not supported."
      })
    )
  }
  if (request.method !== "POST")
    return replied(world, html(wish.app.adminConsentRequired ? approvalPage(wish) : consentPage(world, wish)))
  if (fields.get("decision") !== "accept") return replied(world, declined(wish))
  if (wish.app.adminConsentRequired) return replied(world, html(approvalPage(wish)))
  const mailbox = findMailbox(world, fields.get("account") ?? "")
  return mailbox === null ? replied(world, html(consentPage(world, wish))) : accepted(world, wish, mailbox, now)
}

const readWish = (world: World, fields: URLSearchParams): Wish | Reply => {
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

const accepted = (world: World, wish: Wish, mailbox: Mailbox, now: number): Outcome => {
  const code = `0.AX${hexFrom(`code ${world.seed} ${world.tick} ${now}`, 60)}`
  const method = wish.fields.get("code_challenge_method")
  const issued = {
    mailbox: mailbox.id,
    clientId: wish.app.clientId,
    redirectUri: wish.redirectUri,
    scopes: wish.scopes,
    challenge: method === "S256" ? wish.fields.get("code_challenge") : null,
    nonce: wish.fields.get("nonce"),
    issuedAt: now,
    redeemed: false
  }
  const answer = {
    code,
    ...(wish.fields.get("client_info") === "1" ? { client_info: clientInfo(mailbox) } : {}),
    session_state: hexFrom(`session ${world.tick}`, 32)
  }
  return replied({ ...world, codes: { ...world.codes, [code]: issued } }, back(wish, answer))
}

const declined = (wish: Wish): Reply =>
  back(wish, {
    error: "access_denied",
    error_subcode: "cancel",
    error_description: "AADSTS65004: User declined to consent to access the app."
  })

const back = (wish: Wish, answer: Readonly<Record<string, string>>): Reply => {
  const state = wish.fields.get("state")
  const values = { ...answer, ...(state === null ? {} : { state }) }
  if (wish.fields.get("response_mode") === "form_post") {
    const inputs = Object.entries(values).map(
      ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`
    )
    return html(
      `<form method="post" action="${escaped(wish.redirectUri)}">${inputs.join("")}<button>Continue</button></form>`
    )
  }
  const url = new URL(wish.redirectUri)
  for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value)
  return { status: 302, headers: { location: url.href, "cache-control": "no-store" }, body: null }
}

const consentPage = (world: World, wish: Wish): string => {
  const hint = wish.fields.get("login_hint")?.toLowerCase()
  const accounts = Object.values(world.mailboxes).map((mailbox, index) => {
    const isChosen = hint === undefined ? index === 0 : mailbox.userPrincipalName.toLowerCase() === hint
    return `<label><input type="radio" name="account" value="${escaped(mailbox.id)}"${isChosen ? " checked" : ""}> ${escaped(mailbox.displayName)} (${escaped(mailbox.userPrincipalName)})</label><br>`
  })
  const scopes = wish.scopes.map((scope) => `<li>${escaped(scope)}</li>`)
  return [
    `<h1>Pick an account</h1><form method="post">${hidden(wish)}${accounts.join("\n")}`,
    `<h2>Permissions requested</h2><p>App ${escaped(wish.app.clientId)} would like to:</p><ul>${scopes.join("")}</ul>`,
    '<button name="decision" value="cancel">Cancel</button> <button name="decision" value="accept">Accept</button></form>'
  ].join("\n")
}

const approvalPage = (wish: Wish): string =>
  [
    "<h1>Approval required</h1><p>This app requires your admin's approval.</p>",
    `<form method="post">${hidden(wish)}<button name="decision" value="cancel">Return to the application without granting consent</button></form>`
  ].join("\n")

const hidden = (wish: Wish): string =>
  [...wish.fields]
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
