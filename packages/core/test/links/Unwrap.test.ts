/** Mail gateways and redirectors: what is inside, how deep, and what is no wrapper. */
import { assert, describe, it } from "@effect/vitest"
import { findMeetingLink } from "../../src/links/index.ts"
import { address, mail } from "./Fields.ts"

const url = "https://us02web.zoom.us/j/81234567890?pwd=a-b_c.1&x=+y"
const encoded = encodeURIComponent(url).replaceAll("%2B", "+")
const base64 = Buffer.from(url).toString("base64")

const find = (joinUrl: string): string | null => findMeetingLink(address(joinUrl))?.url ?? null
const safeLink = (target: string, host = "nam02.safelinks.protection.outlook.com"): string =>
  `https://${host}/?url=${encodeURIComponent(target)}&data=05%7C02%7Calex%40example.com&reserved=0`
const proofpoint2 = (target: string): string =>
  encodeURIComponent(target).replaceAll("-", "%2D").replaceAll("_", "%5F").replaceAll("%2F", "_").replaceAll("%", "-")

describe("wrappers", () => {
  it.each([
    ["Safe Links", safeLink(url)],
    ["Safe Links, government", safeLink(url, "usg01.safelinks.protection.office365.us")],
    ["Safe Links, any path", safeLink(url).replace("/?", "/ap/t-59584e83/?")],
    [
      "Safe Links in Teams",
      `https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp-safelinks.html?url=${encoded}`
    ],
    ["Proofpoint v1", `https://urldefense.proofpoint.com/v1/url?u=${encoded}&k=x`],
    ["Proofpoint v2", `https://urldefense.proofpoint.com/v2/url?u=${proofpoint2(url)}&d=DwMFAg`],
    ["Proofpoint v2, new host", `https://urldefense.com/v2/url?u=${proofpoint2(url)}&d=DwMFAg`],
    ["Proofpoint v3", `https://urldefense.com/v3/__${url}__;!!abc!def$`],
    ["Proofpoint v3, old host", `https://urldefense.proofpoint.com/v3/__${url}__;!!abc!def$`],
    ["Proofpoint v3, government", `https://urldefense.us/v3/__${url}__;!!abc!def$`],
    ["Proofpoint v3, a signature like an end", `https://urldefense.com/v3/__${url}__;!!abc__;def!$`],
    ["Proofpoint v3, one replaced", `https://urldefense.com/v3/__${url.replace("?", "*")}__;Pw!!abc!def$`],
    ["Proofpoint v3, a run replaced", `https://urldefense.com/v3/__${url.replace("pwd", "**B")}__;cHdk!!abc!def$`],
    ["Proofpoint v3, merged slashes", `https://urldefense.com/v3/__${url.replace("//", "/")}__;!!abc!def$`],
    ["Google", `https://www.google.com/url?q=${encoded}&sa=D`],
    ["Google, other parameter", `https://google.com/url?sa=t&url=${encoded}`],
    ["Meet chat", `https://meet.google.com/linkredirect?authuser=0&dest=${encoded}`],
    ["Barracuda", `https://linkprotect.cudasvc.com/url?a=${encoded}&c=E,1`],
    ["Cisco", `http://secure-web.cisco.com/1XQUGN-token/${encoded}`],
    ["Symantec", `https://clicktime.symantec.com/3abc?u=${encoded}`],
    ["Trellix", `https://protect2.fireeye.com/v1/url?k=1&u=${encoded}`],
    ["FireEye", `https://protect.fireeye.com/url?u=${encoded}`],
    ["Slack", `https://slack-redir.net/link?url=${encoded}`],
    ["Sophos", `https://eu-west-1.protection.sophos.com?d=zoom.us&u=${base64}&i=x`],
    ["a parameter that ends alike", `https://www.google.com/url?faq=https%3A%2F%2Fevil.example&q=${encoded}`],
    ["Sophos, encoded padding", `https://eu-west-1.protection.sophos.com/?u=${encodeURIComponent(base64)}`],
    ["Avanan", `https://url.avanan.click/v2/___${url}___.YXAz`],
    ["Avanan, merged slashes", `https://url.avanan.click/v2/___${url.replace("//", "/")}___.YXAz`],
    ["Check Point", `https://protect.checkpoint.com/v2/___${url}___.YXAz`]
  ])("%s", (_name, wrapped) => {
    assert.strictEqual(find(wrapped), url)
    assert.strictEqual(findMeetingLink(mail(`<${wrapped}>`))?.url, url)
  })

  it.each([
    ["Mimecast", `https://url.uk.m.mimecastprotect.com/s/abc?domain=zoom.us`],
    ["EdgePilot", `https://link.edgepilot.com/s/c3482de6/4dTB?u=${encoded}`],
    ["shorteners", "https://bit.ly/3AbCdEf"],
    ["trackers", `https://u1.ct.sendgrid.net/ls/click?upn=${encoded}`],
    ["unknown redirectors", `https://redirect.example/?url=${encoded}`],
    ["look-alikes", safeLink(url, "nam02.safelinks.protection.outlook.com.evil.example")],
    ["hosts without a label boundary", safeLink(url, "xsafelinks.protection.outlook.com")],
    ["the bare domain", safeLink(url, "safelinks.protection.outlook.com")],
    ["ports", safeLink(url, "nam02.safelinks.protection.outlook.com:8443")],
    ["user info", safeLink(url, "a@nam02.safelinks.protection.outlook.com")],
    ["other paths", `https://www.google.com/search?q=${encoded}`],
    ["other pages", `https://statics.teams.cdn.office.net/x.html?url=${encoded}`],
    ["missing targets", "https://nam02.safelinks.protection.outlook.com/?data=x"],
    ["empty targets", "https://nam02.safelinks.protection.outlook.com/?url="],
    [
      "malformed escapes",
      "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fzoom.us%2Fj%2F81234567890%"
    ],
    ["targets escaped once more", safeLink(encodeURIComponent(url))],
    ["targets without a scheme", safeLink("zoom.us/j/81234567890")],
    ["targets with an app scheme", safeLink("zoommtg://zoom.us/join?confno=81234567890")],
    ["targets with white space", safeLink(`${url} x`)],
    ["targets beyond ASCII", safeLink(`${url}é`)],
    ["foreign targets", safeLink("https://zoom.us.evil.example/j/81234567890")],
    ["targets with user info", safeLink("https://zoom.us@evil.example/j/81234567890")],
    ["targets on other ports", safeLink("https://zoom.us:8443/j/81234567890")],
    ["targets that are pages", safeLink("https://teams.microsoft.com/meetingOptions/?organizerId=1")],
    ["itself", safeLink(safeLink("https://nam02.safelinks.protection.outlook.com/"))],
    ["a token alone", "https://secure-web.cisco.com/1XQUGN-token"],
    ["replaced characters that run out", `https://urldefense.com/v3/__${url}**B__;cHd!!abc!def$`],
    ["runs of no length", `https://urldefense.com/v3/__${url}***__;cHdkcHdk!!abc!def$`],
    ["replaced characters that are no base64", `https://urldefense.com/v3/__${url}*__;c!!abc!def$`],
    ["no end of the target", `https://urldefense.com/v3/__${url}`],
    ["no end of the replaced characters", `https://urldefense.com/v3/__${url}__;`],
    ["no signature", `https://url.avanan.click/v2/___${url}`],
    ["no base64", `https://eu-west-1.protection.sophos.com?u=%%%`]
  ])("give nothing for %s", (_name, wrapped) => {
    assert.isNull(find(wrapped))
  })

  it("may stand in each other, five deep and no deeper", () => {
    let wrapped = url
    for (let level = 1; level <= 5; level++) {
      wrapped = level % 2 === 0 ? `https://www.google.com/url?q=${encodeURIComponent(wrapped)}` : safeLink(wrapped)
      assert.strictEqual(find(wrapped), url, `${level} levels`)
    }
    assert.isNull(find(safeLink(wrapped)))
  })

  it("end the search for their own candidate only", () => {
    const content = `${safeLink("https://evil.example/")} ${safeLink(url)}`
    assert.strictEqual(findMeetingLink(mail(content))?.url, url)
  })
})
