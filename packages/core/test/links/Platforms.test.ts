/**
 * Which addresses of each platform join a meeting, what identifies the meeting, and which of the platform's pages do not
 * join: one table a platform, in `platforms/`.
 */
import { assert, describe, it } from "@effect/vitest"
import { type Platform, findMeetingLink, isPlatform, meetingLinkKey, platformNames } from "../../src/links/index.ts"
import { address, mail } from "./Fields.ts"
import { type PlatformTable, required } from "./platforms/Required.ts"
import { extended } from "./platforms/Extended.ts"

/** Complete by type: a platform without a table does not compile. */
const tables: Readonly<Record<Platform, PlatformTable>> = { ...required, ...extended }

const inField = (url: string) => findMeetingLink(address(url))
const inText = (url: string) => findMeetingLink(mail(`Join here: ${url} - bye`))

describe.each(Object.entries(tables))("%s", (name, { joins, pages }) => {
  const platform = name as Platform

  it.each(Object.entries(joins))("joins %s", (url, key) => {
    assert.deepStrictEqual(inField(url), { platform, url })
    assert.deepStrictEqual(inText(url), { platform, url })
    assert.strictEqual(meetingLinkKey({ platform, url }), `${platform}:${key}`)
  })

  it.each(pages)("does not join %s", (url) => {
    assert.isNull(inField(url))
    assert.isNull(inText(url))
  })
})

describe("platform names", () => {
  it("are the ones the contract shows", () => {
    assert.deepInclude(platformNames, {
      teams: "Teams",
      zoom: "Zoom",
      "google-meet": "Google Meet",
      webex: "Webex",
      gotomeeting: "GoToMeeting",
      bluejeans: "BlueJeans",
      whereby: "Whereby"
    })
    assert.strictEqual(new Set(Object.values(platformNames)).size, Object.keys(tables).length)
  })

  it("tell a platform from any other text", () => {
    assert.isTrue(isPlatform("teams"))
    for (const text of ["", "Teams", "toString", "__proto__"]) assert.isFalse(isPlatform(text))
  })
})
