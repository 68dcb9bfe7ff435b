/**
 * Microsoft Teams: meetings and live events. The long link names a chat thread, the short one (most invitations since
 * 2026) a number; the client shows either behind a "#" or inside its launcher page.
 *
 * Not here, and so never a link: meetingOptions, /l/chat, /l/channel, /l/file, /l/entity, /l/meeting/new,
 * /l/meeting/details, /l/meetingrecap, registration pages, dialin.teams.microsoft.com.
 */
import {
  decodeBase64,
  decodeJsonObject,
  decodeOnce,
  hasParameter,
  onlyParameters,
  parameter
} from "../address/Parameter.ts"
import type { PlatformLinks, Route } from "../address/Route.ts"
import type { Address } from "../address/Safety.ts"

const routes: readonly Route[] = [
  {
    path: /\/l\/meetup-join\/([^/]+)\/\d+/,
    when: ({ query }, thread) => isThread(decodeOnce(thread)) && contextIsWhole(query),
    key: (_address, thread) => decodeOnce(thread) ?? thread,
    hasPasscode: ({ query }) => ["Tid", "Oid"].every((name) => Object.hasOwn(contextOf(query) ?? {}, name))
  },
  {
    path: /\/meet\/(\d{9,18})/,
    key: (_address, number) => number,
    hasPasscode: ({ query }) => hasParameter(query, "p")
  },
  // The clients' own addresses, with the link behind "#": /_#/…, /v2/?meetingjoin=true#/…, /#/…
  { path: /|\/_|\/v2(?:\/.*)?/, url: ({ host, fragment }) => joinInClient(host, fragment) },
  // The page that asks "app or browser?", with the client's address in `url`, encoded or not.
  {
    path: /\/dl\/launcher\/launcher\.html/,
    url: ({ host, query, fragment }) => {
      const page = decodeOnce(parameter(query, "url")) ?? ""
      const shown = clientPage.exec(page.includes("#") ? page : `${page}#${fragment}`)
      return joinInClient(host, shown?.[1] ?? "")
    }
  },
  // The web client for guests: what it joins is in `coords`, as JSON in base64.
  {
    path: /\/light-meetings\/launch/,
    when: ({ query }) => threadInCoords(query) !== null,
    key: ({ query }) => threadInCoords(query) ?? ""
  }
]

export const teams: PlatformLinks = {
  typedHosts: ["teams.microsoft.com", "teams.live.com", "teams.cloud.microsoft", "teams.microsoft.us"],
  sites: [
    {
      hosts: [
        "teams.microsoft.com",
        "teams.live.com",
        "teams.cloud.microsoft",
        "teams.microsoft.us",
        "gov.teams.microsoft.us",
        "dod.teams.microsoft.us",
        "gov.teams.microsoft.com"
      ],
      routes
    }
  ],
  // Clouds of single countries have hosts of their own.
  configured: routes
}

/** The pages of the clients that show what follows their "#". */
const clientPage = /^\/(?:_|v2\/[^#]*)?#(.*)$/s

const isThread = (text: string | null): boolean => text !== null && /^19:[\w.~=+-]+@thread\.[a-z0-9]+$/i.test(text)

const contextOf = (query: string): Readonly<Record<string, unknown>> | null =>
  decodeJsonObject(decodeOnce(parameter(query, "context")))

/** Tenant and organiser travel as JSON in `context`. Where that does not parse, the link was cut on its way. */
const contextIsWhole = (query: string): boolean => parameter(query, "context") === null || contextOf(query) !== null

/** The link behind a client's "#", on the same host; the client's own parameters stay behind. */
const joinInClient = (host: Address["host"], shown: string): string | null => {
  const [path = "", query = ""] = shown.split("?", 2)
  return /^\/(?:l\/meetup-join|meet)\//.test(path)
    ? `https://${host}${path}${onlyParameters(query, ["context", "p", "pp"])}`
    : null
}

const threadInCoords = (query: string): string | null => {
  const thread = decodeJsonObject(decodeBase64(decodeOnce(parameter(query, "coords"))))?.["conversationId"]
  return typeof thread === "string" && isThread(thread) ? thread : null
}
