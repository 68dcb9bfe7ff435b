/**
 * A real browser for tests: Debian's Chromium or whichever stands on this machine, headless, driven by playwright-core.
 * Decides where to look for one. Where there is none, tests that need it are skipped, and say so.
 */
import { existsSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type BrowserContext, chromium } from "playwright-core"

const places = [
  process.env["CHROMIUM"] ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
]

export const executable = places.find((place) => place !== "" && existsSync(place)) ?? null

if (executable === null) {
  process.stdout.write(
    " no browser: tests in a real browser are skipped (install Debian's `chromium`, or name one in CHROMIUM)\n"
  )
}

/** No sandbox: test machines run as root. The rest keeps it from calling home, which a closed network makes slow. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage"
]

export interface Browser {
  readonly context: BrowserContext
  readonly close: () => Promise<void>
}

/** A browser of somebody's own: no cookie of another is in it. */
export const openBrowser = async (): Promise<Browser> => {
  const profile = await mkdtemp(join(tmpdir(), "punctual-browser-"))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable ?? "",
    headless: true,
    args: flags,
    viewport: { width: 900, height: 820 },
    permissions: ["clipboard-read", "clipboard-write"]
  })
  return {
    context,
    close: async () => {
      await context.close()
      await rm(profile, { recursive: true, force: true })
    }
  }
}
