/**
 * A published calendar that a user follows, and how a connection's feeds are kept as its credentials.
 * Decides that an address is a secret, stands where a client secret would, and that a feed is called by a digest of it.
 */
import { hash } from "node:crypto"
import { type Credentials, type ProviderCalendarId } from "@punctual/core"
import { Option, Redacted, Schema } from "effect"
import { feedUrl } from "./FetchFeed.ts"

/** The word for this kind of provider. */
export const feedPlatform = "ics_feed"

/** Feeds of one connection. */
export const feedsOfOneUserMax = 10

export interface Feed {
  readonly address: Redacted.Redacted<string>
  /** What the user calls it; null: what it calls itself. */
  readonly name: string | null
  /** The owner's addresses, by which their answers are known. */
  readonly emails: ReadonlyArray<string>
  /** The zone of times without one, where the feed does not say which it means; null: UTC. */
  readonly zone: string | null
  /** What it called itself, and the zone it said it means, when it was first read; null: it has not been read yet. */
  readonly told: { readonly name: string | null; readonly zone: string | null } | null
}

export const newFeed = (
  address: Redacted.Redacted<string>,
  settings: { readonly name?: string; readonly emails?: ReadonlyArray<string>; readonly zone?: string } = {}
): Feed => ({
  address,
  name: settings.name ?? null,
  emails: settings.emails ?? [],
  zone: settings.zone ?? null,
  told: null
})

/** Two ways to write one address are one feed. */
export const feedCalendarId = ({ address }: Pick<Feed, "address">): ProviderCalendarId => {
  const written = Redacted.value(address)
  return `feed_${digestOf(feedUrl(written)?.href ?? written, idCharacters)}` as ProviderCalendarId
}

/** With a feed added, or put in the place of the one at the same address. */
export const withFeed = (feeds: ReadonlyArray<Feed>, added: Feed): ReadonlyArray<Feed> => {
  const id = feedCalendarId(added)
  const at = feeds.findIndex((feed) => feedCalendarId(feed) === id)
  return at < 0 ? [...feeds, added] : feeds.with(at, added)
}

export const feedCredentials = (feeds: ReadonlyArray<Feed>, obtainedAt: number): Redacted.Redacted<Credentials> =>
  Redacted.make({
    clientId: feedPlatform,
    clientSecret: JSON.stringify(feeds.map((feed) => ({ ...feed, address: Redacted.value(feed.address) }))),
    // A feed has none, and a store of secrets keeps no empty one.
    refreshToken: "-",
    obtainedAt
  })

/** Null: these are credentials of something else. */
export const feedsOf = (credentials: Redacted.Redacted<Credentials>): ReadonlyArray<Feed> | null => {
  const kept = decodeKept(Redacted.value(credentials).clientSecret)
  return Option.getOrNull(
    Option.map(kept, (feeds) => feeds.map((feed) => ({ ...feed, address: Redacted.make(feed.address) })))
  )
}

const decodeKept = Schema.decodeUnknownOption(
  Schema.fromJsonString(
    Schema.Array(
      Schema.Struct({
        address: Schema.String,
        name: Schema.NullOr(Schema.String),
        emails: Schema.Array(Schema.String),
        zone: Schema.NullOr(Schema.String),
        told: Schema.NullOr(Schema.Struct({ name: Schema.NullOr(Schema.String), zone: Schema.NullOr(Schema.String) }))
      })
    ).check(Schema.isMinLength(1), Schema.isMaxLength(feedsOfOneUserMax))
  )
)

const idCharacters = 32

export const digestOf = (content: string | Uint8Array, characters: number): string =>
  hash("sha256", content, "hex").slice(0, characters)
