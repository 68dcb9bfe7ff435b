/**
 * The pages that a browser is shown during a sign-in: one look, one set of headers.
 *
 * Decides that everything put into a page is escaped unless it was made here, that no page is kept or framed, and that
 * nothing runs on it but the one script it was made with, told to the browser by its digest (CSP level 3).
 */
import { createHash } from "node:crypto"
import { HttpServerResponse } from "effect/http"
import { style } from "./PageStyle.ts"

/** Markup that was made by `html`: everything from elsewhere in it is escaped. */
export class Html {
  readonly markup: string
  constructor(markup: string) {
    this.markup = markup
  }
}

type Part = string | Html | ReadonlyArray<Html>

export const html = (texts: TemplateStringsArray, ...parts: ReadonlyArray<Part>): Html =>
  new Html(texts.map((text, index) => text + (index < parts.length ? markupOf(parts[index] ?? "") : "")).join(""))

export const nothing = new Html("")

const markupOf = (part: Part): string =>
  part instanceof Html ? part.markup : typeof part === "string" ? escape(part) : part.map(markupOf).join("")

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;"
}

const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? letter)

/** A script of ours, and what it reads: data that does not run. */
export interface Script {
  readonly code: string
  readonly data: unknown
}

export interface Page {
  readonly status: number
  readonly title: string
  readonly mood: "plain" | "good" | "bad"
  readonly body: Html
  readonly script?: Script
}

export const respond = ({ body, mood, script, status, title }: Page): HttpServerResponse.HttpServerResponse => {
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Punctual</title>
        <link rel="icon" href="data:," />
        ${styleElement}
      </head>
      <body>
        <main class="${mood}">
          <p class="brand">Punctual</p>
          <h1>${title}</h1>
          ${body}
        </main>
        ${script === undefined ? nothing : scriptOf(script)}
      </body>
    </html> `
  return HttpServerResponse.text(document.markup, {
    status,
    contentType: "text/html; charset=utf-8",
    headers: { ...headers, "content-security-policy": policyOf(script) }
  })
}

export const headers = {
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store"
}

const digestOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`

const styleDigest = digestOf(style)

/** Whole: a space more inside and the digest is another one. */
const styleElement = new Html(`<style>${style}</style>`)

const policyOf = (script: Script | undefined): string =>
  [
    "default-src 'none'",
    `style-src ${styleDigest}`,
    ...(script === undefined ? [] : [`script-src ${digestOf(script.code)}`]),
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'"
  ].join("; ")

/** In JSON these only stand inside strings: escaped there, no text can end the element or begin another. */
const scriptOf = ({ code, data }: Script): Html => {
  const json = JSON.stringify(data).replaceAll(
    /[<>&]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`
  )
  return new Html(`<script type="application/json" id="data">${json}</script>\n<script>${code}</script>\n`)
}
