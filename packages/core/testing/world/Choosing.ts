/**
 * How people of a simulated world choose among their meetings: they set rules of auto-scheduling, and answer invitations.
 * Decides, by chance of its own, which rules and what is answered. What a lost answer leaves open is set again once the world
 * has healed.
 */
import { Context } from "effect"
import type { Response, Sensitivity } from "../../src/domain/Facts.ts"
import { CalendarControl } from "../memory/CalendarMemory.ts"
import type { Chance } from "./Chance.ts"
import { checkDefect, holding, isBusyWithAll, refusalIn } from "./Calls.ts"
import { type Person, connectedOf } from "./Model.ts"
import { type Ruling, noRuling, rulings } from "./Ruling.ts"
import type { Ports, Site } from "./Site.ts"
import type { Stage } from "./Stage.ts"

export interface Ruler {
  /** Sets other rules, or answers an invitation, now and then. */
  readonly act: (person: Person) => void
  /** Sets rules again where nobody knows which there are. */
  readonly settle: (person: Person) => void
}

const responses: ReadonlyArray<Response> = ["none", "accepted", "declined", "tentative"]
const sensitivities: ReadonlyArray<Sensitivity> = ["normal", "private"]

export const makeRuler = (stage: Stage, ports: Ports, site: Site, whim: Chance): Ruler => {
  const { loop, marks, note, swarm } = stage
  const control = Context.get(ports, CalendarControl)

  const setRules = (person: Person, ruling: Ruling): void => {
    const { epoch } = person
    const before = person.auto.ruling
    const free = holding(person, "*rules")
    const { otherwise, rules } = ruling
    const isAsked = site.ask(
      `${person.userId} *rules`,
      (punctual) => punctual.setAutoRules(person.userId, { rules, otherwise }),
      (answer) => {
        free()
        if (answer !== "lost") checkDefect(stage, "rules", answer)
        if (epoch !== person.epoch || answer === "lost") return
        if (answer._tag === "Success") {
          marks.rulesSet += 1
          Object.assign(person.auto, { ruling, ruledSince: loop.now() })
        } else if (refusalIn(answer) !== null) person.auto.ruling = before
      }
    )
    if (!isAsked) return free()
    person.auto.ruling = "unknown"
  }

  /** Of a single meeting, or of a series and all that it has. */
  const answer = (person: Person): void => {
    const now = loop.now()
    const single = person.gatherings.filter(({ end, isGone }) => !isGone && end > now)
    const repeated = [...person.series.values()].filter(({ isGone }) => !isGone)
    const all = [...single, ...repeated].map(({ providerId }) => providerId)
    if (all.length === 0) return
    const providerId = whim.pick(all)
    const members = whim.hits(0.6) ? { response: whim.pick(responses) } : { sensitivity: whim.pick(sensitivities) }
    loop.sync(control.setFacts(providerId, members))
    marks.invitationAnswered += 1
    note(`${person.userId} answers ${providerId} ${JSON.stringify(members)}`)
  }

  const canAsk = (person: Person): boolean => connectedOf(person) === "yes" && !isBusyWithAll(person)

  return {
    act: (person) => {
      if (!whim.hits(swarm.rules)) return
      if (whim.hits(0.6)) answer(person)
      else if (canAsk(person)) setRules(person, whim.pick(rulings))
    },
    settle: (person) => {
      if (person.auto.ruling !== "unknown") return
      // Nobody here has ever set any.
      if (swarm.rules === 0) person.auto.ruling = noRuling
      else if (canAsk(person)) setRules(person, whim.pick(rulings))
    }
  }
}
