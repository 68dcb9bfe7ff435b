/**
 * How notifications travel from the simulated provider to Punctual: lost, doubled, late, and again where they were not
 * taken.
 * Decides when and how often each arrives. Never what it says.
 */
import { Context, Redacted } from "effect"
import type { Notification } from "../../src/usecases/contract/Contract.ts"
import { CalendarControl } from "../memory/CalendarMemory.ts"
import { StoreProbe } from "../memory/StoreMemory.ts"
import type { Person } from "./Model.ts"
import type { Ports, Site } from "./Site.ts"
import type { Stage } from "./Stage.ts"

const minute = 60_000
/** The provider tries again for this long. */
const retriesMillis = 4 * 60 * minute

export interface Courier {
  /** Takes what the provider has to tell, and brings it sooner or later. */
  readonly deliver: () => void
  /** Tells of something that happened to a subscription. */
  readonly tellLifecycle: (person: Person) => void
}

export const makeCourier = (stage: Stage, ports: Ports, site: Site): Courier => {
  const { chance, loop, marks, swarm } = stage
  const control = Context.get(ports, CalendarControl)

  const bring = (notification: Notification, until: number): void => {
    const again = (): void => {
      if (loop.now() > until) return
      marks.notificationRetried += 1
      loop.at(loop.now() + chance.int(1, 20) * minute, () => bring(notification, until))
    }
    const isTaken = site.ask(
      "notification",
      (punctual) => punctual.receive([notification]),
      (answer) => {
        if (answer === "lost" || answer._tag === "Failure") return again()
        marks.notificationDelivered += 1
      }
    )
    if (!isTaken) again()
  }

  const send = (notification: Notification): void => {
    if (!stage.isHealed && chance.hits(swarm.notificationLost)) {
      marks.notificationLost += 1
      return
    }
    const isDoubled = !stage.isHealed && chance.hits(swarm.notificationDoubled)
    if (isDoubled) marks.notificationDoubled += 1
    for (let copy = 0; copy < (isDoubled ? 2 : 1); copy++) {
      const lag = chance.int(0, stage.isHealed ? 1_000 : swarm.notificationDelayMax)
      loop.at(loop.now() + lag, () => bring(notification, loop.now() + retriesMillis))
    }
  }

  return {
    deliver: () => {
      for (const { clientState, subscriptionId } of loop.sync(control.takeNotifications)) {
        send({ subscriptionId, clientState: Redacted.make(clientState), kind: "change" })
      }
    },
    tellLifecycle: (person) => {
      const tenant = loop.sync(Context.get(ports, StoreProbe).tenants).get(person.userId)
      const ids = [...(tenant?.calendars.values() ?? [])].flatMap(({ providerId, subscription }) =>
        subscription === null ? [] : [{ id: providerId, subscriptionId: subscription.id }]
      )
      if (ids.length === 0) return
      const { id, subscriptionId } = chance.pick(ids)
      const kind = chance.pick(["missed", "subscriptionRemoved", "reauthorizationRequired", "unknown"] as const)
      marks.lifecycleNotified += 1
      if (kind === "subscriptionRemoved") loop.sync(control.forgetSubscriptions(id))
      send({ subscriptionId, clientState: Redacted.make(`state of ${subscriptionId}`), kind })
    }
  }
}
