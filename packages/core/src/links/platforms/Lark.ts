/** Lark, in China Feishu: the links that join a meeting by its number. The two are separate services: a number on one is not the same meeting on the other. */
import type { PlatformLinks } from "../address/Route.ts"

export const lark: PlatformLinks = {
  sites: [{ hosts: ["vc.larksuite.com", "vc.feishu.cn"], routes: [{ path: /\/j\/\d+/ }] }]
}
