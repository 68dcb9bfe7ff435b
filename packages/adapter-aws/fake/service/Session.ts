/**
 * Who asks: whether the credentials of a signature are whole.
 * Decides by the key id alone, as far as a fake without accounts can: temporary credentials (`ASIA…`) need their session
 * token, signed with the rest, and lasting ones have none. Never checks a signature.
 */
import { Refusal } from "./Exchange.ts"

/** Null: they are whole. All of AWS's services say the same of those that are not. */
export const refusalOf = (headers: Readonly<Record<string, string>>): Refusal | null => {
  const authorization = headers["authorization"] ?? ""
  const keyId = /Credential=([^/]+)\//.exec(authorization)?.[1] ?? ""
  const signed = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(";") ?? []
  const token = headers[tokenHeader]
  const isTemporary = keyId.startsWith(temporaryPrefix)
  const isWhole = isTemporary ? isToken(token) && signed.includes(tokenHeader) : token === undefined
  return isWhole
    ? null
    : new Refusal("UnrecognizedClientException", 403, "The security token included in the request is invalid.")
}

const tokenHeader = "x-amz-security-token"
const temporaryPrefix = "ASIA"
const isToken = (token: string | undefined): boolean => token !== undefined && token !== ""
