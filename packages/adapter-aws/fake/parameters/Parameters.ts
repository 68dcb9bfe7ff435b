/**
 * SSM's Parameter Store: parameters with versions, tiers and names that rest after a deletion.
 *
 * Decides what a name, a value and a tier may be, what an overwrite keeps, and how long a name is not to be had again.
 * Encrypts nothing: a SecureString that is read without decryption comes back as something else than was put.
 */
import { Refusal } from "../service/Exchange.ts"
import { demand, flag, integer, list, oneOf, optional, required, structure, text } from "../service/Model.ts"
import type { Options } from "../service/Options.ts"
import type { Rate } from "../service/Rate.ts"
import type { Timer } from "../service/Timer.ts"

type Input = Readonly<Record<string, unknown>>

export interface Parameters {
  readonly call: (operation: string, input: Input) => unknown
  readonly knows: (operation: string) => boolean
  /** By name, decrypted, the newest version. */
  readonly values: () => ReadonlyMap<string, string>
  /** Behind the API's back: what somebody with other rights might do. */
  readonly tamper: (name: string, value: string) => void
}

interface Version {
  readonly value: string
  readonly at: number
}

interface Parameter {
  readonly type: string
  readonly tier: "Standard" | "Advanced"
  readonly versions: ReadonlyArray<Version>
  readonly removed: number
}

const name = text(1, 2_048)
const names = list(name, 1, 10)
const standardBytesMax = 4_096
const advancedBytesMax = 8_192
const levelsMax = 15
const nameLengthMax = 1_011
const versionsKept = 100

const operations = {
  PutParameter: structure({
    Name: required(name),
    Value: required(text(1, Infinity)),
    Type: optional(oneOf("String", "StringList", "SecureString")),
    KeyId: optional(text(1, 256, /^([a-zA-Z0-9:/_-]+)$/)),
    Overwrite: optional(flag),
    Tier: optional(oneOf("Standard", "Advanced", "Intelligent-Tiering")),
    Description: optional(text(0, 1_024))
  }),
  GetParameter: structure({ Name: required(name), WithDecryption: optional(flag) }),
  GetParameters: structure({ Names: required(names), WithDecryption: optional(flag) }),
  GetParametersByPath: structure({
    Path: required(name),
    Recursive: optional(flag),
    WithDecryption: optional(flag),
    MaxResults: optional(integer(1, 10)),
    NextToken: optional(text(1, 2_048))
  }),
  DeleteParameter: structure({ Name: required(name) }),
  DeleteParameters: structure({ Names: required(names) })
} as const

export const makeParameters = (timer: Timer, options: () => Options, rate: Rate): Parameters => {
  const held = new Map<string, Parameter>()
  const deletedAt = new Map<string, number>()

  const put = (input: Input): unknown => {
    rate.spend("PutParameter", options().putParameterPerSecond)
    const given = String(input["Name"])
    const value = String(input["Value"])
    demandName(given)
    if (value.includes("{{")) return refuse("ValidationException", "Parameter value can't nest another parameter.")
    const before = held.get(given)
    if (before !== undefined && input["Overwrite"] !== true)
      return refuse("ParameterAlreadyExists", "The parameter already exists.")
    if (before === undefined) demandRoom(given)
    const type = String(input["Type"] ?? before?.type ?? refuse("ValidationException", "A type is required."))
    if (before !== undefined && before.type !== type)
      return refuse("HierarchyTypeMismatch", "The type of a parameter can't change.")
    const tier = tierOf(value, input["Tier"], before?.tier)
    const versions = [...(before?.versions ?? []), { value, at: timer.now() }].slice(-versionsKept)
    const removed = (before?.removed ?? 0) + (before?.versions.length ?? 0) + 1 - versions.length
    held.set(given, { type, tier, versions, removed })
    return { Version: removed + versions.length, Tier: tier }
  }
  const demandRoom = (given: string): void => {
    if (timer.now() - (deletedAt.get(given) ?? -Infinity) < options().nameRestsMillis)
      refuse("ParameterAlreadyExists", "The parameter was deleted less than 30 seconds ago.")
    if (held.size >= options().parametersMax) refuse("ParameterLimitExceeded", "Too many parameters.")
  }
  /** Null: there is no such parameter. */
  const told = (asked: string, isDecrypted: boolean): Readonly<Record<string, unknown>> | null => {
    const [given = "", selector] = asked.split(":")
    const parameter = held.get(given)
    if (parameter === undefined) return null
    const version = selector === undefined ? parameter.removed + parameter.versions.length : Number(selector)
    const found = parameter.versions[version - parameter.removed - 1]
    if (found === undefined) return refuse("ParameterVersionNotFound", "There is no such version.")
    const isShown = parameter.type !== "SecureString" || isDecrypted
    return {
      Name: given,
      Type: parameter.type,
      Value: isShown ? found.value : Buffer.from(`sealed ${found.value.length}`).toString("base64"),
      Version: version,
      LastModifiedDate: found.at / 1_000,
      ARN: `arn:aws:ssm:${options().region}:${options().accountId}:parameter${given}`,
      DataType: "text"
    }
  }
  /** One request, however many names. */
  const many = (asked: ReadonlyArray<string>, isDecrypted: boolean): unknown => {
    if (new Set(asked).size < asked.length) return refuse("ValidationException", "Names must be unique.")
    const found = asked.map((each) => ({ each, parameter: told(each, isDecrypted) }))
    return {
      Parameters: found.flatMap(({ parameter }) => (parameter === null ? [] : [parameter])),
      InvalidParameters: found.flatMap(({ each, parameter }) => (parameter === null ? [each] : []))
    }
  }
  const byPath = (input: Input): unknown => {
    const path = String(input["Path"]).replace(/\/$/, "")
    const size = Number(input["MaxResults"] ?? 10)
    const after =
      input["NextToken"] === undefined ? "" : Buffer.from(String(input["NextToken"]), "base64url").toString()
    const below = [...held.keys()]
      .filter((each) => each.startsWith(`${path}/`) && each > after)
      .filter((each) => input["Recursive"] === true || !each.slice(path.length + 1).includes("/"))
      .toSorted()
    // A first page may well be empty and still not be the last.
    if (after === "" && below.length > 0) return { Parameters: [], NextToken: Buffer.from("/").toString("base64url") }
    const page = below.slice(0, size)
    return {
      Parameters: page.map((each) => told(each, input["WithDecryption"] === true)),
      ...(below.length > size && { NextToken: Buffer.from(page.at(-1) ?? "").toString("base64url") })
    }
  }
  const remove = (each: string): boolean => {
    const isThere = held.delete(each)
    if (isThere) deletedAt.set(each, timer.now())
    return isThere
  }

  const handlers: Readonly<Record<keyof typeof operations, (input: Input) => unknown>> = {
    PutParameter: put,
    GetParameter: (input) => {
      const Parameter = told(String(input["Name"]), input["WithDecryption"] === true)
      return Parameter === null ? refuse("ParameterNotFound", "There is no such parameter.") : { Parameter }
    },
    GetParameters: (input) => many(input["Names"] as ReadonlyArray<string>, input["WithDecryption"] === true),
    GetParametersByPath: byPath,
    DeleteParameter: (input) =>
      remove(String(input["Name"])) ? {} : refuse("ParameterNotFound", "There is no such parameter."),
    DeleteParameters: (input) => {
      const asked = input["Names"] as ReadonlyArray<string>
      const DeletedParameters = asked.filter(remove)
      return { DeletedParameters, InvalidParameters: asked.filter((each) => !DeletedParameters.includes(each)) }
    }
  }
  return {
    knows: (operation) => Object.hasOwn(operations, operation),
    call: (operation, input) => {
      const known = operation as keyof typeof operations
      demand(operations[known], input)
      if (operation.startsWith("Get")) rate.spend("GetParameter", options().readParametersPerSecond)
      return handlers[known](input)
    },
    values: () => new Map([...held].map(([each, { versions }]) => [each, versions.at(-1)?.value ?? ""])),
    tamper: (each, value) => {
      const parameter = held.get(each)
      if (parameter !== undefined)
        held.set(each, { ...parameter, versions: [...parameter.versions.slice(0, -1), { value, at: timer.now() }] })
    }
  }
}

const demandName = (given: string): void => {
  const isWellFormed =
    /^\/[a-zA-Z0-9_.\-/]+$/.test(given) &&
    !given.includes("//") &&
    !given.endsWith("/") &&
    !/^\/(aws|ssm)/i.test(given) &&
    given.length <= nameLengthMax
  if (!isWellFormed) refuse("ValidationException", `Parameter name ${given} is not allowed.`)
  if (given.split("/").length - 1 > levelsMax) refuse("HierarchyLevelLimitExceeded", "Too many levels.")
}

/** From Standard to Advanced at any time, never back. */
const tierOf = (value: string, asked: unknown, before: Parameter["tier"] | undefined): Parameter["tier"] => {
  const bytes = Buffer.byteLength(value)
  const isLarge = bytes > standardBytesMax
  const tier =
    before === "Advanced" || asked === "Advanced" || (asked === "Intelligent-Tiering" && isLarge)
      ? "Advanced"
      : "Standard"
  if (bytes > (tier === "Advanced" ? advancedBytesMax : standardBytesMax))
    refuse("ValidationException", `Parameter value is larger than the ${tier} tier allows.`)
  return tier
}

const refuse = (errorName: string, message: string): never => {
  throw new Refusal(errorName, 400, message)
}
