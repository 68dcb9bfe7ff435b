/** Mail gateways and redirectors: what is inside, how deep, and what is no wrapper. */
import { assert, describe, it } from "@effect/vitest"
import { type LinkSettings, findMeetingLink, noLinkReason } from "../../src/links/index.ts"
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
    ["Safe Links, defence", safeLink(url, "dod.safelinks.protection.apps.mil")],
    ["Safe Links, China", safeLink(url, "chn01.safelinks.protection.partner.outlook.cn")],
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
    ["Google, a country", `https://www.google.de/url?q=${encoded}&sa=D`],
    ["Google, a country below co", `https://google.co.uk/url?sa=t&url=${encoded}`],
    ["Google, a country below com", `https://www.google.com.au/url?q=${encoded}`],
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
    ["Check Point", `https://protect.checkpoint.com/v2/___${url}___.YXAz`],
    ["Check Point, a region", `https://protect.checkpoint.com/v2/r01/___${url}___.YXAz`],
    ["Check Point, encoded", `https://protect.checkpoint.com/v2/r02/___${encodeURIComponent(url)}___.YXAz`],
    ["Avanan, a region, merged slashes", `https://url.avanan.click/v2/r99/___${url.replace("//", "/")}___.YXAz`],
    ["Trend Micro", `https://imsva91-ctp.trendmicro.com/wis/clicktime/v1/query?url=${encoded}&umid=1&auth=2`],
    ["Trend Micro, its port", `https://ddei5-0-ctp.trendmicro.com:443/wis/clicktime/v1/query?url=${encoded}&umid=1`],
    ["Trustwave", `https://scanmail.trustwave.com/?c=8510&d=2sHi&s=342&u=${encoded}`],
    ["Libraesva", `https://urlsand.esvalabs.com/?u=${encoded}&e=1a2b&h=3c4d&f=y&p=y`],
    ["Azure and Dynamics", `https://nam.safelink.emails.azure.net/redirect/?destination=${encoded}&p=bT0x`],
    ["Amazon", `https://b2x.r.us-east-1.awstrack.me/L0/${encodeURIComponent(url)}/1/0100018f/aBcD=352`]
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
    ["Safe Links' defence look-alikes", safeLink(url, "dod.safelinks.protection.apps.mil.evil.example")],
    ["Safe Links' China without a boundary", safeLink(url, "xsafelinks.protection.partner.outlook.cn")],
    ["Google's look-alikes", `https://google.evil.example/url?q=${encoded}`],
    ["countries where Google is not", `https://google.zz/url?q=${encoded}`],
    ["countries the wrong way", `https://google.uk/url?q=${encoded}`],
    ["countries of others", `https://google.co.de/url?q=${encoded}`],
    ["Google's other hosts", `https://mail.google.de/url?q=${encoded}`],
    ["Check Point's other hosts", `https://protect.checkpoint.com.evil.example/v2/r01/___${url}___.YXAz`],
    ["regions of three digits", `https://protect.checkpoint.com/v2/r012/___${url}___.YXAz`],
    ["regions of another letter", `https://protect.checkpoint.com/v2/x01/___${url}___.YXAz`],
    [
      "targets of a region escaped twice",
      `https://protect.checkpoint.com/v2/r01/___${encodeURIComponent(encoded)}___.Y`
    ],
    ["Trend Micro's own domain", `https://trendmicro.com/wis/clicktime/v1/query?url=${encoded}`],
    ["Trend Micro's look-alikes", `https://xtrendmicro.com/wis/clicktime/v1/query?url=${encoded}`],
    ["Trend Micro's other paths", `https://www.trendmicro.com/wis/clicktime/v2/query?url=${encoded}`],
    ["Trend Micro's other ports", `https://a.trendmicro.com:8443/wis/clicktime/v1/query?url=${encoded}`],
    ["Trustwave's other hosts", `https://x.scanmail.trustwave.com/?u=${encoded}`],
    ["Trustwave's look-alikes", `https://scanmail.trustwave.com.evil.example/?u=${encoded}`],
    ["Libraesva's look-alikes", `https://urlsand-esvalabs.com/?u=${encoded}`],
    ["Libraesva's other hosts", `https://esvalabs.com/?u=${encoded}`],
    ["Azure's bare domain", `https://safelink.emails.azure.net/redirect/?destination=${encoded}`],
    ["Azure's look-alikes", `https://nam.safelink.emails.azure.net.evil.example/redirect/?destination=${encoded}`],
    ["Azure's other paths", `https://nam.safelink.emails.azure.net/other/?destination=${encoded}`],
    ["Amazon's look-alikes", `https://x.awstrack.me.evil.example/L0/${encodeURIComponent(url)}/1/2`],
    ["Amazon's bare domain", `https://awstrack.me/L0/${encodeURIComponent(url)}/1/2`],
    ["Amazon's other paths", `https://x.awstrack.me/I0/${encodeURIComponent(url)}/1/2`],
    ["Amazon's targets with nothing after", `https://x.awstrack.me/L0/${encodeURIComponent(url)}`],
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

describe("a gateway of one's own", () => {
  const settings: LinkSettings = {
    gateways: [
      { host: "Gate.Contoso.example", path: "/go/out.html", parameter: "to" },
      { host: "*.mail.fabrikam.example", parameter: "u" },
      { host: "*.google.com", path: "/url", parameter: "evil" }
    ]
  }
  const findThere = (joinUrl: string) => findMeetingLink(address(joinUrl), settings)?.url ?? null

  it.each([
    ["its path", `https://gate.contoso.example/go/out.html?to=${encoded}`],
    ["its path with a slash", `https://gate.contoso.example/go/out.html/?to=${encoded}`],
    ["every host below", `https://eu.mail.fabrikam.example/any/path?x=1&u=${encoded}`],
    ["another wrapper inside", `https://gate.contoso.example/go/out.html?to=${encodeURIComponent(safeLink(url))}`],
    ["inside another wrapper", safeLink(`https://gate.contoso.example/go/out.html?to=${encoded}`)]
  ])("is opened: %s", (_name, wrapped) => {
    assert.isNull(findMeetingLink(address(wrapped)), "not without being named")
    assert.strictEqual(findThere(wrapped), url)
  })

  it.each([
    ["other hosts", `https://x.gate.contoso.example/go/out.html?to=${encoded}`],
    ["look-alikes", `https://gate.contoso.example.evil.example/go/out.html?to=${encoded}`],
    ["the bare domain", `https://mail.fabrikam.example/?u=${encoded}`],
    ["other paths", `https://gate.contoso.example/go/out?to=${encoded}`],
    ["paths are no patterns", `https://gate.contoso.example/go/outxhtml?to=${encoded}`],
    ["longer paths", `https://gate.contoso.example/go/out.html/x?to=${encoded}`],
    ["other parameters", `https://gate.contoso.example/go/out.html?too=${encoded}`],
    ["ports", `https://gate.contoso.example:8443/go/out.html?to=${encoded}`],
    ["user info", `https://a@gate.contoso.example/go/out.html?to=${encoded}`],
    ["foreign targets", "https://gate.contoso.example/go/out.html?to=https%3A%2F%2Fevil.example%2Fj%2F81234567890"],
    ["targets with user info", "https://gate.contoso.example/go/out.html?to=https%3A%2F%2Fzoom.us%40evil.example%2F"],
    ["targets escaped twice", `https://gate.contoso.example/go/out.html?to=${encodeURIComponent(encoded)}`]
  ])("gives nothing for %s", (_name, wrapped) => {
    assert.isNull(findThere(wrapped))
  })

  it("does not take the place of one that is known", () => {
    assert.strictEqual(findThere(`https://www.google.com/url?evil=https%3A%2F%2Fx.example&q=${encoded}`), url)
  })

  it("counts among the five", () => {
    let wrapped = url
    for (let level = 1; level <= 6; level++) {
      wrapped = `https://gate.contoso.example/go/out.html?to=${encodeURIComponent(wrapped)}`
      assert.strictEqual(findThere(wrapped), level <= 5 ? url : null, `${level} levels`)
    }
  })
})

describe("why there is no link", () => {
  it.each([
    ["Mimecast", "https://url.uk.m.mimecastprotect.com/s/abc?domain=zoom.us"],
    ["Mimecast, old host", "https://protect-eu.mimecast.com/s/AbCdEf?domain=teams.microsoft.com"],
    ["EdgePilot", "https://link.edgepilot.com/s/c3482de6/4dTB"],
    ["Cisco, a token alone", "https://secure-web.cisco.com/1XQUGN-token"],
    ["Safe Links without a target", "https://nam02.safelinks.protection.outlook.com/?data=x"],
    ["a gateway within another", safeLink("https://link.edgepilot.com/s/c3482de6/4dTB")]
  ])("a gateway that keeps it: %s", (_name, wrapped) => {
    assert.isNull(findMeetingLink(mail(`Join here: ${wrapped}`)))
    assert.strictEqual(noLinkReason(mail(`Join here: ${wrapped}`)), "link_behind_gateway")
  })

  it.each([
    ["nothing at all", ""],
    ["a foreign page", "https://wiki.example.com/p/0"],
    ["a page behind a gateway", safeLink("https://wiki.example.com/p/0")],
    ["a shortener", "https://bit.ly/3AbCdEf"],
    ["a tracker", "https://u1.ct.sendgrid.net/ls/click?upn=abc"],
    ["a redirector without a target", "https://www.google.com/url?sa=D"],
    ["a gateway's home page", "https://www.mimecast.com/"],
    ["a gateway's look-alike", "https://protect-eu.mimecast.com.evil.example/s/AbCdEf"],
    ["a bare gateway domain", "https://mimecast.com/s/AbCdEf"],
    ["EdgePilot's look-alike", "https://link.edgepilot.com.evil.example/s/c3482de6/4dTB"]
  ])("none is there: %s", (_name, text) => {
    assert.strictEqual(noLinkReason(mail(text)), "no_meeting_link")
  })

  it("is none where there is a link, before a hidden one or after", () => {
    const hidden = "https://link.edgepilot.com/s/c3482de6/4dTB"
    assert.isNull(noLinkReason(mail(`${hidden} ${url}`)))
    assert.isNull(noLinkReason(mail(`${url} ${hidden}`)))
    assert.strictEqual(findMeetingLink(mail(`${hidden} ${url}`))?.url, url)
  })
})
