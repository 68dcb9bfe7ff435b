/**
 * What a host application knows that no table can: hosts of its own that run a platform, and a gateway of its own.
 * It is data, so that it can stand in a file. It decides nothing about safety: what it adds is judged like all else.
 */
import { hostIndex } from "./address/Hosts.ts"
import { type Gateway, inParameter } from "./Gateways.ts"
import type { Platform } from "./Platform.ts"

export interface LinkSettings {
  /**
   * Further hosts of a platform: servers of one's own (Jitsi, Pexip, Skype for Business), and hosts of a sovereign cloud
   * (Teams). Exact names, no ports, no wildcards. None: these give no link.
   */
  readonly hosts?: { readonly [P in ConfigurablePlatform]?: readonly string[] }
  /** Mail gateways besides those that are known. */
  readonly gateways?: readonly GatewaySetting[]
}

/** A company's own gateway: its links carry their target, percent-encoded once, in a parameter. */
export interface GatewaySetting {
  /** An exact name; `*.example.com` stands for every name below it. */
  readonly host: string
  /** The whole path, literally; a final "/" makes no difference. Left out: any path. */
  readonly path?: string
  /** The parameter's name, as it is spelled. */
  readonly parameter: string
}

export type ConfigurablePlatform = (typeof configurablePlatforms)[number]

const configurablePlatforms = ["teams", "jitsi", "pexip", "skype-for-business"] as const satisfies readonly Platform[]

export const isConfigurable = (platform: Platform): platform is ConfigurablePlatform =>
  configurablePlatforms.some((each) => each === platform)

/** What the settings add to the tables; built once for each value of them. */
export interface Additions {
  /** Which platform runs on a host that no table knows; null for hosts that are simply foreign. */
  readonly ownerOf: (host: string) => ConfigurablePlatform | null
  readonly gatewaysOf: (host: string) => readonly Gateway[]
}

export const additionsOf = (settings: LinkSettings): Additions => {
  const known = built.get(settings)
  if (known !== undefined) return known
  const made = build(settings)
  built.set(settings, made)
  return made
}

const built = new WeakMap<LinkSettings, Additions>()

const build = ({ gateways = [], hosts = {} }: LinkSettings): Additions => {
  const owners = new Map(
    configurablePlatforms.flatMap((platform) =>
      (hosts[platform] ?? []).map((host) => [host.toLowerCase(), platform] as const)
    )
  )
  return { ownerOf: (host) => owners.get(host) ?? null, gatewaysOf: hostIndex(gateways.map(entryOf)) }
}

const entryOf = ({ host, parameter, path }: GatewaySetting): { hosts: readonly string[]; value: Gateway } => {
  const hosts = [host.toLowerCase()]
  const whole = path === undefined ? {} : { path: literally(path.replace(/\/$/, "")) }
  return { hosts, value: { hosts, ...whole, target: inParameter(parameter) } }
}

const literally = (text: string): RegExp => new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&"))
