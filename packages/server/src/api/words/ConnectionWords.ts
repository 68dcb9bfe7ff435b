/**
 * What every answer that shows a connection says of it, whoever asks: the user or the operator.
 */
import type { Word, Words } from "./Word.ts"

const id: Word = {
  description: "The connection's id: the kind of calendar and the user's id.",
  example: "outlook_calendar_usr_4f1c0a9be2d75a3c6e8f"
}

const platform: Word = { description: "The kind of calendar.", example: "outlook_calendar" }

const standing: Words = {
  calendar_id: id,
  platform,
  status: {
    description:
      "Whether the calendar can be read: `active`; `reauthorization_required`, the user must connect again; `error`, it " +
      "is refused for a reason that will not pass by itself.",
    example: "active"
  },
  status_reason: {
    description: "A stable word for why the status is not `active`, such as `client_secret_expired`; null while it is.",
    example: "client_secret_expired"
  },
  status_message: {
    description: "The same reason as a sentence that says what to do; null while the status is `active`.",
    example: "The app's client secret has expired: make a new one in Microsoft Entra and connect again."
  }
}

const owners = ["ConnectionAnswer", "ConnectionState", "ConnectionOverview", "ChangedConnection"]

export const connectionWords: Words = {
  ...Object.fromEntries(
    owners.flatMap((owner) => Object.entries(standing).map(([name, word]) => [`${owner}.${name}`, word]))
  ),
  "ChangedConnection.status": {
    description:
      "Whether the calendar could be read: `active`, `reauthorization_required`, `error`; `disconnected`: it was taken down.",
    example: "active"
  },
  connection_id: { description: "The connection that the calendar is of.", example: id.example },
  "ConnectedAnswer.calendar_id": id,
  "ConnectedAnswer.platform": platform,
  "CalendarItem.platform": platform
}
