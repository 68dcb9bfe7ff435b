/**
 * The launchers there are, and which one a configuration means.
 */
import { Layer, Option } from "effect"
import type { Launcher } from "@punctual/core"
import type { LauncherConfig } from "../config/LauncherConfig.ts"
import * as Attendee from "./Attendee.ts"
import * as RedirectFree from "../http/client/RedirectFree.ts"
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
      return Layer.provide(Webhook.layer(config), RedirectFree.layer)
    default:
      return Layer.provide(
        services[config.kind]({ url: Option.getOrNull(config.url), apiKey: config.apiKey }),
        RedirectFree.layer
      )
  }
}
