/**
 * Groups of schedules: made, looked at, and deleted in their own time.
 * Decides which there are. A deleted one lingers with its schedules, which may fire meanwhile; `default` stays for ever.
 */
import { Refusal } from "../service/Exchange.ts"
import type { Options } from "../service/Options.ts"
import type { Timer } from "../service/Timer.ts"

export interface Group {
  readonly Name: string
  readonly Arn: string
  readonly State: "ACTIVE" | "DELETING"
  readonly CreationDate: number
  readonly LastModificationDate: number
}

export interface Groups {
  readonly create: (name: string, token: string | undefined) => { readonly ScheduleGroupArn: string }
  readonly get: (name: string) => Group
  /** `gone` runs once the group is. */
  readonly remove: (name: string, gone: () => void) => void
  readonly demand: (name: string) => void
}

export const makeGroups = (timer: Timer, options: () => Options): Groups => {
  const groups = new Map<string, Group & { readonly token: string | null }>()
  const arnOf = (name: string): string =>
    `arn:aws:scheduler:${options().region}:${options().accountId}:schedule-group/${name}`
  const set = (name: string, State: Group["State"], token: string | null): void => {
    const now = timer.now() / 1_000
    groups.set(name, { Name: name, Arn: arnOf(name), State, CreationDate: now, LastModificationDate: now, token })
  }
  set("default", "ACTIVE", null)
  const find = (name: string) => {
    const group = groups.get(name)
    if (group === undefined)
      throw new Refusal("ResourceNotFoundException", 404, `Schedule group ${name} does not exist.`)
    return group
  }
  return {
    create: (name, token) => {
      const before = groups.get(name)
      if (before !== undefined) {
        if (before.token !== null && before.token === token) return { ScheduleGroupArn: before.Arn }
        throw new Refusal("ConflictException", 409, `Schedule group ${name} already exists.`)
      }
      if (groups.size >= options().groupsMax)
        throw new Refusal("ServiceQuotaExceededException", 402, "The quota of schedule groups is used up.")
      set(name, "ACTIVE", token ?? null)
      return { ScheduleGroupArn: arnOf(name) }
    },
    get: (name) => {
      const { token: _, ...group } = find(name)
      return group
    },
    remove: (name, gone) => {
      find(name)
      if (name === "default") throw new Refusal("ConflictException", 409, "The default group can't be deleted.")
      set(name, "DELETING", null)
      timer.at(timer.now() + options().groupLingersMillis, () => {
        groups.delete(name)
        gone()
      })
    },
    demand: (name) => {
      if (find(name).State === "DELETING")
        throw new Refusal("ResourceNotFoundException", 404, `Schedule group ${name} is being deleted.`)
    }
  }
}
