/**
 * The ids of calendars, events and occurrences, in the byte layout of real ones.
 *
 * Decides how an id is spelt and what it names: mailbox, serial number, how often the item was moved between calendars
 * (a normal id changes then, an immutable one does not) and, for an occurrence, the original date. Ids are
 * case-sensitive, hold `-`, `_` and `=`, and carry a date where Outlook's do. Nothing is looked up here.
 */
import { bytesFrom } from "./Chance.ts"

export interface ItemKey {
  readonly mailbox: string
  readonly serial: number
  readonly moves: number
  /** For an occurrence or exception: the milliseconds that name it; null for a single event or a series. */
  readonly occurrence: number | null
}

export const eventId = (key: ItemKey, immutable: boolean): string =>
  immutable ? immutableEventId(key) : normalEventId(key)

/** The key an event id was made from, or null for text that is no event id of ours. */
export const parseEventId = (id: string): (ItemKey & { readonly immutable: boolean }) | null => {
  const bytes = fromText(id)
  if (bytes === null || bytes.length < 60) return null
  const immutable = bytes[1] === immutableMark
  const mailbox = mailboxIn(bytes)
  const at = bytes.length - tailBytes
  const isOccurrence = bytes[at + 6] === occurrenceMark
  const key = {
    mailbox,
    serial: bytes.readUInt32BE(at),
    moves: immutable ? 0 : bytes.readUInt16BE(at + 4),
    occurrence: isOccurrence ? millisOfTicks(bytes.readBigUInt64BE(44)) : null,
    immutable
  }
  return eventId(key, immutable) === id ? key : null
}

/** A calendar keeps its id for good; it has no immutable form (Graph: outlook-immutable-id). */
export const calendarId = (mailbox: string, serial: number): string =>
  toText(
    Buffer.concat([
      head(normalMark, mailbox),
      Buffer.from([0x00, 0x2e, 0, 0, 0, 0, 0]),
      store(mailbox),
      uint(serial, 4),
      Buffer.alloc(3)
    ])
  )

export const parseCalendarId = (id: string): { readonly mailbox: string; readonly serial: number } | null => {
  const bytes = fromText(id)
  if (bytes === null || bytes.length < 55) return null
  const mailbox = mailboxIn(bytes)
  const serial = bytes.readUInt32BE(bytes.length - 7)
  return calendarId(mailbox, serial) === id ? { mailbox, serial } : null
}

/** The change key of one version of an item; the etag is `W/"…"` around it. */
export const changeKeyOf = (mailbox: string, version: number): string =>
  Buffer.concat([store(mailbox), Buffer.from([0, 0]), uint(version, 4)]).toString("base64")

const normalMark = 0x03
const immutableMark = 0x09
const occurrenceMark = 0x10
const singleMark = 0x00
const tailBytes = 8

const normalEventId = (key: ItemKey): string => toText(bytesOf(key, normalMark, key.moves))

const immutableEventId = (key: ItemKey): string => toText(bytesOf(key, immutableMark, 0))

const bytesOf = (key: ItemKey, mark: number, moves: number): Buffer => {
  const isOccurrence = key.occurrence !== null
  const middle = isOccurrence
    ? Buffer.concat([
        Buffer.from([0x01, 0x51, 0x00, 0x08]),
        ticksOf(key.occurrence),
        Buffer.from([0x46, 0, 0, 0, 0, 0])
      ])
    : Buffer.from([0x00, 0x46, 0x00, 0x00, 0x00, 0x00, 0x00])
  return Buffer.concat([
    head(mark, key.mailbox),
    middle,
    store(key.mailbox),
    Buffer.from([0x07, 0x00]),
    folder(key.mailbox),
    Buffer.from([0, 0, 0, 0, 0x01, 0x0d, 0, 0]),
    folder(key.mailbox),
    Buffer.from([0, 0]),
    uint(key.serial, 4),
    uint(moves, 2),
    Buffer.from([isOccurrence ? occurrenceMark : singleMark, 0])
  ])
}

// Ids of work mailboxes begin with AAMk, of personal ones with AQMk, immutable ones with AAkALg or AQkALg.
const head = (mark: number, mailbox: string): Buffer =>
  Buffer.concat([
    Buffer.from([isPersonal(mailbox) ? 0x01 : 0x00, mark, ...(mark === immutableMark ? [0x00, 0x2e] : [0x24, 0x00])]),
    Buffer.from(guidOf(mailbox), "latin1")
  ])

// The user id of a personal account is sixteen hex digits; inside its ids it stands as a GUID.
const isPersonal = (mailbox: string): boolean => mailbox.length === 16

const personalPrefix = "00000000-0000-0000-"

const guidOf = (mailbox: string): string =>
  isPersonal(mailbox)
    ? `${personalPrefix}${mailbox.slice(0, 4)}-${mailbox.slice(4)}`
    : mailbox.padEnd(36, "0").slice(0, 36)

const mailboxIn = (bytes: Buffer): string => {
  const guid = bytes.subarray(4, 40).toString("latin1")
  return guid.startsWith(personalPrefix) ? guid.slice(personalPrefix.length).replace("-", "") : guid
}

const store = (mailbox: string): Buffer => Buffer.from(bytesFrom(`store ${mailbox}`).subarray(0, 16))

const folder = (mailbox: string): Buffer => Buffer.from(bytesFrom(`folder ${mailbox}`).subarray(0, 16))

const uint = (value: number, bytes: number): Buffer => {
  const buffer = Buffer.alloc(bytes)
  buffer.writeUIntBE(value, 0, bytes)
  return buffer
}

// .NET ticks: tenths of a microsecond since the year 1, which is what real occurrence ids hold.
const ticksAt1970 = 621_355_968_000_000_000n

const ticksOf = (millis: number): Buffer => {
  const buffer = Buffer.alloc(8)
  buffer.writeBigUInt64BE(BigInt(millis) * 10_000n + ticksAt1970)
  return buffer
}

const millisOfTicks = (ticks: bigint): number => Number((ticks - ticksAt1970) / 10_000n)

// Outlook writes base64 with "-" for "/" and "_" for "+", and keeps the padding.
const toText = (bytes: Buffer): string => bytes.toString("base64").replaceAll("/", "-").replaceAll("+", "_")

const fromText = (id: string): Buffer | null =>
  /^[A-Za-z0-9_=-]+$/.test(id) ? Buffer.from(id.replaceAll("-", "/").replaceAll("_", "+"), "base64") : null
