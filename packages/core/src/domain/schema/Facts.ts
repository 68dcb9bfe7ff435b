/**
 * Schema of what rules look at. Decides its shape only.
 */
import { Schema } from "effect"
import type { EventFacts as EventFactsType } from "../Facts.ts"
import { describing } from "./Describing.ts"

const Response = Schema.Literals(["accepted", "tentative", "declined", "none", "organizer"])
const Sensitivity = Schema.Literals(["normal", "personal", "private", "confidential"])
const ShowAs = Schema.Literals(["free", "tentative", "busy", "oof", "working_elsewhere"])

export const EventFacts = describing<EventFactsType>()(
  Schema.Struct({
    isOrganizer: Schema.Boolean,
    response: Response,
    people: Schema.Array(Schema.String),
    peopleBeyond: Schema.Record(Schema.String, Schema.Number),
    sensitivity: Sensitivity,
    showAs: ShowAs,
    categories: Schema.Array(Schema.String),
    location: Schema.String
  })
)
