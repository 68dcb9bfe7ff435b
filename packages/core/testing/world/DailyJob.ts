/**
 * The daily job of a simulated world: at midnight UTC every user's share of auto-scheduling, then a look at
 * subscriptions.
 * Decides that a run that did not come to its end is made again, and that now and then two replicas run it at once.
 */
import { Effect, Stream } from "effect"
import type { Instant } from "../../src/domain/Time.ts"
import type { Punctual } from "../../src/Punctual.ts"
import type { Person } from "./Model.ts"
import { type Site, worldPolicy } from "./Site.ts"
import type { Stage } from "./Stage.ts"

const minute = 60_000
const day = 24 * 60 * minute

export const makeDailyJob = (stage: Stage, site: Site, everybody: ReadonlyArray<Person>): void => {
  const { chance, loop, marks, swarm } = stage

  const runFor = (midnight: Instant): void => {
    const versions = everybody.map(({ auto }) => (auto.on === "yes" ? auto.version : null))
    const again = (): void => {
      marks.dailyJobRetried += 1
      loop.at(loop.now() + chance.int(1, 10) * minute, () => runFor(midnight))
    }
    const isTaken = site.ask(
      "daily job",
      (punctual) => nightly(punctual, midnight),
      (answer) => {
        if (answer === "lost" || answer._tag === "Failure") return again()
        marks.dailyJobRun += 1
        everybody.forEach(({ auto }, index) => {
          if (versions[index] !== auto.version || auto.on !== "yes") return
          const reach = midnight + worldPolicy.autoAheadMillis + worldPolicy.leadMillis + worldPolicy.autoSlackMillis
          auto.coveredAtLeast = Math.max(auto.coveredAtLeast ?? reach, reach)
        })
      }
    )
    if (!isTaken) again()
  }

  const atMidnight = (midnight: Instant): void =>
    loop.at(midnight, () => {
      atMidnight(midnight + day)
      if (!stage.isHealed && chance.hits(swarm.nightMissed)) {
        marks.dailyJobMissed += 1
        return stage.note("no daily job tonight")
      }
      runFor(midnight)
      if (chance.hits(0.2)) runFor(midnight)
    })
  atMidnight((Math.floor(loop.now() / day) + 1) * day)
}

const nightly = (punctual: Punctual["Service"], midnight: Instant) =>
  punctual.autoUsers.pipe(
    Stream.runForEach((userId) => punctual.autoScheduleUser(userId, midnight)),
    Effect.andThen(Stream.runForEach(punctual.connectedUsers, (userId) => punctual.renewUser(userId)))
  )
