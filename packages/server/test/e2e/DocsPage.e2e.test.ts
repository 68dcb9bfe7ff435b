/**
 * `/docs` as somebody uses it who has a server and a key: a real browser opens the page, puts in the key, presses Send.
 */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import type { Locator, Page, Request } from "playwright-core"
import { type Browser, executable, openBrowser } from "./Browser.ts"
import { clientOf } from "./Client.ts"
import { type Stage, makeStage } from "./Stage.ts"

const apiKey = "pk_the-key-of-a-reader"
const path = "/api/v1/calendar/connection"
/** The page is a script of megabytes. */
const waitMillisMax = 60_000

/** What the page's maker puts there to bring readers to a cloud of its own. */
const ofACloud = /^\s*(generate mcp|ask ai|deploy|share|open api client|configure|sign in|register)/i

/** The page keeps twins of much of itself out of sight. */
const shown = (places: Locator): Locator => places.filter({ visible: true }).first()

describe.skipIf(executable === null)("D: the page of the contract, in a real browser", () => {
  let stage: Stage
  let browser: Browser
  let page: Page
  const asked: Array<Request> = []
  const broken: Array<string> = []

  beforeAll(async () => {
    stage = await makeStage({ PUNCTUAL_API_KEY: apiKey })
    await clientOf(stage.url(), apiKey).ok(
      "POST",
      "/api/v1/calendar/create_calendar",
      stage.credentialsOf("adele@contoso.example")
    )
    browser = await openBrowser()
    page = await browser.context.newPage()
    page.setDefaultTimeout(waitMillisMax)
    await page.setViewportSize({ width: 1_300, height: 900 })
    page.on("request", (request) => asked.push(request))
    // A request that the page's policy refused never leaves: it is told on the console alone.
    page.on("console", (message) => {
      if (/content security policy/i.test(message.text())) broken.push(message.text())
    })
    await page.goto(`${stage.url()}/docs`)
  })

  afterAll(async () => {
    await browser.close()
    await stage.close()
  })

  it("takes a key, sends it as a bearer, and shows the answer", async () => {
    await shown(page.getByPlaceholder("Token")).fill(apiKey)
    await shown(page.getByRole("button", { name: /^State of the connection/ })).click()
    await shown(page.getByRole("button", { name: /^Test Request.*get.*\/calendar\/connection\)/ })).click()
    const answered = page.waitForResponse((response) => response.url().endsWith(path))
    await shown(page.getByRole("button", { name: /^Send/ })).click()
    const response = await answered
    assert.strictEqual(response.status(), 200)
    assert.strictEqual(await response.request().headerValue("authorization"), `Bearer ${apiKey}`)
    await shown(page.getByText("adele@contoso.example")).waitFor()
  })

  it("asks this server and nobody else, not even in vain", () => {
    const hosts = new Set(asked.map((request) => request.url()).filter((url) => !/^(data|blob):/.test(url)))
    assert.isNotEmpty(hosts)
    assert.deepStrictEqual(
      [...hosts].filter((url) => new URL(url).origin !== stage.url()),
      []
    )
    assert.deepStrictEqual(broken, [])
  })

  it("shows no button of a cloud", async () => {
    const buttons = await page.getByRole("button").allTextContents()
    assert.isAbove(buttons.length, 10)
    assert.deepStrictEqual(
      buttons.filter((text) => ofACloud.test(text)),
      []
    )
  })
})
