/**
 * What meeting-link detectors get wrong in public, each fault under its own name: from the issue trackers and the code of
 * MeetingBar, Attendee, Vexa, Recall.ai, inbox-zero and others (the project's research notes, pitfalls C1, C2 and "Link
 * detection").
 */
import { assert, describe, it } from "@effect/vitest"
import { findMeetingLink, meetingLinkKey } from "../../src/links/index.ts"
import { address, html as markup, line, mail } from "./Fields.ts"

const text = (content: string) => findMeetingLink(mail(content))
const html = (content: string) => findMeetingLink(markup(content))
const joinUrl = (url: string) => findMeetingLink(address(url))

const thread = "19%3ameeting_MjMyOTA0YTIt%40thread.v2"
const context = "context=%7b%22Tid%22%3a%22t%22%2c%22Oid%22%3a%22o%22%7d"
const classic = `https://teams.microsoft.com/l/meetup-join/${thread}/0?${context}`
const short = "https://teams.microsoft.com/meet/744337110262323?p=BNk0nWtHqT"
const zoom = "https://us02web.zoom.us/j/81234567890?pwd=abc.1"
const safe = (url: string) => `https://nam02.safelinks.protection.outlook.com/?url=${encodeURIComponent(url)}&data=05`

describe("Teams links in every form (Attendee)", () => {
  const inner = `/l/meetup-join/${thread}/0?${context}&anon=true`
  const launcher = (host: string, client: string) =>
    `https://${host}/dl/launcher/launcher.html?url=${client}&type=meet&deeplinkId=1&directDl=true`

  it.each([
    ["as it is", classic, classic],
    ["new client", `https://teams.microsoft.com/v2/?meetingjoin=true#${inner}`, classic],
    ["old client", `https://teams.microsoft.com/_#${inner}`, classic],
    ["client's root", `https://teams.microsoft.com/#${inner}`, classic],
    ["launcher", launcher("teams.microsoft.com", `/_#${inner}`), classic],
    ["launcher, encoded", launcher("teams.microsoft.com", encodeURIComponent(`/_#${inner}`)), classic],
    ["launcher of the new client", launcher("teams.microsoft.com", encodeURIComponent(`/v2/?x=1#${inner}`)), classic],
    ["short", short, short],
    ["short on the consumer cloud", short.replace("microsoft", "live"), short.replace("microsoft", "live")],
    [
      "launcher of a short one",
      launcher("teams.live.com", encodeURIComponent("/_#/meet/5918582023629?p=jRP6&anon=true")),
      "https://teams.live.com/meet/5918582023629?p=jRP6"
    ]
  ])("%s", (_name, address, url) => {
    assert.deepStrictEqual(joinUrl(address), { platform: "teams", url })
    assert.deepStrictEqual(text(`Join: ${address} .`), { platform: "teams", url })
    assert.deepStrictEqual(joinUrl(safe(address)), { platform: "teams", url })
  })

  it("the guest client's launch page stays as it is, and is known for the same meeting", () => {
    const coords = Buffer.from(JSON.stringify({ conversationId: decodeURIComponent(thread) })).toString("base64")
    const url = `https://teams.microsoft.com/light-meetings/launch?agent=web&coords=${encodeURIComponent(coords)}`
    assert.deepStrictEqual(text(url), { platform: "teams", url })
    assert.strictEqual(meetingLinkKey({ platform: "teams", url }), meetingLinkKey({ platform: "teams", url: classic }))
  })
})

describe("links that others miss", () => {
  it("the short Teams link, all new meetings since 2026 (meet-teams-bot#210, MeetingBar#926, Vexa#501)", () => {
    assert.deepStrictEqual(text(`Join: ${short}\r\nMeeting ID: 744 337 110 262 323`), { platform: "teams", url: short })
  })

  it("the short Teams link without its passcode (Attendee)", () => {
    const url = "https://teams.microsoft.com/meet/744337110262323"
    assert.deepStrictEqual(joinUrl(url), { platform: "teams", url })
  })

  it.each(["gov.teams.microsoft.us", "dod.teams.microsoft.us", "teams.microsoft.us"])(
    "government Teams: %s",
    (host) => {
      const url = classic.replace("teams.microsoft.com", host)
      assert.deepStrictEqual(joinUrl(url), { platform: "teams", url })
    }
  )

  it("government Zoom", () => {
    const url = "https://agency.zoomgov.com/j/1601234509?pwd=a"
    assert.deepStrictEqual(text(url), { platform: "zoom", url })
  })

  it("links rewritten by Safe Links, in a text and in the structured field (Recall.ai, MeetingBar)", () => {
    assert.deepStrictEqual(joinUrl(safe(classic)), { platform: "teams", url: classic })
    assert.deepStrictEqual(text(`Join<${safe(classic)}>`), { platform: "teams", url: classic })
    assert.deepStrictEqual(html(`<a href="${safe(classic).replaceAll("&", "&amp;")}">Join</a>`)?.url, classic)
  })

  it("links in the location (Attendee)", () => {
    assert.strictEqual(findMeetingLink(line(`Room 12; ${zoom}`))?.url, zoom)
    assert.strictEqual(findMeetingLink([...line("Room 12"), ...address(zoom)])?.url, zoom)
  })

  it("links in the body while the structured field is empty or holds what cannot be joined", () => {
    for (const empty of [[], address(""), address("conf:sip:jdoe@example.com;gruu")]) {
      assert.strictEqual(findMeetingLink([...empty, ...mail(zoom)])?.url, zoom)
    }
  })
})

describe("links that others break", () => {
  it("&amp; in an HTML body spoils the passcode where nobody decodes it (Attendee)", () => {
    const url = "https://zoom.us/j/81234567890?from=addon&pwd=abc.1"
    assert.strictEqual(html(`<a href="${url.replace("&", "&amp;")}">Join</a>`)?.url, url)
    assert.strictEqual(html(`<p>${url.replace("&", "&#38;")}</p>`)?.url, url)
  })

  it("text that clings to the passcode (Attendee)", () => {
    for (const clinging of [".", ")", ",", ";Passcode=123456", "\tPasscode", "。", "”", "&gt;", "%3E", "<br>"]) {
      assert.strictEqual(text(`${zoom}${clinging}`)?.url, zoom, clinging)
    }
  })

  it("the passcode is launched, and a vanity host stays the customer's (Attendee rewrites zoom.com)", () => {
    for (const url of ["https://acme.zoom.com/j/81234567890?pwd=a", "https://zoom.com/w/81234567890?tk=b"]) {
      assert.strictEqual(text(url)?.url, url)
    }
  })

  it("a Teams link cut by a field's length opens a refusal: it is dropped for the whole one", () => {
    const place = line(`${"Room; ".padEnd(255 - 100, "x")} ${classic}`.slice(0, 255), true)
    assert.strictEqual(findMeetingLink(place), null)
    assert.strictEqual(findMeetingLink([...place, ...mail(classic)])?.url, classic)
  })
})

describe("links that others should not take", () => {
  it("hosts that end alike: endsWith would accept evilzoom.us (inbox-zero)", () => {
    for (const host of ["evilzoom.us", "zoom.us.evil.example", "evil-meet.google.com", "xteams.microsoft.com"]) {
      assert.isNull(text(zoom.replace("us02web.zoom.us", host)), host)
      assert.isNull(text(classic.replace("teams.microsoft.com", host)), host)
    }
  })

  it("Safe Links that are nested, malformed or lead to themselves end the unwrapping, in bounded time (MeetingBar)", () => {
    assert.strictEqual(text(safe(safe(safe(zoom))))?.url, zoom)
    const endless = "https://nam02.safelinks.protection.outlook.com/?url=".repeat(100)
    for (const address of [safe("%"), safe(""), safe("https://"), endless, safe(endless)]) assert.isNull(text(address))
  })

  it("an address that contains another one (Attendee's guard against forged requests)", () => {
    assert.isNull(text(`https://evil.example/?next=${zoom}`))
    assert.isNull(joinUrl(`https://teams.microsoft.com/l/meetup-join/${thread}/https://evil.example/`))
    assert.isNull(joinUrl(`https://teams.microsoft.com/_#//evil.example${new URL(classic).pathname}`))
  })

  it("an options page that carries the meeting's thread", () => {
    assert.isNull(text(`https://teams.microsoft.com/meetingOptions/?threadId=${thread}&messageId=0`))
  })
})

describe("which meeting it is", () => {
  const keyOf = (url: string) => meetingLinkKey(text(url) ?? assert.fail(url))

  it("all Teams meetings look the same where the id is not understood (Vexa#501): no key has an empty part", () => {
    const keys = [classic, short, classic.replace("MjMy", "OTk5"), short.replace("7443", "8554")].map(keyOf)
    assert.strictEqual(new Set(keys).size, 4)
    for (const key of keys) assert.match(key ?? "", /^teams:[\w:@.]{9,}$/)
    assert.isNull(meetingLinkKey({ platform: "teams", url: "https://teams.microsoft.com/l/meetup-join/" }))
  })

  it("the key is without password and invitee, the link with them (inbox-zero)", () => {
    const invitee = classic.replace("%22o%22", "%22another-organiser%22")
    assert.strictEqual(keyOf(classic), keyOf(invitee))
    assert.notStrictEqual(text(classic)?.url, text(invitee)?.url)
    assert.strictEqual(keyOf(zoom), "zoom:81234567890")
    assert.strictEqual(text(zoom)?.url, zoom)
  })

  it("one Zoom meeting under several hosts is one meeting (inbox-zero)", () => {
    assert.strictEqual(keyOf("https://acme.zoom.us/j/81234567890"), keyOf(zoom))
  })

  it("two meetings in one event: the first in the document is joined, not the one with the longer address", () => {
    assert.strictEqual(text(`https://zoom.us/j/89999999999 ${classic}`)?.url, "https://zoom.us/j/89999999999")
  })
})
