/**
 * What the sign-in tool's pages say.
 * Decides their words; `Page.ts` decides how they are made safe.
 */
import { Redacted } from "effect"
import type { HttpServerResponse } from "effect/http"
import { trouble } from "../../oauth/CallbackPage.ts"
import type { App, Tokens } from "../../oauth/CodeFlow.ts"
import { type Html, html, nothing, respond } from "../../oauth/Page.ts"
import { toolWords } from "./ToolWords.ts"
import { tokenScript } from "./TokenScript.ts"

export const startPath = "/start"

export const startPage = ({ redirectUri, service }: App): HttpServerResponse.HttpServerResponse => {
  const { account, beforehand, purposes, register } = toolWords[service.provider]
  return respond({
    status: 200,
    title: "Get your refresh token",
    mood: "plain",
    body: html`<p>Sign in with the ${account} Punctual is to follow. It is asked for these permissions and no other:</p>
      <table>
        ${service.scopes.map(
          (scope) =>
            html`<tr>
              <td><code>${scope}</code></td>
              <td>${purposes[scope] ?? ""}</td>
            </tr>`
        )}
      </table>
      ${beforehand === null ? nothing : html`<p>${beforehand}</p>`}
      <p><a class="button" href="${startPath}">Sign in with ${service.company}</a></p>
      <p class="soft">
        ${service.company} sends you back to <code>${redirectUri}</code>. If it says that this address does not match,
        add it ${register}.
      </p>`
  })
}

export const failedPage = (
  { service }: App,
  status: number,
  detail: string,
  said: string | null = null
): HttpServerResponse.HttpServerResponse =>
  respond({
    status,
    title: "Not signed in",
    mood: "bad",
    body: html`${trouble(service.company, detail, said)}${again}`
  })

const again = html`<p><a class="button" href="${startPath}">Start again</a></p>`

/** Tokens stand in the page as data, and on the screen only when someone asks. */
export const tokenPage = (
  { service }: App,
  { accessToken, refreshToken }: Tokens
): HttpServerResponse.HttpServerResponse => {
  const { api, lifetime, member } = toolWords[service.provider]
  const accessBox = box("access", "Access token", `For trying ${api} by hand. Good for about an hour.`)
  const access = Redacted.value(accessToken)
  if (refreshToken === null) {
    return respond({
      status: 200,
      title: "Signed in, but without a refresh token",
      mood: "bad",
      body: html`<p class="warning">${service.noRefreshToken}</p>
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
      ${box("refresh", "Refresh token", `Goes into ${member}. ${lifetime}`)} ${accessBox}${keepSecret}`,
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

const keepSecret = html`<p class="soft">Whoever has these can read the calendar. Keep them as you keep passwords.</p>
  <noscript
    ><p class="warning">
      The tokens are shown by a script of this page: allow scripts for localhost and sign in again.
    </p></noscript
  >`
