/** Discord: the links that lead into a conversation: invitations, channels of a server, and its events. */
import type { PlatformLinks } from "../address/Route.ts"

export const discord: PlatformLinks = {
  sites: [
    { hosts: ["discord.gg"], routes: [{ path: /\/[\w-]+/ }] },
    {
      hosts: ["discord.com", "discordapp.com"],
      routes: [{ path: /\/invite\/[\w-]+/ }, { path: /\/channels\/\d+\/\d+/ }, { path: /\/events\/\d+\/\d+/ }]
    }
  ]
}
