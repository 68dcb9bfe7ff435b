/**
 * Places on AWS in the stead of those on databases, for tests that are written for any place: one server, or several
 * replicas, on one table, queue and parameter prefix.
 * Decides nothing about what is asked of them. The clouds stay within reach for what is to be seen behind the tests.
 */
import type * as PlaceModule from "../e2e/Place.ts"
import { dataDir } from "../e2e/Processes.ts"
import { type Cloud, startCloud } from "./Cloud.ts"

type Place = typeof PlaceModule

export const clouds: Array<Cloud> = []

export const onAws = (original: Place): Place => ({
  ...original,
  onPGlite: { ...original.onPGlite, name: "one server on AWS" },
  onPostgres: (replicas) => ({ ...original.onPostgres(replicas), name: `${replicas} servers on AWS` }),
  makePlace: async () => {
    const data = await dataDir()
    const cloud = await startCloud()
    clouds.push(cloud)
    return {
      env: { PUNCTUAL_DATA_DIR: data.path, ...cloud.env },
      databaseUrl: null,
      close: async () => {
        await cloud.close()
        await data.remove()
      }
    }
  }
})
