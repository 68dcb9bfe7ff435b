/**
 * GET of calendars and calendar groups.
 *
 * Decides how a calendar looks on the wire: own ones, read-only ones and those shared by others, which carry ids of
 * the sharee and the owner's name.
 */
import { hexFrom } from "../world/Chance.ts"
import type { Call, Reply } from "../wire/Exchange.ts"
import type { Wire } from "../wire/EventWire.ts"
import { calendarId, changeKeyOf } from "../world/ItemId.ts"
import type { Calendar, Mailbox } from "../world/World.ts"
import { entity, page } from "./Listing.ts"
import { isReply, targetOf } from "./Target.ts"

export const listCalendars = (call: Call, group: string | null): Reply =>
  page(
    call,
    `users('${call.mailbox.id}')/calendars`,
    Object.values(call.mailbox.calendars)
      .filter((calendar) => group === null || groupId(call.mailbox, calendar.group) === group)
      .map((calendar) => calendarWire(call, calendar))
  )

export const getCalendar = (call: Call, id: string | null): Reply => {
  const target = targetOf(call, id)
  return isReply(target)
    ? target
    : entity(call, `users('${call.mailbox.id}')/calendars`, calendarWire(call, target.calendar))
}

export const listCalendarGroups = (call: Call): Reply => {
  const names = [...new Set(Object.values(call.mailbox.calendars).map((calendar) => calendar.group))]
  return page(
    call,
    `users('${call.mailbox.id}')/calendarGroups`,
    names.map((name) => ({
      name,
      classId: "0006f0b7-0000-0000-c000-000000000046",
      changeKey: changeKeyOf(call.mailbox.id, 0),
      id: groupId(call.mailbox, name)
    }))
  )
}

const calendarWire = (call: Call, calendar: Calendar): Wire => {
  const { mailbox } = call
  const owner = calendar.sharedFrom === null ? mailbox : (call.world.mailboxes[calendar.sharedFrom.mailbox] ?? mailbox)
  const id = calendarId(mailbox.id, calendar.serial)
  const provider = mailbox.account === "work" ? ["teamsForBusiness"] : []
  return {
    "@odata.id": `${call.request.origin}/v1.0/users('${mailbox.id}@${mailbox.tenantId}')/calendars('${id}')`,
    id,
    name: calendar.name,
    color: calendar.color,
    hexColor: calendar.hexColor,
    groupClassId: null,
    isDefaultCalendar: calendar.isDefault,
    changeKey: changeKeyOf(mailbox.id, calendar.version),
    canShare: calendar.canShare,
    canViewPrivateItems: calendar.sharedFrom === null,
    canEdit: calendar.canEdit,
    allowedOnlineMeetingProviders: provider,
    defaultOnlineMeetingProvider: provider[0] ?? "unknown",
    isTallyingResponses: calendar.isDefault,
    isRemovable: calendar.isRemovable,
    owner: { name: owner.displayName, address: owner.mail ?? owner.userPrincipalName }
  }
}

const groupId = (mailbox: Mailbox, name: string): string =>
  `AAMk${Buffer.from(hexFrom(`group ${mailbox.id} ${name}`, 60)).toString("base64url")}=`
