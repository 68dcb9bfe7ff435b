/**
 * What the sign-in tool's pages say.
 * Decides their words; `Page.ts` decides how they are made safe.
 */
import { Redacted } from "effect"
import type { HttpServerResponse } from "effect/http"
import { trouble } from "../../oauth/CallbackPage.ts"
import { type Tokens, noRefreshToken, scopes } from "../../oauth/CodeFlow.ts"
import { type Html, html, respond } from "../../oauth/Page.ts"
import { tokenScript } from "./TokenScript.ts"

export const startPath = "/start"

const purposes: Readonly<Record<(typeof scopes)[number], string>> = {
  "Calendars.Read": "Read calendar events and the list of calendars",
  "User.Read": "Know the account's name and address",
  offline_access: "Keep reading without you: it is what brings a refresh token"
}

export const startPage = (redirectUri: string): HttpServerResponse.HttpServerResponse =>
  respond({
    status: 200,
    title: "Get your refresh token",
    mood: "plain",
    body: html`<p>
        Sign in with the Microsoft account whose Outlook calendar Punctual is to follow. It is asked for these
        permissions and no other:
      </p>
      <table>
        ${scopes.map(
          (scope) =>
            html`<tr>
              <td><code>${scope}</code></td>
              <td>${purposes[scope]}</td>
            </tr>`
        )}
      </table>
      <p><a class="button" href="${startPath}">Sign in with Microsoft</a></p>
      <p class="soft">
        Microsoft sends you back to <code>${redirectUri}</code>. If it says that this address does not match, add it in
        the Azure portal under App registrations, Authentication, Web, Redirect URIs.
      </p>`
  })

export const failedPage = (
  status: number,
  detail: string,
  said: string | null = null
): HttpServerResponse.HttpServerResponse =>
  respond({ status, title: "Not signed in", mood: "bad", body: html`${trouble(detail, said)}${again}` })

const again = html`<p><a class="button" href="${startPath}">Start again</a></p>`

/** Tokens stand in the page as data, and on the screen only when someone asks. */
export const tokenPage = ({ accessToken, refreshToken }: Tokens): HttpServerResponse.HttpServerResponse => {
  const access = Redacted.value(accessToken)
  if (refreshToken === null) {
    return respond({
      status: 200,
      title: "Signed in, but without a refresh token",
      mood: "bad",
      body: html`<p class="warning">${noRefreshToken}</p>
        ${accessBox}${keepSecret}${again}`,
      script: { code: tokenScript, data: { access } }
    })
  }
  return respond({
    status: 200,
    title: "Signed in",
    mood: "good",
    body: html`<p>
        This is what <code>create_calendar</code> asks for, beside your client id and client secret. The tool has ended:
        the tokens are on this page and nowhere else, so copy them before you close it.
      </p>
      ${box("refresh", "Refresh token", "Goes into microsoft_refresh_token. Good until it is left unused for 90 days.")}
      ${accessBox}${keepSecret}`,
    script: { code: tokenScript, data: { access, refresh: Redacted.value(refreshToken) } }
  })
}

const box = (name: string, title: string, use: string): Html =>
  html`<section class="token" data-token="${name}">
    <h2>${title}</h2>
    <p class="soft">${use}</p>
    <button type="button" aria-label="Show the ${title.toLowerCase()}">Show</button
    ><button type="button" aria-label="Copy the ${title.toLowerCase()}">Copy</button>
    <output></output>
  </section>`

const accessBox = box("access", "Access token", "For trying Microsoft Graph by hand. Good for about an hour.")

const keepSecret = html`<p class="soft">Whoever has these can read the calendar. Keep them as you keep passwords.</p>
  <noscript
    ><p class="warning">
      The tokens are shown by a script of this page: allow scripts for localhost and sign in again.
    </p></noscript
  >`
