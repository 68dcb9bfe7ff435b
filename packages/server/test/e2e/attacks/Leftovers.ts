/**
 * What logs, answers and tables give away: A25, A26, A39. Comes last: it searches what all others left.
 * Decides nothing about the server: each test says what is sent and what must come back.
 */
import { assert, describe, it } from "@effect/vitest"
import { adminKey, secret } from "../Stage.ts"
import { type Scene, calendar, mails } from "./Scene.ts"

/**
 * Who may ask, what was answered to a repeated request, the tombstone that fences late writers; of the log the number given last,
 * and that the connection was taken down.
 */
const kept = new Set(["users", "api_keys", "connections", "user_states", "idempotency_keys", "change_heads", "changes"])

export const leftovers = (scene: () => Scene): void => {
  describe("what is left behind", () => {
    it("A25, A26: neither log nor answers hold a key, a secret, a token, a stack or a query", async () => {
      const { adele, credentials, keys, stage } = scene()
      for (const path of [`${calendar}/connection?token=${keys[0]}`, "/nowhere", `${calendar}/schedule/x`])
        assert.notMatch((await adele.any("GET", path)).text, /at .*\.ts|select |punctual\.|node_modules/)
      const output = stage.output()
      for (const word of [...keys, ...credentials, secret, adminKey, stage.env["PUNCTUAL_MASTER_KEY"] ?? "?"])
        assert.notInclude(output, word)
      for (const { clientState } of Object.values(stage.simulator.world().subscriptions))
        if (clientState !== null) assert.notInclude(output, clientState)
      assert.notMatch(output, /eyJ[\w-]{20,}/)
      assert.notInclude(output, "level=ERROR")
    })

    it("A39: after a disconnect no row of the user's calendar is left in any table", async () => {
      const { adele, credentials, rowsOf, tables } = scene()
      const { user_id: user } = await adele.ok("DELETE", `${calendar}/disconnect`)
      for (const table of await tables()) {
        const left = (await rowsOf(table)).filter((row) => row.includes(user))
        if (!kept.has(table)) assert.lengthOf(left, 0, table)
        if (table === "changes") for (const row of left) assert.include(row, "connection.disconnected")
        for (const row of left) for (const word of [...credentials, mails.adele]) assert.notInclude(row, word)
      }
    })
  })
}
