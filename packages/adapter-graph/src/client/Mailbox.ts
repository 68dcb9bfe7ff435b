/**
 * The manners towards one Outlook mailbox (`@punctual/core/http`).
 * Decides what they are bound by, and what a caller is told who has to come back.
 */
import { AskedByUser, Throttled, Unavailable } from "@punctual/core"
import { type Mailbox, makeHold, makeMailbox } from "@punctual/core/http"
import { Effect } from "effect"
import type { Limits } from "./Limits.ts"

export type GraphMailbox = Mailbox<Throttled | Unavailable>

const tenMinutesSeconds = 600

export const makeGraphMailbox = (limits: Limits): GraphMailbox =>
  makeMailbox<Throttled | Unavailable>({
    limits,
    rate: { perSecond: limits.requestsPerTenMinutes / tenMinutesSeconds, burst: limits.burstMax },
    // Graph says how long, or the client does.
    own: makeHold({ throttledMinMillis: limits.backoffMinMillis, throttledMaxMillis: limits.backoffMaxMillis }),
    shared: null,
    isAsked: Effect.service(AskedByUser),
    throttled: (retryAfterMillis) => new Throttled({ retryAfterMillis }),
    failing: () => new Unavailable({ message: "Microsoft Graph failed several times in a row for this mailbox." })
  })
