/**
 * Random fields for the laws of meeting links: genuine links with what identifies them, the wrappings and surroundings in
 * which mail carries them, and text that an attacker would write.
 */
import * as fc from "fast-check"
import type { LinkField, MeetingLink } from "../../src/links/index.ts"
import { address, html, line, mail } from "./Fields.ts"

export interface Genuine {
  /** As it must come back, passcode included. */
  readonly link: MeetingLink
  /** The same meeting without what lets a stranger in; equal to `link.url` where there is no such thing. */
  readonly bareUrl: string
  /** Empty where the link carries none. */
  readonly passcode: string
}

const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^[1-9][0-9]{${min - 1},${max - 1}}$`))
const word = (min: number, max: number) => fc.stringMatching(new RegExp(`^[a-z0-9]{${min},${max}}$`))
const letters = (count: number) => fc.stringMatching(new RegExp(`^[a-z]{${count}}$`))
/** A recognisable beginning, so that "it is not in the key" means something. */
const passcode = word(4, 16).map((text) => `Secret-${text}`)

const genuine = (
  platform: MeetingLink["platform"],
  bare: fc.Arbitrary<string>,
  withPasscode: (bareUrl: string, passcode: string) => string = (bareUrl) => bareUrl
): fc.Arbitrary<Genuine> =>
  fc.record({ bareUrl: bare, passcode: fc.option(passcode, { nil: "" }) }).map(({ bareUrl, passcode }) => {
    const url = passcode === "" ? bareUrl : withPasscode(bareUrl, passcode)
    return { link: { platform, url }, bareUrl, passcode: url === bareUrl ? "" : passcode }
  })

const teamsHost = fc.constantFrom(
  "teams.microsoft.com",
  "teams.live.com",
  "teams.cloud.microsoft",
  "gov.teams.microsoft.us"
)
const zoomHost = fc.constantFrom("zoom.us", "us02web.zoom.us", "acme.zoom.com", "agency.zoomgov.com", "zoom-x.de")
const meetCode = fc.tuple(letters(3), letters(4), letters(3)).map((groups) => groups.join("-"))

/** Links of every platform whose links differ in kind. */
export const genuineLink: fc.Arbitrary<Genuine> = fc.oneof(
  genuine(
    "teams",
    fc.tuple(teamsHost, digits(9, 18)).map(([host, id]) => `https://${host}/meet/${id}`),
    (bare, code) => `${bare}?p=${code}`
  ),
  genuine(
    "teams",
    fc
      .tuple(teamsHost, word(8, 40))
      .map(([host, id]) => `https://${host}/l/meetup-join/19%3ameeting_${id}%40thread.v2/0`),
    (bare, code) => `${bare}?context=%7b%22Tid%22%3a%22t%22%2c%22Oid%22%3a%22${code}%22%7d`
  ),
  genuine(
    "zoom",
    fc.tuple(zoomHost, fc.constantFrom("j", "w", "s"), digits(9, 11)).map((parts) => `https://${parts.join("/")}`),
    (bare, code) => `${bare}?pwd=${code}.1`
  ),
  genuine(
    "google-meet",
    meetCode.map((code) => `https://meet.google.com/${code}`)
  ),
  genuine(
    "webex",
    fc.tuple(word(1, 12), word(32, 32)).map(([site, id]) => `https://${site}x.webex.com/${site}/j.php?MTID=m${id}`)
  ),
  genuine(
    "gotomeeting",
    digits(9, 10).map((id) => `https://global.gotomeeting.com/join/${id}`)
  ),
  genuine(
    "bluejeans",
    digits(6, 10).map((id) => `https://bluejeans.com/${id}`),
    (bare, code) => `${bare}/${1000 + code.length}`
  ),
  genuine(
    "whereby",
    word(3, 20).map((room) => `https://acme.whereby.com/room-${room}`),
    (bare, code) => `${bare}?roomKey=${code}`
  ),
  genuine(
    "jitsi",
    word(3, 20).map((room) => `https://meet.jit.si/acme/${room}`),
    (bare, code) => `${bare}?jwt=${code}`
  ),
  genuine(
    "facetime",
    word(8, 20).map((id) => `https://facetime.apple.com/join#v=1&p=${id}`),
    (bare, code) => `${bare}&k=${code}`
  ),
  genuine(
    "lark",
    digits(9, 9).map((id) => `https://vc.feishu.cn/j/${id}`)
  )
)

const runLengths = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/** As Proofpoint writes it: what it finds unsafe, one or a run, becomes a token and stands behind the address. */
const proofpointV3 = (address: string): string => {
  let replaced = ""
  const encoded = address.replaceAll(/[^\w:/.?=&#-]{1,65}/g, (run) => {
    replaced += run
    return run.length === 1 ? "*" : `**${runLengths.charAt(run.length - 2)}`
  })
  return `https://urldefense.com/v3/__${encoded}__;${Buffer.from(replaced).toString("base64url")}!!x$`
}

/** One more gateway around an address. */
export const wrapping: fc.Arbitrary<(address: string) => string> = fc.constantFrom(
  (address: string) =>
    `https://nam02.safelinks.protection.outlook.com/?url=${encodeURIComponent(address)}&data=05%7C02&reserved=0`,
  (address: string) => `https://www.google.com/url?q=${encodeURIComponent(address)}&sa=D`,
  (address: string) => `http://secure-web.cisco.com/1XQUGN/${encodeURIComponent(address)}`,
  (address: string) =>
    `https://eu.protection.sophos.com?d=x&u=${encodeURIComponent(Buffer.from(address).toString("base64"))}`,
  proofpointV3
)

const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")

/** Words without a slash: nothing in them can be a link, and no space at either end means nothing to them. */
const words = fc.stringMatching(/^[\w .,;:()é“”]{0,20}$/)

/** An address, in an event that holds no other. */
export const fieldsWith: fc.Arbitrary<(address: string) => ReadonlyArray<LinkField>> = fc
  .record({ before: words, after: words, place: fc.integer({ min: 0, max: 8 }) })
  .map(({ before, after, place }) => (url: string) => {
    const text = `${before} ${url} ${after}`
    const markup = `<p title=">">${escapeHtml(before)}</p><!-- <a href="https://zoom.us/j/89999999999"> -->`
    const events = [
      address(url),
      address(` ${url}\r\n`),
      line(text),
      line(`${text} `, true),
      [...line(before), ...address(url)],
      mail(`${before}<${url}>${after}`),
      mail(text.replaceAll("&", "&amp;")),
      html(`${markup}<a href='${escapeHtml(url)}'>Join</a>`),
      html(`${markup}<p>${escapeHtml(url)}<br>${escapeHtml(after)}`)
    ]
    return events[place] ?? []
  })

/** Pieces of links, markup and mail, whole and broken, that an attacker may arrange in any order. */
const fragments = [
  ..."<>/\\\"'`|^()[]{}.,;:!?*&%#@=_~+- \t\r\n\0é。",
  "https://",
  "http://",
  "HTTPS://",
  "zoommtg://",
  "msteams:/",
  "javascript:",
  "//",
  "zoom.us",
  "zoom.us/j/",
  "/j/81234567890",
  "?pwd=a.1",
  "acme.",
  "evil.example",
  "@evil.example",
  ".evil.example",
  "meet.google.com/abc-defg-hij",
  "teams.microsoft.com",
  "/l/meetup-join/19%3ax%40thread.v2/0",
  "?context=",
  '{"Tid":"t","Oid":"o"}',
  "%7b%22Tid%22%3a1%7d",
  "/meet/744337110262323",
  "/dl/launcher/launcher.html?url=",
  "/_#",
  "/v2/?x#",
  "/light-meetings/launch?coords=",
  "join?confno=81234567890",
  "contoso.webex.com/contoso/j.php?MTID=",
  "whereby.com/",
  "facetime.apple.com/join#p=",
  "bluejeans.com/123456789/1234",
  "nam02.safelinks.protection.outlook.com/?url=",
  "https%3A%2F%2Fzoom.us%2Fj%2F81234567890",
  "urldefense.com/v3/__",
  "__;JQ!!x!y$",
  "urldefense.com/v2/url?u=https-3A__zoom.us_j_81234567890",
  "url.avanan.click/v2/___",
  "protect.checkpoint.com/v2/r01/___",
  "www.google.co.uk/url?q=",
  "x.awstrack.me/L0/",
  "/1/0100",
  "x.trendmicro.com:443/wis/clicktime/v1/query?url=",
  "nam.safelink.emails.azure.net/redirect/?destination=",
  "protect-eu.mimecast.com/s/abc",
  "gate.contoso.example/go?to=",
  "jitsi.example.org/room",
  "___.x",
  "x.protection.sophos.com?u=aHR0cHM6Ly96b29tLnVzL2ovODEyMzQ1Njc4OTA",
  "**A",
  ":443",
  ":8443",
  "%2F",
  "%00",
  "%E3%80%82",
  "../",
  "xn--zm-emca.us",
  '<a href="',
  "<a href=",
  "</a>",
  "<!--",
  "-->",
  "<script>",
  "</script>",
  "<template>",
  "</template>",
  "<b>",
  "<br>",
  "<https://",
  "<URL:",
  "&amp;",
  "&gt;",
  "&#x2F;",
  "&#47",
  "&colon;",
  "%3E",
  "=\r\n",
  "=3D"
]

/** Hostile text: mostly nonsense, now and then a link, a wrapper, or something that looks like one. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...fragments) },
      { weight: 1, arbitrary: fc.string({ unit: "binary" }) }
    ),
    {
      maxLength: 24
    }
  )
  .map((parts) => parts.join(""))

/** Fields of any form, in any order, cut or not, whose texts are hostile. */
export const hostileFields: fc.Arbitrary<ReadonlyArray<LinkField>> = fc.array(
  fc.record({
    text: hostileText,
    form: fc.constantFrom("address", "text", "mail", "html"),
    isCut: fc.boolean()
  }),
  { maxLength: 8 }
)
