/**
 * The guide's sign-in tool as the process a person starts, with a real browser at the simulated Microsoft's own pages.
 */
import { afterAll, afterEach, assert, beforeAll, describe, it } from "@effect/vitest"
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { once } from "node:events"
import { type Server, connect, createServer } from "node:net"
import { networkInterfaces, tmpdir } from "node:os"
import { join } from "node:path"
import type { BrowserContext, Page } from "playwright-core"
import { type Simulator, defaultApp, startSimulator } from "@punctual/adapter-graph/simulator"
import { type Browser, executable, openBrowser } from "./Browser.ts"
import { consented } from "./MicrosoftPage.ts"
import { type Started, freePort, oauthTool, until } from "./Processes.ts"

const mail = "adele@contoso.example"
const secret = defaultApp.secrets[0]?.value ?? ""
const waitMillisMax = 60_000

let simulator: Simulator
let folder: string
const started: Array<Started> = []

beforeAll(async () => {
  simulator = await startSimulator({
    seed: 1,
    mailboxes: [{ userPrincipalName: mail, displayName: "Adele Vance" }]
  })
  folder = await mkdtemp(join(tmpdir(), "punctual-oauth-"))
  // As the guide has it: the app's id and secret in a file.
  await writeFile(
    join(folder, ".env"),
    `MICROSOFT_CLIENT_ID=${defaultApp.clientId}\nMICROSOFT_CLIENT_SECRET=${secret}\n`
  )
})

afterEach(() => {
  simulator.clearFaults()
  for (const { child } of started.splice(0)) child.kill("SIGKILL")
})

afterAll(async () => {
  await simulator.close()
  await rm(folder, { recursive: true, force: true })
})

const begin = async (env: Readonly<Record<string, string>> = {}, given: number | null = null) => {
  const port = given ?? (await freePort())
  const tool = oauthTool(["--port", String(port)], { MICROSOFT_LOGIN_URL: simulator.url, ...env }, folder)
  started.push(tool)
  return { ...tool, port, origin: `http://localhost:${port}` }
}

const open = async () => {
  const tool = await begin()
  const isUp = await until(waitMillisMax, async () =>
    tool.output().includes("Redirect URIs") ? true : tool.child.exitCode === null ? null : false
  )
  assert.isTrue(isUp, tool.output())
  return tool
}

/** Whether something takes connections there. */
const listens = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once("connect", () => end(true))
    socket.once("error", () => end(false))
    socket.once("timeout", () => end(false))
  })

describe("the process", () => {
  it("prints what the guide shows, listens on loopback alone, and ends when asked to", async () => {
    const { child, ended, origin, output, port } = await open()
    assert.include(
      output(),
      `Open ${origin} to start the OAuth flow\nRedirect URI: ${origin}/api/microsoft/oauth-callback\n`
    )
    assert.include(output(), "Azure Portal → App registrations → Authentication → Redirect URIs")
    assert.isTrue(await listens("127.0.0.1", port))
    const elsewhere = Object.values(networkInterfaces())
      .flatMap((all) => all ?? [])
      .filter(({ internal }) => !internal)
      .map(({ address, scopeid }) => (scopeid ? `${address}%${scopeid}` : address))
    // Another loopback address stands for the neighbours of a machine that has none.
    for (const host of ["127.0.0.2", ...elsewhere]) assert.isFalse(await listens(host, port), host)
    child.kill("SIGINT")
    await ended
  })

  it.each(["127.0.0.1", "::1"])("says in one line that its port is taken on %s", async (host) => {
    const port = await freePort()
    const taken: Server = createServer().listen(port, host)
    await once(taken, "listening")
    const { ended } = await begin({}, port)
    const { code, output } = await ended
    taken.close()
    assert.strictEqual(code, 1)
    assert.strictEqual(
      output,
      `oauth: port ${port} of ${host}: In use by another program. Stop it, or choose another port with --port and register that redirect address.\n`
    )
  })

  it("says in one line what it lacks", async () => {
    const { ended } = await begin({ MICROSOFT_CLIENT_ID: " " })
    const { code, output } = await ended
    assert.strictEqual(code, 1)
    assert.lengthOf(output.trim().split("\n"), 1, output)
    assert.include(output, "oauth: MICROSOFT_CLIENT_ID: Not set.")
  })
})

describe.skipIf(executable === null)("in a real browser", () => {
  let browser: Browser
  let context: BrowserContext
  const problems: Array<string> = []
  beforeAll(async () => {
    browser = await openBrowser()
    context = browser.context
    // A policy that is broken is told on the console.
    context.on("console", (message) => {
      // The simulated Microsoft has no icon to show.
      const isOurs = !message.location().url.startsWith(simulator.url)
      if (message.type() === "error" && isOurs) problems.push(message.text())
    })
    context.on("weberror", (error) => void problems.push(error.error().message))
  })
  afterAll(() => browser.close())

  const show = async (origin: string): Promise<Page> => {
    const page = await context.newPage()
    await page.goto(`${origin}/`)
    return page
  }
  const toMicrosoft = async (page: Page) => {
    await page.getByRole("link", { name: /Sign in with Microsoft|Start again/ }).click()
    await page.getByRole("heading", { name: "Pick an account" }).waitFor()
  }
  const accept = (page: Page) => page.getByRole("button", { name: "Accept" }).click()
  const keep = async (page: Page, name: string) => {
    const kept = process.env["SCREENSHOTS"]
    // Without a style of the screenshot's own, which the page's policy would refuse.
    if (kept !== undefined) await page.screenshot({ path: join(kept, `${name}.png`), caret: "initial" })
  }

  it("shows the tokens on request as text, copies them, and the tool ends by itself", async () => {
    const { ended, origin, output, port } = await open()
    problems.length = 0
    const page = await show(origin)
    await keep(page, "oauth-start")
    for (const scope of ["Calendars.Read", "User.Read", "offline_access"])
      await page.getByText(scope, { exact: true }).waitFor()
    await toMicrosoft(page)
    assert.deepStrictEqual(await page.locator("li").allTextContents(), [
      "Calendars.Read",
      "User.Read",
      "offline_access"
    ])
    // As browsers do: a connection opened ahead and never used. The tool's end must not wait for it.
    const ahead = connect(port, "127.0.0.1").on("error", () => {})
    await once(ahead, "connect")
    await accept(page)
    await page.getByRole("heading", { name: "Signed in" }).waitFor()

    const { code } = await ended
    ahead.destroy()
    assert.strictEqual(code, 0, output())
    const [token = ""] = Object.keys(simulator.world().refreshTokens)
    const shown = async () => (await page.locator("body").innerText()).includes(token)
    assert.isFalse(await shown())
    await keep(page, "oauth-signed-in")
    await page.getByRole("button", { name: "Copy the refresh token" }).click()
    await page.getByText("Copied").waitFor()
    // The text is for the page's own origin to read.
    assert.strictEqual(await page.evaluate("navigator.clipboard.readText()"), token)
    await page.getByRole("button", { name: "Show the refresh token" }).click()
    await page.getByRole("button", { name: "Show the access token" }).click()
    assert.isTrue(await shown())
    await keep(page, "oauth-tokens")
    await page.getByRole("button", { name: "Show the refresh token" }).click()
    assert.isFalse(await shown())
    assert.notInclude(page.url(), "code=")
    assert.deepStrictEqual(problems, [])

    // Nowhere else: not on the terminal, not on disk.
    assert.notInclude(output(), token)
    assert.notInclude(output(), secret)
    assert.deepStrictEqual(await readdir(folder), [".env"])
    await page.close()
  })

  it("says that the permissions were declined, serves a second tab, and lets one start again", async () => {
    const { ended, origin } = await open()
    const [first, second] = [await show(origin), await show(origin)]
    await toMicrosoft(first)
    await toMicrosoft(second)
    await first.getByRole("button", { name: "Cancel" }).click()
    await first.getByRole("heading", { name: "Not signed in" }).waitFor()
    assert.include(await first.locator("main").innerText(), "choose Accept on the consent screen")
    await keep(first, "oauth-declined")
    // What was used up stays so.
    await first.reload()
    assert.include(await first.locator("main").innerText(), "used already")
    await toMicrosoft(first)
    await accept(second)
    await second.getByRole("heading", { name: "Signed in" }).waitFor()
    assert.strictEqual((await ended).code, 0)
    await first.close()
    await second.close()
  })

  it("gives the guide's hint when no refresh token came", async () => {
    simulator.addFaults({
      path: "token$",
      answer: { type: "answer", status: 200, body: { access_token: "only-this" } }
    })
    const { child, origin } = await open()
    const page = await show(origin)
    await toMicrosoft(page)
    await accept(page)
    await page.getByText("offline_access").waitFor()
    await keep(page, "oauth-no-refresh-token")
    assert.lengthOf(await page.getByRole("button", { name: /refresh token/ }).all(), 0)
    // It goes on: one may start again.
    assert.isNull(child.exitCode)
    await page.close()
  })

  it("shows what Microsoft said as text, whatever is in it", async () => {
    const said = "AADSTS7000222: <img src=x onerror=document.title='owned'> \"expired\""
    simulator.addFaults({
      path: "token$",
      answer: { type: "answer", status: 401, body: { error: "invalid_client", error_description: said } }
    })
    const { origin, output } = await open()
    problems.length = 0
    const page = await show(origin)
    await toMicrosoft(page)
    await accept(page)
    await page.getByText("The client secret has expired.").waitFor()
    assert.strictEqual(await page.locator("blockquote").textContent(), said)
    assert.lengthOf(await page.locator("main img").all(), 0)
    assert.include(output(), "Not signed in: The client secret has expired.")
    assert.notInclude(output(), "AADSTS")
    await keep(page, "oauth-refused")
    await page.close()
  })

  it("does not finish what another browser began", async () => {
    const { child, origin } = await open()
    const page = await show(origin)
    const stranger = await openBrowser()
    await toMicrosoft(page)
    const url = await consented(page.url(), mail)
    const theirs = await stranger.context.newPage()
    const answer = await theirs.goto(url)
    assert.strictEqual(answer?.status(), 400)
    assert.include(await theirs.locator("main").innerText(), "another browser")
    await stranger.close()
    // It was not used up by that: its own browser may still come back.
    assert.isNull(child.exitCode)
    assert.strictEqual((await page.goto(url))?.status(), 200)
    await page.close()
  })
})
