/**
 * The launchers there are, and which one a configuration means.
 */
import { type Layer, Option } from "effect"
import type { Launcher } from "@punctual/core"
import type { LauncherConfig } from "../config/LauncherConfig.ts"
import * as Attendee from "./Attendee.ts"
import * as MeetStream from "./MeetStream.ts"
import * as None from "./None.ts"
import * as Recall from "./Recall.ts"
import * as Webhook from "./Webhook.ts"

const services = { meetstream: MeetStream.layer, recall: Recall.layer, attendee: Attendee.layer }

export const layer = (config: LauncherConfig): Layer.Layer<Launcher> => {
  switch (config.kind) {
    case "none":
      return None.layer
    case "webhook":
      return Webhook.layer(config)
    default:
      return services[config.kind]({ url: Option.getOrNull(config.url), apiKey: config.apiKey })
  }
}
