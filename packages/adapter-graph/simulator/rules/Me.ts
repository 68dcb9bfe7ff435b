/**
 * GET /me: who the caller is.
 *
 * Decides the members of Graph's user resource that a delegated User.Read sees. A personal account and a guest have
 * no mail, so clients must fall back to the user principal name.
 */
import { type Call, type Reply, accessDenied, hasScope } from "../wire/Exchange.ts"
import { entity } from "./Listing.ts"

export const me = (call: Call): Reply => {
  if (!hasScope(call.token, "User.Read", "User.ReadWrite")) return accessDenied(call)
  const [givenName = "", ...rest] = call.mailbox.displayName.split(" ")
  return entity(call, "users", {
    "@odata.id": `${call.request.origin}/v2/${call.mailbox.tenantId}/directoryObjects/${call.mailbox.id}/Microsoft.DirectoryServices.User`,
    businessPhones: [],
    displayName: call.mailbox.displayName,
    givenName,
    jobTitle: null,
    mail: call.mailbox.mail,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: call.mailbox.account === "personal" ? null : "en-US",
    surname: rest.join(" "),
    userPrincipalName: call.mailbox.userPrincipalName,
    id: call.mailbox.id
  })
}
