/**
 * The manners towards one mailbox at Google (`@punctual/core/http`). The quota of the client's project is shared by all its
 * mailboxes, and so is the wait for it.
 * Decides what they are bound by, and what a caller is told who has to come back.
 */
import { AskedByUser, Throttled, Unavailable } from "@punctual/core"
import { type Hold, type Mailbox, makeHold, makeMailbox } from "@punctual/core/http"
import { Effect } from "effect"
import type { Limits } from "./Limits.ts"

export type GoogleMailbox = Mailbox<Throttled | Unavailable>

export const makeGoogleMailbox = (limits: Limits, project: Hold): GoogleMailbox =>
  makeMailbox<Throttled | Unavailable>({
    limits,
    rate: { perSecond: limits.requestsPerMinute / 60, burst: limits.burstMax },
    own: makeHold(limits),
    shared: project,
    isAsked: Effect.service(AskedByUser),
    throttled: (retryAfterMillis) => new Throttled({ retryAfterMillis }),
    failing: () => new Unavailable({ message: "Google Calendar failed several times in a row for this mailbox." })
  })
