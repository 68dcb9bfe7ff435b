/** Zoho: Meeting by key, Meet by code, Cliq calls; one service per region. */
import { idParameter } from "../address/Parameter.ts"
import type { PlatformLinks } from "../address/Route.ts"

const regions = ["com", "eu", "in", "com.au"]

export const zoho: PlatformLinks = {
  sites: [
    {
      hosts: regions.map((region) => `meeting.zoho.${region}`),
      routes: [
        {
          path: /\/(?:meeting\/)?join/,
          when: ({ query }) => idParameter(query, "key") !== null,
          key: ({ host, query }) => `${host}/${idParameter(query, "key")}`
        }
      ]
    },
    {
      hosts: regions.map((region) => `meet.zoho.${region}`),
      routes: [{ path: /\/[a-z]{4}-[a-z]{3}-[a-z]{3}/i }]
    },
    { hosts: regions.map((region) => `cliq.zoho.${region}`), routes: [{ path: /\/meetings\/[\w-]+/ }] }
  ]
}
