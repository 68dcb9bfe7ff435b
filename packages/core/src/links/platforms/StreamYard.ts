/** StreamYard: a studio's code, for guests too. A page of the site may be as long as a code: known ones are left out. */
import type { PlatformLinks } from "../address/Route.ts"

const pages = new Set(
  "affiliate affiliates business community customers download enterprise features podcasts register resources security templates webinars".split(
    " "
  )
)

export const streamyard: PlatformLinks = {
  sites: [
    {
      hosts: ["streamyard.com"],
      routes: [
        {
          path: /\/(?:guest\/)?([a-z0-9]{8,13})/i,
          when: (_address, code) => !pages.has(code.toLowerCase()),
          key: (_address, code) => code
        }
      ]
    }
  ]
}
