/**
 * The guide on the databases: one server over the embedded one, and three replicas over PostgreSQL behind one address; for
 * somebody with an Outlook calendar, and for somebody with a Google one.
 */
import { describe } from "@effect/vitest"
import { google, outlook } from "./GuideMailbox.ts"
import { guideStory } from "./GuideStory.ts"
import { onPGlite, onPostgres } from "./Place.ts"

describe.each([
  { kind: onPGlite, mailbox: outlook },
  { kind: onPostgres(3), mailbox: outlook },
  { kind: onPGlite, mailbox: google },
  // A second time on the other store with the full figures alone: what differs by provider does not differ by store.
  ...(process.env["PROVE"] === "1" ? [{ kind: onPostgres(3), mailbox: google }] : [])
])("the guide, with $kind.name and $mailbox.name", ({ kind, mailbox }) => {
  guideStory(kind, mailbox)
})
