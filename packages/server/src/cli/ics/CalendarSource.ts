/**
 * Where a calendar is read from: a file, or an address.
 * Decides what may be read of a file. An address is fetched by `adapter-ics`: https on public networks, and of networks that
 * are named (`IcsAllow.ts`) http too.
 */
import { readFile, stat } from "node:fs/promises"
import { BlockList } from "node:net"
import { fetchFeed } from "@punctual/adapter-ics/feed"
import { icsAllow } from "../../config/IcsAllow.ts"
import { noNetworks, parseNetworks } from "../../http/ClientAddress.ts"

/** The bytes, or why there is none, for a person. */
export type CalendarSource = { readonly bytes: Uint8Array } | { readonly refusal: string }

const fileBytesMax = 50 * 1024 * 1024

/** `allowed`: networks besides public ones, as they are written in the environment. */
export const readSource = async (place: string, allowed: string | undefined): Promise<CalendarSource> => {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(place)) return readPath(place)
  const isNamed = allowed !== undefined && allowed.trim() !== ""
  const networks = isNamed ? parseNetworks(allowed) : new BlockList()
  return networks === null ? { refusal: `${icsAllow}: ${noNetworks}` } : readAddress(place, networks)
}

const readPath = async (path: string): Promise<CalendarSource> => {
  try {
    const found = await stat(path)
    // A device or a pipe has no size to be judged by, and may never end.
    if (!found.isFile()) return { refusal: `${path} is no file.` }
    if (found.size > fileBytesMax) return { refusal: `${path} is larger than ${fileBytesMax / 1024 / 1024} MiB.` }
    return { bytes: await readFile(path) }
  } catch (error) {
    return { refusal: `can't read ${path}: ${error instanceof Error ? error.message : String(error)}` }
  }
}

const readAddress = async (place: string, allowed: BlockList): Promise<CalendarSource> => {
  const answer = await fetchFeed(place, { allowed, allowedBy: icsAllow })
  if (answer.kind === "whole") return { bytes: answer.bytes }
  return { refusal: answer.kind === "unchanged" ? "The server says that nothing changed." : answer.message }
}
