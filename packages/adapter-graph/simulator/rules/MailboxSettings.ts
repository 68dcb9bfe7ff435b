/**
 * GET /me/mailboxSettings: the user's time zone and working hours.
 *
 * Decides that it takes MailboxSettings.Read, which a calendar product seldom has: by default the answer is 403.
 */
import { type Call, type Reply, accessDenied, hasScope, ok, refusal } from "../wire/Exchange.ts"
import { contextOf } from "./Listing.ts"

export const mailboxSettings = (call: Call): Reply => {
  if (!hasScope(call.token, "MailboxSettings.Read", "MailboxSettings.ReadWrite")) return accessDenied(call)
  const settings = {
    automaticRepliesSetting: {
      status: "disabled",
      externalAudience: "all",
      internalReplyMessage: "",
      externalReplyMessage: ""
    },
    archiveFolder: null,
    timeZone: call.mailbox.timeZone,
    language: { locale: "en-US", displayName: "English (United States)" },
    workingHours: {
      daysOfWeek: ["monday", "tuesday", "wednesday", "thursday", "friday"],
      startTime: "08:00:00.0000000",
      endTime: "17:00:00.0000000",
      timeZone: { name: call.mailbox.timeZone }
    },
    dateFormat: "MM/dd/yyyy",
    timeFormat: "hh:mm tt",
    delegateMeetingMessageDeliveryOptions: "sendToDelegateOnly"
  }
  const [, member] = call.segments
  const user = `users('${call.mailbox.id}')/mailboxSettings`
  if (member === undefined) return ok({ "@odata.context": contextOf(call, user), ...settings })
  const value = Object.entries(settings).find(([name]) => name === member)?.[1]
  return value === undefined
    ? refusal(call, 400, "BadRequest", `Resource not found for the segment '${member}'.`)
    : ok({ "@odata.context": contextOf(call, `${user}/${member}`), value })
}
