/**
 * What stands in an event's body: the organizer's text, the Teams block, a foreign link, padding.
 *
 * Decides the HTML and the preview. The Teams block repeats the markup of a real one, so that a link finder meets
 * what it will meet in life; it is not the place to look for links itself.
 */
import { hexFrom } from "../world/Chance.ts"
import type { Details } from "../world/World.ts"

/** Whether a link makes an event a Teams meeting in Graph's eyes. */
export const isTeamsLink = (link: string): boolean => /^https:\/\/teams\.(microsoft|live)\.com\//.test(link)

export const bodyHtml = (details: Details): string => {
  const parts = [
    '<html>\r\n<head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\r\n</head>\r\n<body>\r\n',
    details.bodyHtml,
    details.link === null ? "" : isTeamsLink(details.link) ? teamsBlock(details.link) : foreignBlock(details.link)
  ]
  const end = "\r\n</body>\r\n</html>\r\n"
  const size = parts.reduce((sum, part) => sum + part.length, 0) + end.length
  return parts.join("") + padding(details.bodyBytes - size) + end
}

/** The body without its markup, as `outlook.body-content-type="text"` asks for. */
export const bodyText = (html: string): string =>
  html
    .replaceAll(/<head>[\s\S]*?<\/head>/g, "")
    .replaceAll(
      /<a [^>]*href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/g,
      (_, href: string, text: string) => `${text}<${unescaped(href)}>`
    )
    .replaceAll(/<(?!https?:|tel:)[^>]*>/g, "")
    .replaceAll("&nbsp;", " ")
    .replaceAll("&amp;", "&")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&#43;", "+")
    .trim()

/** Graph's bodyPreview: the first 255 characters of the text. */
export const bodyPreview = (html: string): string => bodyText(html.slice(0, 20_000)).slice(0, 255)

/** Numbers of a Teams meeting, derived from its link. */
export const conferenceId = (link: string): string =>
  String(Number.parseInt(hexFrom(`conference ${link}`, 8), 16) % 1_000_000_000).padStart(9, "0")

export const tollNumber = "+1 323-555-0166"

export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

const unescaped = (text: string): string => text.replaceAll("&amp;", "&").replaceAll("&quot;", '"')

const rule = `<div style="width:100%; height:20px"><span style="white-space:nowrap; color:gray; opacity:.36">${"_".repeat(80)}</span>\r\n</div>\r\n`

const teamsBlock = (link: string): string => {
  const digits = conferenceId(link).replaceAll(/(\d{3})(?=\d)/g, "$1 ")
  return [
    `\r\n${rule}<div class="me-email-text" style="color:#252424; font-family:'Segoe UI','Helvetica Neue',Helvetica,Arial,sans-serif">\r\n`,
    `<div style="margin-top:24px; margin-bottom:10px"><a class="me-email-headline" href="${escaped(link)}" target="_blank" rel="noreferrer noopener" style="font-size:18px; text-decoration:underline; color:#6264a7">Join\r\n Microsoft Teams Meeting</a> </div>\r\n`,
    `<div><a class="me-email-link" href="tel:&#43;1 323-555-0166,,${conferenceId(link)}# " target="_blank" rel="noreferrer noopener">&#43;1 323-555-0166</a>\r\n<span style="font-size:12px">&nbsp; United States, Los Angeles (Toll) </span></div>\r\n`,
    `<div style="margin-top:10px; margin-bottom:20px"><span style="font-size:12px">Conference ID:\r\n</span><span style="font-size:14px">${digits}# </span></div>\r\n`,
    `<div style="margin-bottom:24px"><a class="me-email-link" target="_blank" href="https://aka.ms/JoinTeamsMeeting" rel="noreferrer noopener">Learn more about Teams</a> | <a class="me-email-link" target="_blank" href="https://teams.microsoft.com/meetingOptions/?organizerId=64339082-ed84-4b0b-b4ab-004ae54f3747&amp;language=en-US" rel="noreferrer noopener">Meeting options</a> </div>\r\n`,
    `</div>\r\n${rule}`
  ].join("")
}

const foreignBlock = (link: string): string => `\r\n<div><a href="${escaped(link)}">${escaped(link)}</a></div>\r\n`

const filler = "<p>Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt.</p>\r\n"

const padding = (bytes: number): string =>
  bytes <= 0 ? "" : filler.repeat(Math.ceil(bytes / filler.length)).slice(0, bytes)
