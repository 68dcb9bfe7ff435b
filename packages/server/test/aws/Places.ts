/**
 * Places on AWS in the stead of those on databases, for tests that are written for any place: everything on AWS with one
 * server, and either several servers (`prove`) or, since those take their time, one with its events in the embedded
 * database and the rest on AWS.
 * Decides nothing about what is asked of them. The clouds stay within reach for what is to be seen behind the tests.
 */
import type * as PlaceModule from "../e2e/Place.ts"
import { dataDir } from "../e2e/Processes.ts"
import { type Cloud, startCloud } from "./Cloud.ts"

type Place = typeof PlaceModule

export const clouds: Array<Cloud> = []

const proving = process.env["PROVE"] === "1"

export const onAws = (original: Place): Place => ({
  ...original,
  onPGlite: { ...original.onPGlite, name: "one server on AWS" },
  onPostgres: (replicas) =>
    proving
      ? { ...original.onPostgres(replicas), name: `${replicas} servers on AWS` }
      : { ...original.onPostgres(1), name: "events in the embedded database, the rest on AWS" },
  makePlace: async ({ replicas, store }) => {
    const data = await dataDir()
    const cloud = await startCloud()
    clouds.push(cloud)
    const isMixed = store === "postgres" && replicas === 1
    return {
      env: { PUNCTUAL_DATA_DIR: data.path, ...cloud.env, ...(isMixed && { PUNCTUAL_STORE: "postgres" }) },
      databaseUrl: null,
      close: async () => {
        await cloud.close()
        await data.remove()
      }
    }
  }
})
